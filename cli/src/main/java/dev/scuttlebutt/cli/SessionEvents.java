package dev.scuttlebutt.cli;

import dev.scuttlebutt.Handshake;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.SessionEvent;
import dev.scuttlebutt.cli.command.EventSink;
import dev.scuttlebutt.json.Json;

/** Shows what happens on connections, with the names JavaScript has for it. */
final class SessionEvents {
    private SessionEvents() {}

    /**
     * Shows an event.
     *
     * @param ownSessions how many sessions of the replica are with no peer
     */
    static void show(SessionEvent event, int ownSessions, EventSink out) {
        if (event instanceof SessionEvent.HandshakeReceived received) {
            out.show("header", received.handshake().fields());
        } else if (event instanceof SessionEvent.SyncSent) {
            out.show("syncSent", peer(event.session()));
        } else if (event instanceof SessionEvent.SyncReceived) {
            out.show("syncRecieved", peer(event.session()));
        } else if (event instanceof SessionEvent.Synced) {
            out.show("sync", peer(event.session()));
        } else if (event instanceof SessionEvent.Closed closed) {
            out.show("unstream", Json.of(closed.remaining() - ownSessions));
        }
    }

    /** In JavaScript one knows which stream one listens to; here all are shown together. */
    private static Json peer(Session session) {
        Handshake handshake = session.peer();
        return Json.of(handshake == null ? null : handshake.id());
    }
}
