package dev.scuttlebutt;

import org.jspecify.annotations.Nullable;

/** Something that happened on a session, told to the listeners of its replica. */
public sealed interface SessionEvent extends ReplicaEvent {

    /** Returns the session it happened on. */
    Session session();

    /** A handshake arrived. {@code header} in JavaScript. */
    record HandshakeReceived(Session session, Handshake handshake) implements SessionEvent {}

    /** The peer has been sent everything its handshake asked for. */
    record SyncSent(Session session) implements SessionEvent {}

    /** The peer says that it has sent everything our handshake asked for. */
    record SyncReceived(Session session) implements SessionEvent {}

    /** Both sides have sent what the handshakes asked for. May come again after a further handshake. */
    record Synced(Session session) implements SessionEvent {}

    /**
     * The session is over. {@code unstream} in JavaScript.
     *
     * @param cause null when it ended as agreed
     * @param remaining sessions that the replica still has
     */
    record Closed(Session session, @Nullable Throwable cause, int remaining) implements SessionEvent {}
}
