package dev.scuttlebutt.netty;

import java.util.function.DoubleSupplier;

/** How long to wait before the next attempt. */
final class BackOff {
    private final long min;
    private final long max;
    private final DoubleSupplier random;
    private long next;

    /** @param random from 0 to 1 */
    BackOff(long minNanos, long maxNanos, DoubleSupplier random) {
        this.min = minNanos;
        this.max = maxNanos;
        this.random = random;
        this.next = minNanos;
    }

    long nextNanos() {
        long full = next;
        next = full > max / 2 ? max : full * 2;
        return full - (long) (full / 2 * random.getAsDouble());
    }

    void reset() {
        next = min;
    }
}
