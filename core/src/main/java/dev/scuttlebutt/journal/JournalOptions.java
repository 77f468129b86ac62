package dev.scuttlebutt.journal;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.wire.Limits;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/**
 * How a journal is kept. Immutable: each method returns a changed copy.
 *
 * @param durability when the disk is forced
 * @param limits longest line and deepest nesting that are read. Not below what is written here, since nobody checks that
 *     when it is written: it would be refused at the next opening
 * @param maxBadLines how many bad lines a file may have; with more it is taken for something else and left alone
 * @param compactFactor how many times the bytes of the history may follow it before the file is written anew
 * @param compactFrom how many bytes have to follow the history before the file is written anew
 * @param retry how long to wait when the disk has refused something
 * @param knownClock whether what the header says was seen counts as seen, although superseded updates are gone
 * @param meta for the header, or null
 * @param listener hears of failures
 * @param executor runs what callers hang on an acknowledgement
 */
public record JournalOptions(
        Durability durability,
        Limits limits,
        int maxBadLines,
        double compactFactor,
        long compactFrom,
        Duration retry,
        boolean knownClock,
        @Nullable Json meta,
        JournalListener listener,
        Executor executor) {

    private static final JournalOptions DEFAULTS = new JournalOptions(
            Durability.interval(Duration.ofSeconds(1)),
            Limits.defaults().skipBlankLines(true),
            100,
            1,
            1 << 20,
            Duration.ofSeconds(1),
            true,
            null,
            new JournalListener() {},
            ForkJoinPool.commonPool());

    /** Checks the numbers. */
    public JournalOptions {
        if (maxBadLines < 0) {
            throw new IllegalArgumentException("maxBadLines must not be negative, was " + maxBadLines);
        }
        if (!(compactFactor >= 0)) {
            throw new IllegalArgumentException("compactFactor must not be negative, was " + compactFactor);
        }
        if (retry.isNegative() || retry.isZero()) {
            throw new IllegalArgumentException("retry must be positive, was " + retry);
        }
    }

    /**
     * Returns the defaults: forced every second, lines up to 16 MiB, at most 100 bad lines, written anew when the history
     * is followed by as many bytes again and at least 1 MiB, another try after a second.
     */
    public static JournalOptions defaults() {
        return DEFAULTS;
    }

    /** Sets when the disk is forced. */
    public JournalOptions durability(Durability durability) {
        return new JournalOptions(
                durability,
                limits,
                maxBadLines,
                compactFactor,
                compactFrom,
                retry,
                knownClock,
                meta,
                listener,
                executor);
    }

    /** Sets the longest line and the deepest nesting that are read. */
    public JournalOptions limits(Limits limits) {
        return new JournalOptions(
                durability,
                limits,
                maxBadLines,
                compactFactor,
                compactFrom,
                retry,
                knownClock,
                meta,
                listener,
                executor);
    }

    /** Sets how many bad lines a file may have. With more, opening fails and the file is left alone. */
    public JournalOptions maxBadLines(int maxBadLines) {
        return new JournalOptions(
                durability,
                limits,
                maxBadLines,
                compactFactor,
                compactFrom,
                retry,
                knownClock,
                meta,
                listener,
                executor);
    }

    /**
     * Sets when the file is written anew: once what follows the history has so many times its bytes, and at least so
     * many.
     */
    public JournalOptions compact(double factor, long from) {
        return new JournalOptions(
                durability, limits, maxBadLines, factor, from, retry, knownClock, meta, listener, executor);
    }

    /** Sets how long to wait when the disk has refused something. */
    public JournalOptions retry(Duration retry) {
        return new JournalOptions(
                durability,
                limits,
                maxBadLines,
                compactFactor,
                compactFrom,
                retry,
                knownClock,
                meta,
                listener,
                executor);
    }

    /**
     * Sets whether what the header says was seen counts as seen. Without it, peers send superseded updates once more, and
     * a type that cannot tell that they are superseded takes them as new.
     */
    public JournalOptions knownClock(boolean knownClock) {
        return new JournalOptions(
                durability,
                limits,
                maxBadLines,
                compactFactor,
                compactFrom,
                retry,
                knownClock,
                meta,
                listener,
                executor);
    }

    /** Adds something to the header. */
    public JournalOptions meta(@Nullable Object meta) {
        return new JournalOptions(
                durability,
                limits,
                maxBadLines,
                compactFactor,
                compactFrom,
                retry,
                knownClock,
                meta == null ? null : Json.of(meta),
                listener,
                executor);
    }

    /** Sets who hears of failures. */
    public JournalOptions listener(JournalListener listener) {
        return new JournalOptions(
                durability,
                limits,
                maxBadLines,
                compactFactor,
                compactFrom,
                retry,
                knownClock,
                meta,
                listener,
                executor);
    }

    /** Sets who runs what callers hang on an acknowledgement. */
    public JournalOptions executor(Executor executor) {
        return new JournalOptions(
                durability,
                limits,
                maxBadLines,
                compactFactor,
                compactFrom,
                retry,
                knownClock,
                meta,
                listener,
                executor);
    }
}
