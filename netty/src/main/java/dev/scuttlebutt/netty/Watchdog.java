package dev.scuttlebutt.netty;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Acts when something expected has not happened for so long. For use on one event loop only. */
final class Watchdog {
    /*
     * Touching it, which happens with every read and write, costs a look at the time. The timer is not moved: when it
     * goes off too early it is set again for what is left.
     */
    private final EventExecutor loop;
    private final Runnable action;
    private long limit;
    private long last;
    private boolean watching;
    private @Nullable Future<?> timer;

    /** @param limitNanos 0: never acts */
    Watchdog(EventExecutor loop, long limitNanos, Runnable action) {
        this.loop = loop;
        this.limit = limitNanos;
        this.action = action;
    }

    /** What is expected has just happened, or is expected from now on. */
    void touch() {
        watching = true;
        if (limit > 0) {
            last = loop.ticker().nanoTime();
            if (timer == null) {
                set(limit);
            }
        }
    }

    /** Nothing is expected until the next touch. */
    void rest() {
        watching = false;
    }

    /** From now on what is expected has to happen within this time, unless the limit is shorter already. */
    void tighten(long limitNanos) {
        if (limit == 0 || limitNanos < limit) {
            limit = limitNanos;
            if (timer != null) {
                timer.cancel(false);
                timer = null;
            }
            if (watching) {
                touch();
            }
        }
    }

    boolean isWatching() {
        return watching;
    }

    /** Never acts again. */
    void stop() {
        limit = 0;
        watching = false;
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void set(long nanos) {
        timer = loop.schedule(this::check, nanos, TimeUnit.NANOSECONDS);
    }

    private void check() {
        timer = null;
        if (watching) {
            long left = limit - (loop.ticker().nanoTime() - last);
            if (left > 0) {
                set(left);
            } else {
                watching = false;
                action.run();
            }
        }
    }

    /** Returns what to end a channel with. */
    static TimeoutException late(String message, long nanos) {
        return new TimeoutException(String.format(message, TimeUnit.NANOSECONDS.toMillis(nanos) + " ms"));
    }
}
