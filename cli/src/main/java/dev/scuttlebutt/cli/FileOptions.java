package dev.scuttlebutt.cli;

import dev.scuttlebutt.journal.Durability;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a node that is kept in a file. */
final class FileOptions {
    @Option(names = "--file", paramLabel = "PATH", description = "Keep the replica in this journal.")
    private @Nullable Path file;

    @Option(
            names = "--durability",
            paramLabel = "LEVEL",
            description = "Force it to disk: none, interval (default), update.")
    private @Nullable DurabilityLevel durability;

    @Nullable
    Path file() {
        return file;
    }

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if they do not fit together
     */
    void check() {
        if (durability != null && file == null) {
            throw new IllegalArgumentException("is of use only together with --file");
        }
    }

    Durability durability() {
        return (durability == null ? DurabilityLevel.interval : durability).durability();
    }
}
