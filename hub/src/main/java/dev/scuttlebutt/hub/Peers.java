package dev.scuttlebutt.hub;

import dev.scuttlebutt.SessionOptions;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The books of those who come to a document, over whatever transport. Safe from any thread. */
final class Peers {
    private static final Logger LOG = LoggerFactory.getLogger(Peers.class);

    private final Documents documents;
    private final Access access;
    private final HubMetrics metrics;
    private final Consumer<String> onArrival;

    /** @param onArrival is told the name of the document when somebody other than a hub has come to it */
    Peers(Documents documents, Access access, HubMetrics metrics, Consumer<String> onArrival) {
        this.documents = documents;
        this.access = access;
        this.metrics = metrics;
        this.onArrival = onArrival;
    }

    /** The peer's application may look at the header: originals hand it out and ignore it themselves. */
    static SessionOptions session(String type, Rights rights) {
        SessionOptions options = rights.include(Rights.WRITE) ? SessionOptions.twoWay() : SessionOptions.sendOnly();
        return options.meta(Map.of("type", type, "rights", rights.text()));
    }

    /** Enters a peer until its connection is closed. The document, which it has joined, is left then. */
    void enter(Peer peer) {
        OpenDocument document = peer.document();
        document.add(peer);
        if (access.rightsOrNone(peer.tokenDigest(), document.name()) != peer.rights()) {
            // The rights were changed while it came in.
            peer.close(CloseCode.RESTART, "the rights have changed");
        }
        if (!peer.transport().isHub()) {
            onArrival.accept(document.name());
        }
        LOG.atInfo()
                .addKeyValue("document", document.name())
                .addKeyValue("connection", peer.number())
                .addKeyValue("remote", peer.connection().remoteAddress())
                .log("connected");
        peer.connection().closed().thenRun(() -> leave(peer));
    }

    private void leave(Peer peer) {
        OpenDocument document = peer.document();
        document.remove(peer);
        documents.leave(document);
        metrics.countClosed(peer.connection());
        Throwable failure = peer.connection().failure();
        LOG.atInfo()
                .addKeyValue("document", document.name())
                .addKeyValue("connection", peer.number())
                .addKeyValue("reason", failure == null ? "as agreed" : failure.getMessage())
                .log("disconnected");
    }
}
