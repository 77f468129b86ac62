package dev.scuttlebutt.cli.command;

import dev.scuttlebutt.json.Json;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** How commands wait, one at a time, for something that nobody tells about. */
public final class Waiting {
    /*
     * A clock also moves on updates that have no effect, of which there is no event; so it is looked at, at first often
     * and then every few milliseconds, which costs less than one per cent of a core.
     *
     * Threads are not interrupted: that would close a file that is being written.
     */
    private static final long FIRST_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private volatile boolean cancelled;
    private volatile boolean ended;

    /**
     * Waits until a condition holds.
     *
     * @return false if it did not within this time
     * @throws CommandException if somebody put an end to the waiting
     */
    public boolean until(BooleanSupplier condition, Duration patience) throws CommandException {
        cancelled = false;
        long start = System.nanoTime();
        long pause = FIRST_NANOS;
        while (!condition.getAsBoolean()) {
            if (ended || cancelled) {
                throw new CommandException(ended ? "the program is ending" : "cancelled");
            }
            long left = patience.toNanos() - (System.nanoTime() - start);
            if (left <= 0) {
                return false;
            }
            LockSupport.parkNanos(Math.min(pause, left));
            pause = Math.min(2 * pause, LONGEST_NANOS);
        }
        return true;
    }

    /** Puts an end to the current waiting, if there is one. From any thread. */
    public void cancel() {
        cancelled = true;
    }

    /** Puts an end to the current waiting and to all later ones. From any thread. */
    public void end() {
        ended = true;
    }

    /** Waits a moment, for those who look again and again. */
    public static void pause() {
        LockSupport.parkNanos(LONGEST_NANOS);
    }

    /** Returns a time for messages, such as {@code 2.5 s}. */
    public static String text(Duration duration) {
        return Json.of(duration.toMillis() / 1000.0) + " s";
    }
}
