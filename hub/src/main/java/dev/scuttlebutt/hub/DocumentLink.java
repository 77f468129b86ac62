package dev.scuttlebutt.hub;

import dev.scuttlebutt.Session;
import dev.scuttlebutt.SessionOptions;
import dev.scuttlebutt.netty.Connection;
import dev.scuttlebutt.netty.LinkListener;
import dev.scuttlebutt.netty.LinkOptions;
import dev.scuttlebutt.netty.WebSocketClient;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The link of one document with a neighbour: made once, and gone when it fails. For one event loop. */
final class DocumentLink {
    /** Says to the other side which hub comes, so that neither keeps a document open for the other alone. */
    static final String HUB_HEADER = "scuttlebutt-hub";

    /** Says of which type the document is here: under one name there may be another there. */
    static final String TYPE_HEADER = "scuttlebutt-type";

    private final String name;
    private final Neighbour neighbour;
    private final String hubId;
    private @Nullable OpenDocument document;
    private @Nullable WebSocketClient client;
    private long touched = System.nanoTime();
    private long moved;
    private boolean ending;
    private boolean touchedAtTheEnd;

    DocumentLink(String name, Neighbour neighbour, String hubId) {
        this.name = name;
        this.neighbour = neighbour;
        this.hubId = hubId;
    }

    String name() {
        return name;
    }

    /** Connects. The future completes, on an event loop, when it is over, with why it failed or null. */
    CompletableFuture<@Nullable Throwable> connect(OpenDocument opened, LinkOptions options) {
        document = opened;
        SessionOptions session = SessionOptions.twoWay().meta(Map.of("type", opened.type(), "hub", hubId));
        WebSocketClient made = WebSocketClient.connect(
                opened.replica(),
                neighbour.document(name),
                options.session(session).reconnect(false).listener(new Books(opened)),
                headers(neighbour, hubId, opened.type()));
        client = made;
        if (ending) {
            made.shutdown();
        }
        return made.closed().thenApply(done -> made.lastFailure());
    }

    /** Returns what a hub says of itself when it comes. */
    static Map<String, String> headers(Neighbour neighbour, String hubId, String type) {
        Map<String, String> headers = new HashMap<>(Map.of(HUB_HEADER, hubId, TYPE_HEADER, type));
        if (neighbour.token() != null) {
            headers.put("Authorization", "Bearer " + neighbour.token());
        }
        return headers;
    }

    /** Enters the connection into the books, where it is seen beside those that came. */
    private static final class Books implements LinkListener {
        private final OpenDocument document;
        private volatile @Nullable Peer peer;

        Books(OpenDocument document) {
            this.document = document;
        }

        @Override
        public void opened(Connection connection) {
            Peer entered = new Peer(
                    document,
                    connection,
                    Transport.NEIGHBOUR,
                    Rights.WRITE,
                    null,
                    "neighbour",
                    (code, reason) -> connection.close());
            peer = entered;
            document.add(entered);
        }

        @Override
        public void closed(Connection connection) {
            Peer entered = peer;
            if (entered != null) {
                document.remove(entered);
            }
        }
    }

    /** The document has changed, here or there. */
    void touch() {
        touched = System.nanoTime();
        touchedAtTheEnd = ending;
    }

    /** Tells whether both sides have what the other has, as far as this side can know. */
    boolean isQuiet() {
        Connection connection = client == null ? null : client.connection();
        if (ending || connection == null || connection.session().state() != Session.State.LIVE) {
            return false;
        }
        Session.Stats stats = connection.session().stats();
        long now = stats.sent() + stats.received() + stats.stale();
        if (now != moved) {
            moved = now;
            touched = System.nanoTime();
        }
        return stats.behind() == 0 && connection.bytesPending() == 0;
    }

    long quietNanos(long now) {
        return now - touched;
    }

    /** Tells whether somebody other than a hub is connected here. */
    boolean isWatched() {
        OpenDocument there = document;
        return there != null
                && there.peers().stream().anyMatch(peer -> !peer.transport().isHub());
    }

    /** Ends it: what is due is sent first. */
    void end() {
        ending = true;
        WebSocketClient there = client;
        if (there != null) {
            there.shutdown();
        }
    }

    boolean isEnding() {
        return ending;
    }

    /** Tells whether the document has changed after the end had begun. */
    boolean wasTouchedAtTheEnd() {
        return touchedAtTheEnd;
    }
}
