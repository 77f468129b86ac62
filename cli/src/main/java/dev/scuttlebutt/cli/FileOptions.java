package dev.scuttlebutt.cli;

import dev.scuttlebutt.journal.Durability;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a node that is kept in a file. */
final class FileOptions {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** What is on the disk when a command is answered. */
    enum Level {
        none,
        interval,
        update
    }

    @Option(names = "--file", paramLabel = "PATH", description = "Keep the replica in this journal.")
    private @Nullable Path file;

    @Option(
            names = "--durability",
            paramLabel = "LEVEL",
            description = "Force it to disk: none, interval (default), update.")
    private @Nullable Level durability;

    @Nullable
    Path file() {
        return file;
    }

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if they do not fit together
     */
    boolean check() {
        if (durability != null && file == null) {
            throw new IllegalArgumentException("is of use only together with --file");
        }
        return true;
    }

    Durability durability() {
        Level level = durability == null ? Level.interval : durability;
        return switch (level) {
            case none -> Durability.none();
            case interval -> Durability.interval(INTERVAL);
            case update -> Durability.everyUpdate();
        };
    }
}
