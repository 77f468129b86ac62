package dev.scuttlebutt;

/** Gives the timestamps of one source. Guarded by the lock under which its updates are applied. */
final class Stamper {
    private final TimeSource time;
    private double last = Clock.NEVER;

    Stamper(TimeSource time) {
        this.time = time;
    }

    /** Counts a timestamp as given: those to come will be greater. */
    void startAbove(double given) {
        last = Math.max(last, given);
    }

    /**
     * Returns a timestamp greater than any given before and than {@code known}: the time, or the next double when time
     * stands still, runs back or is behind what is known.
     *
     * @throws IllegalStateException if there is no greater timestamp that a peer would take
     */
    double next(double known) {
        double floor = Math.max(last, known);
        double now = time.millis();
        double next = Double.isFinite(now) ? Math.max(now, Math.nextUp(floor)) : Math.nextUp(floor);
        if (!(Math.abs(next) <= Update.MAX_TIMESTAMP)) {
            throw new IllegalStateException("no timestamp is left after " + floor + ": start again with another id");
        }
        last = next;
        return next;
    }
}
