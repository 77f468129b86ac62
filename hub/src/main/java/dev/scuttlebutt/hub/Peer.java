package dev.scuttlebutt.hub;

import dev.scuttlebutt.Handshake;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.netty.Connection;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A connection that carries a document. */
final class Peer {
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final long number = NUMBERS.incrementAndGet();
    private final OpenDocument document;
    private final Connection connection;
    private final Transport transport;
    private final Rights rights;
    private final @Nullable String tokenDigest;
    private final String tokenName;
    private final BiConsumer<CloseCode, String> closer;

    /** @param closer ends the connection, from any thread, telling the peer why where that is possible */
    Peer(
            OpenDocument document,
            Connection connection,
            Transport transport,
            Rights rights,
            @Nullable String tokenDigest,
            String tokenName,
            BiConsumer<CloseCode, String> closer) {
        this.document = document;
        this.connection = connection;
        this.transport = transport;
        this.rights = rights;
        this.tokenDigest = tokenDigest;
        this.tokenName = tokenName;
        this.closer = closer;
    }

    long number() {
        return number;
    }

    OpenDocument document() {
        return document;
    }

    Connection connection() {
        return connection;
    }

    Transport transport() {
        return transport;
    }

    Rights rights() {
        return rights;
    }

    @Nullable
    String tokenDigest() {
        return tokenDigest;
    }

    void close(CloseCode code, String reason) {
        closer.accept(code, reason);
    }

    JsonObject describe(boolean withAddress) {
        Session session = connection.session();
        Session.Stats stats = session.stats();
        Handshake handshake = session.peer();
        JsonObject.Builder all = JsonObject.builder()
                .put("connection", Json.of((double) number))
                .put("id", Json.of(handshake == null ? null : handshake.id()))
                .put("transport", Json.of(transport.text()))
                .put("rights", Json.of(rights.text()))
                .put("state", Json.of(session.state().name().toLowerCase(Locale.ROOT)))
                .put("since", Json.of((double) connection.since().toEpochMilli()))
                .put("sent", Json.of((double) stats.sent()))
                .put("received", Json.of((double) stats.received()))
                .put("stale", Json.of((double) stats.stale()))
                .put("invalid", Json.of((double) stats.invalid()))
                .put("behind", Json.of((double) stats.behind()))
                .put("pending", Json.of((double) connection.bytesPending()))
                .put("bytesIn", Json.of((double) connection.bytesIn()))
                .put("bytesOut", Json.of((double) connection.bytesOut()));
        if (withAddress) {
            InetSocketAddress address = (InetSocketAddress) connection.remoteAddress();
            all.put("address", Json.of(address.getAddress().getHostAddress() + ":" + address.getPort()))
                    .put("token", Json.of(tokenName))
                    .put("document", Json.of(document.name()));
        }
        return all.build();
    }
}
