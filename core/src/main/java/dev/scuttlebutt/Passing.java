package dev.scuttlebutt;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Updates that are passed on to one peer and not kept. Guarded by the core's lock. */
final class Passing {
    /*
     * Only a peer that has everything else can have such an update: sent before a kept one of its source, it would make
     * the peer refuse that. To a peer that lags it is lost, except the latest one made here. That may be the only trace of
     * its timestamp, and a journal that lacks it would let the replica give that once more.
     */

    /** Beyond so many a peer does without. */
    private static final int MAX = 64;

    /** For a peer that has everything else. Most never get one. */
    private @Nullable Deque<Update> updates;

    /** The latest one made here while the peer lagged. */
    private @Nullable Update owed;

    /** What {@link Core#appended} was when everything in the history had been sent. */
    private long seen = -1;

    void caughtUp(long appended) {
        seen = appended;
    }

    boolean hasCaughtUp(long appended) {
        return seen == appended;
    }

    /** To be sent next. False when there are too many. */
    boolean add(Update update) {
        if (updates == null) {
            updates = new ArrayDeque<>(2);
        }
        return updates.size() < MAX && updates.add(update);
    }

    /** To be sent when the peer has everything else. */
    void owe(Update update) {
        owed = update;
    }

    /** The next one that the peer does not have: it may have come from it, or by another way. */
    @Nullable
    Update next(History.Cursor peer) {
        Update next;
        do {
            next = updates == null ? null : updates.poll();
        } while (next != null && !peer.peerHas(next.source(), next.timestamp()));
        return next;
    }

    /** What is owed, now that the peer has everything else, unless it has that too. */
    @Nullable
    Update nextOwed(History.Cursor peer) {
        Update own = owed;
        owed = null;
        return own != null && peer.peerHas(own.source(), own.timestamp()) ? own : null;
    }

    void clear() {
        updates = null;
        owed = null;
    }
}
