package dev.scuttlebutt;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Updates that are passed on to one peer and not kept. Guarded by the core's lock. */
final class Passing {
    /** Beyond so many a peer does without. */
    private static final int MAX = 64;

    private final Deque<Update> updates = new ArrayDeque<>(2);

    /** False when there are too many. */
    boolean add(Update update) {
        return updates.size() < MAX && updates.add(update);
    }

    /** The next one that the peer does not have: it may have come from it, or by another way. */
    @Nullable
    Update next(History.Cursor peer) {
        Update next;
        do {
            next = updates.poll();
        } while (next != null && !peer.peerHas(next.source(), next.timestamp()));
        return next;
    }
}
