package dev.scuttlebutt.testkit;

import dev.scuttlebutt.TimeSource;
import java.time.Duration;

/**
 * A clock that moves only when told to, forwards or backwards. It starts at {@link #START}.
 *
 * <p>Safe for use by several threads.
 */
public final class ManualTime implements TimeSource {
    /** Where a new clock stands: 2023-11-14T22:13:20Z, in milliseconds since 1970. */
    public static final double START = 1_700_000_000_000.0;

    private final TimeSource base;
    private volatile double offset;

    private ManualTime(TimeSource base, double offset) {
        this.base = base;
        this.offset = offset;
    }

    /** Creates a clock that stands at {@link #START}. */
    public ManualTime() {
        this(START);
    }

    /**
     * Creates a clock that stands at this time.
     *
     * @param millis since 1970
     */
    public ManualTime(double millis) {
        this(() -> 0, millis);
    }

    /**
     * Returns a clock that runs with this one, but is wrong by so much. It can be set and advanced by itself, which
     * changes by how much it is wrong; this one does not notice.
     *
     * @param aheadMillis negative when it is behind
     */
    public ManualTime skewed(double aheadMillis) {
        return new ManualTime(this, aheadMillis);
    }

    @Override
    public double millis() {
        return base.millis() + offset;
    }

    /** Sets the time, in milliseconds since 1970. It may be earlier than before. */
    public synchronized void set(double millis) {
        offset = millis - base.millis();
    }

    /** Moves on, or back when the duration is negative. */
    public void advance(Duration duration) {
        advanceMillis(duration.toNanos() / 1e6);
    }

    /** Moves on by milliseconds, or back when they are negative. */
    public synchronized void advanceMillis(double millis) {
        offset += millis;
    }

    /** Returns by how much the time differs from that of the clock it was {@link #skewed} from, in milliseconds. */
    public double skewMillis() {
        return offset;
    }

    @Override
    public String toString() {
        return "time " + millis();
    }
}
