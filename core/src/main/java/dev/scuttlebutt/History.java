package dev.scuttlebutt;

import org.jspecify.annotations.Nullable;

/**
 * The updates still needed to bring a peer up to date.
 *
 * <p>Every method, and every method of a {@link Cursor}, is called with the replica's lock held; an implementation needs
 * no lock of its own, must not block and must not call the replica.
 */
public interface History {

    /** Returns an empty history in memory which brings peers up to date in the order of timestamps, then sources. */
    static History byTimestamp() {
        return new ArrivalLog(false);
    }

    /**
     * Returns an empty history in memory which brings peers up to date in the order in which updates arrived here, for
     * types in which one update must not overtake another of a different source.
     */
    static History byArrival() {
        return new ArrivalLog(true);
    }

    /** Adds an update that is newer than all of its source. */
    void append(Update update);

    /** Takes out an update that another one supersedes. Does nothing when it is not there. */
    void forget(Update update);

    /** Returns the number of updates held. */
    int size();

    /** Starts to bring a peer with this clock up to date. The cursor stays valid until it is closed. */
    Cursor open(Clock peer);

    /** What one peer still lacks. It costs memory by the number of sources, not by the number of updates. */
    interface Cursor {

        /**
         * Returns the next update that was held when the cursor was opened and that the peer lacks, or null when there
         * are no more. For each source timestamps ascend, here and on into {@link #nextLive}.
         */
        @Nullable
        Update nextHeld();

        /**
         * Returns the next update appended since the cursor was opened that the peer lacks, in arrival order, or null
         * when there is none yet. To be called when {@link #nextHeld} has returned null.
         */
        @Nullable
        Update nextLive();

        /**
         * Notes that the peer has everything of the source up to the timestamp.
         *
         * @return false if that was known
         */
        boolean peerHas(String source, double timestamp);

        /** Tells whether the peer has this update, unless it was skipped because another one superseded it in time. */
        boolean covers(Update update);

        /** Returns the number of updates the peer still lacks. O(updates of the sources it lacks), for display. */
        int behind();

        /** Makes {@link #nextLive} end at what is held now. */
        void stopAtEnd();

        /** Lets go. */
        void close();
    }
}
