package dev.scuttlebutt.types.crdt;

import dev.scuttlebutt.ReplicaEvent;
import java.util.function.Consumer;

/** A listener that first hears what a set holds. */
final class Follower {
    /*
     * Events wait in a queue. Some of those that come after the listener was added happened before the look at the set,
     * and are in it already. So the look itself is sent through the queue: what comes before it is old.
     */
    record Begun(Follower follower, RowSet.Started started) implements ReplicaEvent {}

    private final RowSet set;
    private final Consumer<? super RowSet.Event> listener;

    /** Listeners are called one at a time, with each call visible to the next. */
    private boolean begun;

    Follower(RowSet set, Consumer<? super RowSet.Event> listener) {
        this.set = set;
        this.listener = listener;
    }

    void begin(Begun event) {
        if (event.follower == this) {
            begun = true;
            listener.accept(event.started);
        }
    }

    void hear(RowSet.Event event) {
        if (begun) {
            listener.accept(event);
        }
    }

    @Override
    public String toString() {
        return "Follower of " + set;
    }
}
