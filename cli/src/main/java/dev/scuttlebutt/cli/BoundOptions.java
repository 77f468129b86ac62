package dev.scuttlebutt.cli;

import dev.scuttlebutt.cli.command.TypeCommands;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a node whose type forgets. */
final class BoundOptions {
    @Option(names = "--max", paramLabel = "N", description = "Of an expiry-model: keys to keep, 0 for any; 500.")
    private @Nullable Integer max;

    @Option(
            names = "--max-age",
            paramLabel = "MILLIS",
            description = "Of an expiry-model: how long a write counts; a day.")
    private @Nullable Long maxAge;

    /**
     * Returns the type with these bounds.
     *
     * @throws IllegalArgumentException naming the option that it does not have, or that has an impossible value
     */
    TypeCommands<?> applyTo(TypeCommands<?> type) {
        TypeCommands<?> bounded = type;
        if (max != null) {
            int keys = max;
            bounded = named("--max", bounded, all -> all.withMaxKeys(keys));
        }
        if (maxAge != null) {
            Duration age = Duration.ofMillis(maxAge);
            bounded = named("--max-age", bounded, all -> all.withMaxAge(age));
        }
        return bounded;
    }

    private interface Bound {
        TypeCommands<?> of(TypeCommands<?> type);
    }

    private static TypeCommands<?> named(String option, TypeCommands<?> type, Bound bound) {
        try {
            return bound.of(type);
        } catch (IllegalArgumentException mistake) {
            throw new IllegalArgumentException(option + ": " + mistake.getMessage(), mistake);
        }
    }
}
