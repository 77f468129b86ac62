package dev.scuttlebutt.netty;

import java.net.SocketAddress;

/** Tells a listener, which may throw what it likes. */
final class Notices {
    private static final System.Logger LOG = System.getLogger("dev.scuttlebutt.netty");

    private final LinkListener listener;

    Notices(LinkListener listener) {
        this.listener = listener;
    }

    void opened(Connection connection) {
        guarded(() -> listener.opened(connection));
    }

    void closed(Connection connection) {
        guarded(() -> listener.closed(connection));
    }

    void failed(SocketAddress remote, Throwable cause) {
        guarded(() -> listener.failed(remote, cause));
    }

    static void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable failure) { // an Error of a listener must not end an event loop's work either
            LOG.log(System.Logger.Level.WARNING, "a listener for connections failed", failure);
        }
    }
}
