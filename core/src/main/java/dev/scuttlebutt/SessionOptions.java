package dev.scuttlebutt;

import dev.scuttlebutt.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * How a session exchanges updates with its peer. Immutable: each method returns a changed copy.
 *
 * @see "core-protocol, section 3.3"
 */
public final class SessionOptions {
    private static final SessionOptions TWO_WAY = new SessionOptions(true, true, true, true, true, null);

    final boolean sends;
    final boolean receives;
    final boolean sendClock;
    final boolean expectClock;
    final boolean tail;
    final @Nullable Json meta;

    private SessionOptions(
            boolean sends,
            boolean receives,
            boolean sendClock,
            boolean expectClock,
            boolean tail,
            @Nullable Json meta) {
        this.sends = sends;
        this.receives = receives;
        this.sendClock = sendClock;
        this.expectClock = expectClock;
        this.tail = tail;
        this.meta = meta;
    }

    /** Sends and accepts updates: the usual exchange. */
    public static SessionOptions twoWay() {
        return TWO_WAY;
    }

    /**
     * Sends updates and ignores those that come: a peer can read but not write. {@code writable: false} in JavaScript.
     *
     * <p>It waits for the peer's handshake and sends what the peer lacks. Where the peer may never say what it has, use
     * {@link #expectClock expectClock(false)}.
     */
    public static SessionOptions sendOnly() {
        return new SessionOptions(true, false, true, true, true, null);
    }

    /**
     * Accepts updates and never sends one. {@code readable: false, sendClock: true} in JavaScript, which however gives
     * its data away as soon as the peer shakes hands; this does not.
     */
    public static SessionOptions receiveOnly() {
        return new SessionOptions(false, true, true, true, true, null);
    }

    /**
     * Chooses, for {@link #receiveOnly}, whether a handshake is sent. Without it the peer learns nothing of this
     * replica, and only a peer that does not wait for a handshake sends something. No effect otherwise.
     */
    public SessionOptions sendClock(boolean sendClock) {
        return new SessionOptions(sends, receives, sendClock, expectClock, tail, meta);
    }

    /**
     * Chooses, for {@link #sendOnly}, whether to wait for the peer's handshake. Without waiting everything goes out at
     * once, as for a file; a handshake that comes later only takes out what the peer turns out to have. No effect
     * otherwise.
     */
    public SessionOptions expectClock(boolean expectClock) {
        return new SessionOptions(sends, receives, sendClock, expectClock, tail, meta);
    }

    /**
     * Chooses whether the session goes on after the first exchange. With false the output ends behind {@link Sync}; what
     * the peer sends is accepted until the peer ends too.
     */
    public SessionOptions tail(boolean tail) {
        return new SessionOptions(sends, receives, sendClock, expectClock, tail, meta);
    }

    /** Adds something for the peer's application to the handshake. */
    public SessionOptions meta(@Nullable Object meta) {
        return new SessionOptions(sends, receives, sendClock, expectClock, tail, meta == null ? null : Json.of(meta));
    }

    /** Tells whether updates are sent. */
    public boolean sends() {
        return sends;
    }

    /** Tells whether updates are accepted. */
    public boolean receives() {
        return receives;
    }

    /** Tells whether the session goes on after the first exchange. */
    public boolean tail() {
        return tail;
    }

    boolean shakesHands() {
        return sends || sendClock;
    }

    boolean startsAtOnce() {
        return sends && !receives && !expectClock;
    }
}
