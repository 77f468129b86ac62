package dev.scuttlebutt;

import java.time.Instant;

/**
 * Where timestamps come from.
 *
 * <p>It may stand still, jump and run backwards: a replica makes its timestamps ascend whatever this says. Tests
 * inject one of their own. Called from any thread, with locks held, so it must return quickly.
 */
@FunctionalInterface
public interface TimeSource {

    /**
     * Returns milliseconds since 1970, with a fraction where the clock has one.
     *
     * @return a finite number
     */
    double millis();

    /** Returns the clock of this machine, at the resolution the platform gives (a microsecond on most). */
    static TimeSource system() {
        return SystemTime.INSTANCE;
    }

    /** The default. A microsecond fraction makes it rare that two replicas choose the same timestamp. */
    enum SystemTime implements TimeSource {
        /** The only instance. */
        INSTANCE;

        @Override
        public double millis() {
            Instant now = Instant.now();
            return now.getEpochSecond() * 1000.0 + now.getNano() / 1000 / 1000.0;
        }
    }
}
