package dev.scuttlebutt.store;

import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.TimeSource;
import dev.scuttlebutt.journal.Durability;
import dev.scuttlebutt.wire.Limits;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How a store works. Immutable: each method returns a changed copy.
 *
 * @param durability when the disk is forced
 * @param window how long changes are collected before they are written, all of one document together
 * @param grace how long a document that nobody holds stays in memory
 * @param replica what replicas are made with; an id that is set here is the id of all
 * @param time what deletions are dated with
 * @param limits longest line and deepest nesting that are read. Not below what is written here, since nobody checks that
 *     when it is written: the next opening would set it aside
 * @param maxOpen how many documents may be in memory
 * @param maxBadRows how many rows of a document may be bad; with more, opening it fails and nothing is changed
 * @param compactFactor how many times the bytes of the snapshot may follow it before another replaces them
 * @param compactFrom how many bytes have to follow the snapshot before another replaces them
 * @param retry how long to wait when the storage has refused something
 * @param listener hears of failures
 * @param scheduler runs things later, or null for a thread of the store's own
 * @param executor reads, writes and completes futures, or null for threads of the store's own
 */
public record StoreOptions(
        Durability durability,
        Duration window,
        Duration grace,
        ReplicaOptions replica,
        TimeSource time,
        Limits limits,
        int maxOpen,
        int maxBadRows,
        double compactFactor,
        long compactFrom,
        Duration retry,
        StoreListener listener,
        @Nullable Scheduler scheduler,
        @Nullable Executor executor) {

    private static final StoreOptions DEFAULTS = new StoreOptions(
            Durability.interval(Duration.ofSeconds(1)),
            Duration.ofMillis(5),
            Duration.ofSeconds(10),
            ReplicaOptions.defaults(),
            TimeSource.system(),
            Limits.defaults().skipBlankLines(true),
            100_000,
            100,
            1,
            1 << 16,
            Duration.ofSeconds(1),
            new StoreListener() {},
            null,
            null);

    /** Checks the numbers. */
    public StoreOptions {
        checkNotNegative("window", window);
        checkNotNegative("grace", grace);
        if (retry.isNegative() || retry.isZero()) {
            throw new IllegalArgumentException("retry must be positive, was " + retry);
        }
        if (maxOpen < 1) {
            throw new IllegalArgumentException("maxOpen must be positive, was " + maxOpen);
        }
        if (maxBadRows < 0) {
            throw new IllegalArgumentException("maxBadRows must not be negative, was " + maxBadRows);
        }
        if (!(compactFactor >= 0)) {
            throw new IllegalArgumentException("compactFactor must not be negative, was " + compactFactor);
        }
    }

    private static void checkNotNegative(String what, Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(what + " must not be negative, was " + duration);
        }
    }

    /**
     * Returns the defaults: forced every second, written every 5 ms, 10 s of grace, at most 100,000 documents in memory, a
     * snapshot when it is followed by as many bytes again and at least 64 KiB, another try after a second, threads of its
     * own.
     */
    public static StoreOptions defaults() {
        return DEFAULTS;
    }

    /** Sets when the disk is forced. */
    public StoreOptions durability(Durability durability) {
        return new StoreOptions(
                durability,
                window,
                grace,
                replica,
                time,
                limits,
                maxOpen,
                maxBadRows,
                compactFactor,
                compactFrom,
                retry,
                listener,
                scheduler,
                executor);
    }

    /** Sets how long changes are collected. Zero: as soon as the writer is free, which still collects under load. */
    public StoreOptions window(Duration window) {
        return new StoreOptions(
                durability,
                window,
                grace,
                replica,
                time,
                limits,
                maxOpen,
                maxBadRows,
                compactFactor,
                compactFrom,
                retry,
                listener,
                scheduler,
                executor);
    }

    /** Sets how long a document that nobody holds stays in memory, so that a peer that reconnects finds it there. */
    public StoreOptions grace(Duration grace) {
        return new StoreOptions(
                durability,
                window,
                grace,
                replica,
                time,
                limits,
                maxOpen,
                maxBadRows,
                compactFactor,
                compactFrom,
                retry,
                listener,
                scheduler,
                executor);
    }

    /** Sets what replicas are made with. Unless an id is set there, the store has one that it keeps. */
    public StoreOptions replica(ReplicaOptions replica) {
        return new StoreOptions(
                durability,
                window,
                grace,
                replica,
                time,
                limits,
                maxOpen,
                maxBadRows,
                compactFactor,
                compactFrom,
                retry,
                listener,
                scheduler,
                executor);
    }

    /** Sets what deletions are dated with. Replicas have a clock of their own, see {@link ReplicaOptions#time}. */
    public StoreOptions time(TimeSource time) {
        return new StoreOptions(
                durability,
                window,
                grace,
                replica,
                time,
                limits,
                maxOpen,
                maxBadRows,
                compactFactor,
                compactFrom,
                retry,
                listener,
                scheduler,
                executor);
    }

    /** Sets the longest line and the deepest nesting that are read. */
    public StoreOptions limits(Limits limits) {
        return new StoreOptions(
                durability,
                window,
                grace,
                replica,
                time,
                limits,
                maxOpen,
                maxBadRows,
                compactFactor,
                compactFrom,
                retry,
                listener,
                scheduler,
                executor);
    }

    /** Sets how many documents may be in memory. */
    public StoreOptions maxOpen(int maxOpen) {
        return new StoreOptions(
                durability,
                window,
                grace,
                replica,
                time,
                limits,
                maxOpen,
                maxBadRows,
                compactFactor,
                compactFrom,
                retry,
                listener,
                scheduler,
                executor);
    }

    /** Sets how many rows of a document may be bad. */
    public StoreOptions maxBadRows(int maxBadRows) {
        return new StoreOptions(
                durability,
                window,
                grace,
                replica,
                time,
                limits,
                maxOpen,
                maxBadRows,
                compactFactor,
                compactFrom,
                retry,
                listener,
                scheduler,
                executor);
    }

    /** Sets when a snapshot replaces what follows the last one: when that has so many times its bytes, and at least so many. */
    public StoreOptions compact(double factor, long from) {
        return new StoreOptions(
                durability,
                window,
                grace,
                replica,
                time,
                limits,
                maxOpen,
                maxBadRows,
                factor,
                from,
                retry,
                listener,
                scheduler,
                executor);
    }

    /** Sets how long to wait when the storage has refused something. */
    public StoreOptions retry(Duration retry) {
        return new StoreOptions(
                durability,
                window,
                grace,
                replica,
                time,
                limits,
                maxOpen,
                maxBadRows,
                compactFactor,
                compactFrom,
                retry,
                listener,
                scheduler,
                executor);
    }

    /** Sets who hears of failures. */
    public StoreOptions listener(StoreListener listener) {
        return new StoreOptions(
                durability,
                window,
                grace,
                replica,
                time,
                limits,
                maxOpen,
                maxBadRows,
                compactFactor,
                compactFrom,
                retry,
                listener,
                scheduler,
                executor);
    }

    /** Sets who runs things later. */
    public StoreOptions scheduler(Scheduler scheduler) {
        return new StoreOptions(
                durability,
                window,
                grace,
                replica,
                time,
                limits,
                maxOpen,
                maxBadRows,
                compactFactor,
                compactFrom,
                retry,
                listener,
                scheduler,
                executor);
    }

    /** Sets who reads, writes and completes futures. Tasks block; the executor is not shut down by the store. */
    public StoreOptions executor(Executor executor) {
        return new StoreOptions(
                durability,
                window,
                grace,
                replica,
                time,
                limits,
                maxOpen,
                maxBadRows,
                compactFactor,
                compactFrom,
                retry,
                listener,
                scheduler,
                executor);
    }
}
