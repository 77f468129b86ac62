package dev.scuttlebutt.testkit;

import dev.scuttlebutt.SessionOptions;

/** One step of a {@link Schedule}. */
sealed interface Operation {
    /*
     * An operation must make sense whatever came before it, because shrinking takes others away. So it names replicas
     * and links by numbers that are taken modulo what is there, is skipped where it cannot be done, and carries the
     * seed of whatever it draws.
     */

    /** Returns how much later than the one before it happens, in milliseconds. */
    int afterMillis();

    /** A change is made. */
    record Write(int afterMillis, int replica, long seed) implements Operation {}

    /** Two replicas are linked. Any number of links may be between the same two. */
    record Connect(int afterMillis, int left, int right, LinkOptions options) implements Operation {}

    /** A link breaks. */
    record Cut(int afterMillis, int link, Break how, long seed) implements Operation {}

    /** One side of a link stops reading for a while, then or at once reads so many bytes at a time. */
    record Slow(int afterMillis, int link, boolean leftToRight, int forMillis, int maxRead) implements Operation {}

    /** For a while nothing passes between the replicas whose bits are set and the others. */
    record Partition(int afterMillis, int members, int forMillis, boolean cuts) implements Operation {}

    /** A replica is thrown away, and comes back later, on a machine whose clock may have been set in the meantime. */
    record Crash(int afterMillis, int replica, Return comesBack, int downMillis, int skewByMillis, long seed)
            implements Operation {}

    /** A replica's clock jumps. */
    record Skew(int afterMillis, int replica, int byMillis) implements Operation {}

    /** A replica is compared with its reference, and its answer to another one's clock is checked. */
    record Check(int afterMillis, int replica, int other) implements Operation {}

    /** How a link breaks. */
    enum Break {
        /** Both sides notice at once; what was under way is lost. */
        CLEAN,
        /** What was under way arrives up to some byte, then the stream ends. */
        TORN,
        /** One side notices at once, the other one later: until then it talks to nobody. */
        HALF_OPEN
    }

    /** How a replica comes back. */
    enum Return {
        /** It reads its journal and goes on writing it. */
        FROM_JOURNAL,
        /** It reads its journal and starts a new one with what it then holds. */
        FROM_JOURNAL_COMPACTED,
        /** It has lost everything and comes back under a new id. */
        EMPTY
    }

    /** What the sessions at the two ends of a link do. */
    enum Ends {
        TWO_WAY(SessionOptions.twoWay(), SessionOptions.twoWay()),
        ONCE(SessionOptions.twoWay().tail(false), SessionOptions.twoWay().tail(false)),
        ONCE_LEFT(SessionOptions.twoWay().tail(false), SessionOptions.twoWay()),
        SEND_ONLY(SessionOptions.sendOnly(), SessionOptions.receiveOnly()),
        SEND_ONLY_ONCE(SessionOptions.sendOnly().tail(false), SessionOptions.receiveOnly()),
        SEND_UNASKED(
                SessionOptions.sendOnly().expectClock(false),
                SessionOptions.receiveOnly().sendClock(false)),
        SEND_ANYWAY(SessionOptions.sendOnly().expectClock(false), SessionOptions.receiveOnly()),
        READ_ONLY(SessionOptions.sendOnly(), SessionOptions.twoWay()),
        GIVES_NOTHING(SessionOptions.twoWay(), SessionOptions.receiveOnly()),
        NOBODY_SENDS(SessionOptions.receiveOnly(), SessionOptions.receiveOnly());

        final SessionOptions left;
        final SessionOptions right;

        Ends(SessionOptions left, SessionOptions right) {
            this.left = left;
            this.right = right;
        }
    }

    /**
     * What a link is like.
     *
     * @param bytes whether it carries bytes, through a {@code WireSession}, or messages as they are
     * @param capacity how many bytes, or messages, may be under way in each direction
     * @param latencyMillis how long they take
     * @param jitterMillis how much longer at most
     * @param maxRead how many bytes are read at a time at most
     */
    record LinkOptions(
            boolean bytes, Ends ends, int capacity, int latencyMillis, int jitterMillis, int maxRead, long seed) {}
}
