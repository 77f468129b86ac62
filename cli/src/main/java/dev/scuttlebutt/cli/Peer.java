package dev.scuttlebutt.cli;

import dev.scuttlebutt.Handshake;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One connection, or the attempt at one, as it is now.
 *
 * @param address as given to {@code connect}, or where an accepted connection comes from
 * @param session null while there is no connection
 * @param failure why the latest attempt or connection failed
 * @param kind who connects
 */
record Peer(
        String address, @Nullable Session session, @Nullable Throwable failure, Kind kind) {

    /** Who connects. */
    enum Kind {
        /** They connected to us. */
        ACCEPTED,
        /** We try to connect for the first time. */
        NEW,
        /** We connect, and have tried before. */
        KEPT
    }

    /** Tells whether both sides have sent what the handshakes asked for. */
    boolean isLive() {
        return session != null && session.state() == Session.State.LIVE;
    }

    /** Tells whether it has yet to say what it lacks; until then nothing can be sent. */
    boolean isUnheard() {
        return session == null || (session.options().sends() && session.state() == Session.State.GREETING);
    }

    private String state() {
        return session == null ? "connecting" : session.state().name().toLowerCase(Locale.ROOT);
    }

    JsonObject toJson() {
        Handshake handshake = session == null ? null : session.peer();
        Session.Stats stats = session == null ? null : session.stats();
        JsonObject json = Json.object(
                "address", address,
                "id", handshake == null ? null : handshake.id(),
                "meta", handshake == null ? null : handshake.meta(),
                "state", state(),
                "sent", stats == null ? 0 : stats.sent(),
                "received", stats == null ? 0 : stats.received(),
                "stale", stats == null ? 0 : stats.stale(),
                "invalid", stats == null ? 0 : stats.invalid(),
                "behind", stats == null ? 0 : stats.behind());
        return session != null || failure == null ? json : json.with("error", Json.of(Failure.text(failure)));
    }

    /** Returns address, state and failure. */
    @Override
    public String toString() {
        String why = session != null || failure == null ? "" : ": " + Failure.text(failure);
        return address + " (" + state() + why + ")";
    }
}
