package dev.scuttlebutt.hub;

import dev.scuttlebutt.netty.Connection;
import dev.scuttlebutt.netty.LinkListener;
import dev.scuttlebutt.netty.LinkOptions;
import dev.scuttlebutt.netty.TcpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bare TCP port that leads to one document, with the rights of those who have no token. While they have none it is closed.
 * Safe from any thread.
 */
final class BarePort {
    private static final Logger LOG = LoggerFactory.getLogger(BarePort.class);

    private final OpenDocument document;
    private final LinkOptions links;
    private final Access access;
    private final Documents documents;
    private final Peers peers;

    // Guarded by this.
    private InetSocketAddress address;
    private Rights rights;
    private @Nullable TcpServer server;
    private CompletableFuture<Void> shut = CompletableFuture.completedFuture(null);
    private boolean closing;

    private BarePort(
            InetSocketAddress address,
            OpenDocument document,
            LinkOptions links,
            Access access,
            Documents documents,
            Peers peers) {
        this.address = address;
        this.document = document;
        this.links = links;
        this.access = access;
        this.documents = documents;
        this.peers = peers;
        this.rights = current();
    }

    /**
     * Listens.
     *
     * @param document stays the caller's
     * @throws IOException if the address cannot be had, or nobody could use it
     */
    static BarePort listen(
            InetSocketAddress address,
            OpenDocument document,
            LinkOptions links,
            Access access,
            Documents documents,
            Peers peers)
            throws IOException {
        BarePort port = new BarePort(address, document, links, access, documents, peers);
        if (!port.rights.include(Rights.READ)) {
            throw new IOException(
                    "nobody could use the TCP port of " + document.name()
                            + ": there is no place for a token there, and \"anonymous\" in the file of tokens has no right to read it");
        }
        port.open();
        return port;
    }

    private Rights current() {
        return access.rightsOrNone(null, document.name());
    }

    private synchronized void open() throws IOException {
        if (closing || server != null || !rights.include(Rights.READ)) {
            return;
        }
        LinkOptions options =
                links.session(Peers.session(document.type(), rights)).listener(new Arrivals(rights));
        TcpServer opened = TcpServer.listen(document.replica(), address, options);
        server = opened;
        address = opened.address();
    }

    /** Where it is, with the port that was picked. */
    synchronized InetSocketAddress address() {
        return address;
    }

    String document() {
        return document.name();
    }

    /**
     * Opens anew when the rights have changed: a session has the rights it began with.
     *
     * @param blocking where to listen again, which waits
     */
    synchronized void renew(Executor blocking) {
        Rights now = current();
        if (now == rights) {
            return;
        }
        rights = now;
        TcpServer old = server;
        server = null;
        shut = old == null ? shut : old.shutdown();
        shut.thenRun(() -> {
            try {
                blocking.execute(this::reopen);
            } catch (RejectedExecutionException hubIsGone) {
                LOG.atDebug().log("not opened again: the hub is shutting down");
            }
        });
    }

    private void reopen() {
        try {
            open();
            LOG.atInfo().addKeyValue("document", document.name()).log("TCP port has other rights: {}", current());
        } catch (IOException taken) {
            LOG.atError().addKeyValue("document", document.name()).log("TCP port lost: {}", taken.getMessage());
        }
    }

    /** Closes for good: what is due is sent. */
    synchronized CompletableFuture<Void> shutdown() {
        closing = true;
        TcpServer old = server;
        server = null;
        return old == null ? shut : old.shutdown();
    }

    /** Enters those who come into the books. */
    private final class Arrivals implements LinkListener {
        private final Rights granted;

        Arrivals(Rights granted) {
            this.granted = granted;
        }

        @Override
        public void opened(Connection connection) {
            documents
                    .join(document.name())
                    .thenAccept(joined -> peers.enter(new Peer(
                            joined,
                            connection,
                            Transport.TCP,
                            granted,
                            null,
                            "anonymous",
                            (code, reason) -> end(connection, code))));
        }
    }

    /** There is no place for a reason. Who has no right any more is not listened to until it ends by itself. */
    private static void end(Connection connection, CloseCode code) {
        if (code == CloseCode.GOING_AWAY) {
            connection.shutdown();
        } else {
            connection.close();
        }
    }
}
