package dev.scuttlebutt;

import dev.scuttlebutt.json.JsonObject;

/**
 * A replica that is a part of another one: for types that are made of others. What it is made of hands on to it, with the
 * lock held, what concerns it.
 *
 * <p>A change of a part is {@code [name, change]} in that of the whole. The parts share the clock, the history, the lock and
 * the sessions of the whole, and have their own listeners.
 *
 * @param <R> the class of the part
 */
public final class Part<R extends Replica> {
    private final R replica;

    Part(R replica) {
        this.replica = replica;
    }

    /** Returns the part. */
    public R replica() {
        return replica;
    }

    /**
     * Applies an update of the whole, for use in its {@code applyUpdate}.
     *
     * @return what the part's own {@code applyUpdate} said
     * @throws IllegalArgumentException as that
     */
    public boolean apply(Update whole) {
        Update inner = whole.inner();
        Replica part = replica;
        if (!part.applyPart(inner)) {
            return false;
        }
        if (part.listens(ReplicaEvent.Applied.class)) {
            part.publish(new ReplicaEvent.Applied(inner));
        }
        return true;
    }

    /** Asks the part whether a peer is to get an update of the whole. */
    public boolean isFor(Update whole, Session session) {
        Replica part = replica;
        return part.isFor(whole.inner(), session);
    }

    /** Returns what the part has to announce. */
    public JsonObject announcement() {
        Replica part = replica;
        return part.announcement();
    }

    /** Lets the part forget what has lapsed. */
    public void lapse() {
        Replica part = replica;
        part.lapse();
    }
}
