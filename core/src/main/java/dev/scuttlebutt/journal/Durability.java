package dev.scuttlebutt.journal;

import java.time.Duration;
import java.util.Objects;

/**
 * When what was written is forced to the disk, and so what an acknowledgement means.
 *
 * @param kind when
 * @param interval how often, for {@link Kind#INTERVAL}; otherwise zero
 */
public record Durability(Kind kind, Duration interval) {

    /** The three levels. */
    public enum Kind {
        /**
         * Acknowledged is what the operating system has. It survives the end of this process, by whatever means, and not
         * the end of the operating system.
         */
        NONE,
        /** Acknowledged is what the disk has. It is given everything once in an interval. */
        INTERVAL,
        /** Acknowledged is what the disk has. It is given everything at once; what came meanwhile goes together. */
        UPDATE
    }

    private static final Durability NONE = new Durability(Kind.NONE, Duration.ZERO);
    private static final Durability EVERY_UPDATE = new Durability(Kind.UPDATE, Duration.ZERO);

    /** Checks that the interval fits the kind. */
    public Durability {
        Objects.requireNonNull(kind, "kind");
        boolean positive = !interval.isZero() && !interval.isNegative();
        if (positive != (kind == Kind.INTERVAL)) {
            throw new IllegalArgumentException(kind + " does not go with an interval of " + interval);
        }
    }

    /** Leaves it to the operating system, which usually writes within half a minute. */
    public static Durability none() {
        return NONE;
    }

    /** Forces once in so long a time, if there is something new. */
    public static Durability interval(Duration interval) {
        return new Durability(Kind.INTERVAL, interval);
    }

    /** Forces every update, many at a time where many come. */
    public static Durability everyUpdate() {
        return EVERY_UPDATE;
    }
}
