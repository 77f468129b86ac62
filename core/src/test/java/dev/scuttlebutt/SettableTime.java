package dev.scuttlebutt;

/** A clock that shows what the test says, and stands still in between. */
public final class SettableTime implements TimeSource {
    private volatile double now;

    /** Starts at this time. */
    public SettableTime(double now) {
        this.now = now;
    }

    /** Sets what is shown from now on. */
    public void set(double millis) {
        now = millis;
    }

    @Override
    public double millis() {
        return now;
    }
}
