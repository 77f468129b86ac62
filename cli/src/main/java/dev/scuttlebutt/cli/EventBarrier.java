package dev.scuttlebutt.cli;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.Update;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waits until listeners have heard all that has happened to a replica. */
final class EventBarrier {
    /*
     * What a peer sent can be seen in the state a moment before its events are told, by the thread that took it in. To
     * know when they have been, an update that no replica takes is handed in: its refusal is told after them. It leaves
     * no other trace.
     */
    private static final double IMPOSSIBLE = 2 * Update.MAX_TIMESTAMP;

    /** A listener that is stuck in writing must not keep the program from ending. */
    private static final long MAX_SECONDS = 5;

    /** One wait. The update is known by its identity. */
    private record Mark(Update update, CountDownLatch told) {}

    private final Replica replica;
    private volatile @Nullable Mark current;

    EventBarrier(Replica replica) {
        this.replica = replica;
    }

    /** Waits, not for ever. One thread at a time, and none that listeners run on. */
    void await() {
        Mark mark = new Mark(Update.of(null, IMPOSSIBLE, ""), new CountDownLatch(1));
        current = mark;
        replica.apply(mark.update());
        try {
            mark.told().await(MAX_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes an event from the replica's listener. Returns whether it was the barrier's own and not to be shown. */
    boolean passes(ReplicaEvent event) {
        Mark mark = current;
        if (mark == null || updateOf(event) != mark.update()) {
            return false;
        }
        mark.told().countDown();
        return true;
    }

    private static @Nullable Update updateOf(ReplicaEvent event) {
        if (event instanceof ReplicaEvent.Invalid invalid) {
            return invalid.update();
        }
        if (event instanceof ReplicaEvent.Unverified unverified) {
            return unverified.update();
        }
        return event instanceof ReplicaEvent.Refused refused ? refused.update() : null;
    }
}
