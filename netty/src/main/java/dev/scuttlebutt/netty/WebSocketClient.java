package dev.scuttlebutt.netty;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.Subscription;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a replica linked with a document that is served over WebSocket, as a hub does: connects, and connects again after
 * a loss.
 *
 * <pre>{@code
 * try (WebSocketClient client = WebSocketClient.connect(model, URI.create("ws://127.0.0.1:7080/replicate/model/a"))) {
 *     …
 * }
 * }</pre>
 *
 * <p>It behaves as {@link TcpClient}, and gives up when the server closes with a code that says that coming back makes no
 * sense: see {@link WebSocketClosedException#isFinal} and {@link #lastFailure}. Safe from any thread.
 */
public final class WebSocketClient implements AutoCloseable {
    private final TcpClient link;
    private final URI uri;

    private WebSocketClient(TcpClient link, URI uri) {
        this.link = link;
        this.uri = uri;
    }

    /** Starts to connect, with the default options. See {@link #connect(Replica, URI, LinkOptions, Map)}. */
    public static WebSocketClient connect(Replica replica, URI uri) {
        return connect(replica, uri, LinkOptions.defaults(), Map.of());
    }

    /**
     * Starts to connect and returns.
     *
     * @param uri {@code ws://HOST:PORT/PATH}, or {@code wss} for TLS
     * @param options for {@code wss} without {@link LinkOptions#tls} the authorities Java comes with are trusted
     * @param headers sent with the request, for example {@code Authorization}
     * @throws IllegalArgumentException if the address is none of a WebSocket
     */
    public static WebSocketClient connect(Replica replica, URI uri, LinkOptions options, Map<String, String> headers) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean secure = scheme.equals("wss");
        if (uri.getHost() == null || !(secure || scheme.equals("ws"))) {
            throw new IllegalArgumentException("expected an address such as ws://127.0.0.1:7080/PATH, found " + uri);
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
        String host = uri.getHost().startsWith("[")
                ? uri.getHost().substring(1, uri.getHost().length() - 1)
                : uri.getHost();
        LinkOptions all = secure && options.settings.tls == null ? options.tls(trusting()) : options;
        WebSocketUpgrade.Target target = new WebSocketUpgrade.Target(uri, Map.copyOf(headers));
        return new WebSocketClient(TcpClient.connect(replica, host, port, all, target), uri);
    }

    private static Tls trusting() {
        try {
            return Tls.client();
        } catch (IOException noFileIsRead) {
            throw new IllegalStateException(noFileIsRead);
        }
    }

    /** Returns the address it was given. */
    public URI uri() {
        return uri;
    }

    /** Returns the replica it links. */
    public Replica replica() {
        return link.replica();
    }

    /** Returns what it is doing. */
    public TcpClient.State state() {
        return link.state();
    }

    /** Returns the connection there is, or null. */
    public @Nullable Connection connection() {
        return link.connection();
    }

    /** Returns why the latest attempt or connection failed, or null when it did not. */
    public @Nullable Throwable lastFailure() {
        return link.lastFailure();
    }

    /** Returns how often it has tried to connect. */
    public long attempts() {
        return link.attempts();
    }

    /** Calls the listener, on an event loop, whenever {@link #state} has changed. It must not block. */
    public Subscription onChange(Runnable listener) {
        return link.onChange(listener);
    }

    /** Returns a future that completes, on an event loop, when it is closed. It does not fail. */
    public CompletableFuture<Void> closed() {
        return link.closed();
    }

    /** Shuts down gracefully. See {@link TcpClient#shutdown}. */
    public CompletableFuture<Void> shutdown() {
        return link.shutdown();
    }

    /** Shuts down and waits for it; on an event loop it does not wait. */
    @Override
    public void close() {
        link.close();
    }

    @Override
    public String toString() {
        return "client of " + replica() + " to " + uri + ", " + state();
    }
}
