package dev.scuttlebutt.netty;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.Subscription;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a replica linked with a peer over bare TCP: connects, and connects again after a loss.
 *
 * <pre>{@code
 * try (TcpClient client = TcpClient.connect(model, "127.0.0.1", 7000)) {
 *     …
 * }
 * }</pre>
 *
 * <p>It waits between attempts, longer each time ({@link LinkOptions#backOff}), until a connection has brought both sides
 * up to date or has lasted longer than the longest wait. It connects again when the peer ended gracefully too, except
 * after a complete exchange without tail ({@code SessionOptions.tail(false)}). When the replica is disposed of it shuts
 * down. Safe from any thread.
 */
public final class TcpClient implements AutoCloseable {
    /*
     * Everything but the looks from outside happens on one event loop, which is also that of the channel.
     *
     *   CONNECTING ──► CONNECTED
     *      ▲  │            │
     *      │  ▼            ▼
     *      WAITING ◄───────┘       ──► CLOSED from each
     */

    /** What it is doing. */
    public enum State {
        /** It tries to connect. */
        CONNECTING,
        /** There is a connection. How far the exchange on it has come is the state of its session. */
        CONNECTED,
        /** It waits before it connects again. */
        WAITING,
        /** It is over. */
        CLOSED
    }

    private final Replica replica;
    private final String host;
    private final int port;
    private final LinkOptions options;
    private final WebSocketUpgrade.@Nullable Target target;
    private final Loops loops;
    private final EventLoop loop;
    private final Notices notices;
    private final BackOff backOff;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile @Nullable Subscription disposal;

    private volatile State state = State.CONNECTING;
    private volatile @Nullable Connection connection;
    private volatile @Nullable Throwable lastFailure;
    private volatile long attempts;

    // Event loop only.
    private boolean closing;
    private @Nullable SessionHandler handler;
    private @Nullable Channel connecting;
    private @Nullable Future<?> waiting;
    private long connectedAt;

    private TcpClient(
            Replica replica, String host, int port, LinkOptions options, WebSocketUpgrade.@Nullable Target target) {
        LinkOptions.Settings settings = options.settings;
        if (settings.tls != null && settings.tls.isServer()) {
            throw new IllegalArgumentException("a client needs the side of a client of TLS");
        }
        this.replica = replica;
        this.host = host;
        this.port = port;
        this.options = options;
        this.target = target;
        this.loops = Loops.of(options);
        this.loop = loops.group.next();
        this.notices = new Notices(settings.listener);
        this.backOff = new BackOff(
                settings.minBackOffNanos,
                settings.maxBackOffNanos,
                () -> ThreadLocalRandom.current().nextDouble());
    }

    /** Starts to connect, with the default options. See {@link #connect(Replica, String, int, LinkOptions)}. */
    public static TcpClient connect(Replica replica, String host, int port) {
        return connect(replica, host, port, LinkOptions.defaults());
    }

    /** Starts to connect. See {@link #connect(Replica, String, int, LinkOptions)}. */
    public static TcpClient connect(Replica replica, InetSocketAddress address, LinkOptions options) {
        return connect(replica, address.getHostString(), address.getPort(), options);
    }

    /**
     * Starts to connect and returns. A host that is not known or does not answer is tried again: see {@link #state} and
     * {@link #lastFailure}.
     *
     * @param host name or address; the name is looked up for each attempt
     * @throws IllegalArgumentException if the port is not from 1 to 65,535
     */
    public static TcpClient connect(Replica replica, String host, int port, LinkOptions options) {
        return connect(replica, host, port, options, null);
    }

    /** Starts to connect; with a target it asks there for a WebSocket before anything else. */
    static TcpClient connect(
            Replica replica, String host, int port, LinkOptions options, WebSocketUpgrade.@Nullable Target target) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a port is from 1 to 65535, was " + port);
        }
        TcpClient client = new TcpClient(replica, host, port, options, target);
        client.disposal = replica.on(ReplicaEvent.Disposed.class, disposed -> client.shutdown());
        client.loop.execute(client::attempt);
        return client;
    }

    // Looks

    /** Returns the address it was given, not looked up. */
    public InetSocketAddress address() {
        return InetSocketAddress.createUnresolved(host, port);
    }

    /** Returns the replica it links. */
    public Replica replica() {
        return replica;
    }

    /** Returns what it is doing. */
    public State state() {
        return state;
    }

    /** Returns the connection there is, or null. */
    public @Nullable Connection connection() {
        return connection;
    }

    /** Returns why the latest attempt or connection failed, or null when it did not. */
    public @Nullable Throwable lastFailure() {
        return lastFailure;
    }

    /** Returns how often it has tried to connect. */
    public long attempts() {
        return attempts;
    }

    /** Calls the listener, on an event loop, whenever {@link #state} has changed. It must not block. */
    public Subscription onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Returns a future that completes, on an event loop, when it is {@link State#CLOSED}. It does not fail. */
    public CompletableFuture<Void> closed() {
        return closed.copy();
    }

    // Connecting

    private void attempt() {
        if (closing) {
            return;
        }
        attempts++;
        enter(State.CONNECTING);
        Lookup.of(host).whenCompleteAsync(this::onLookedUp, loop);
    }

    private void onLookedUp(@Nullable List<InetAddress> found, @Nullable Throwable failure) {
        if (closing) {
            finish();
        } else if (found == null) {
            onFailure(address(), new IOException("cannot find the host " + host, failure));
        } else {
            tryAddress(found, 0);
        }
    }

    private void tryAddress(List<InetAddress> found, int index) {
        InetSocketAddress remote = new InetSocketAddress(found.get(index), port);
        long millis = TimeUnit.NANOSECONDS.toMillis(options.settings.connectNanos);
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(Integer.MAX_VALUE, millis))
                .handler(new Opener());
        ChannelFuture connected = bootstrap.connect(remote);
        connecting = connected.channel();
        connected.addListener(done -> {
            connecting = null;
            if (closing && handler == null) {
                connected.channel().close();
                finish();
            } else if (done.cause() != null && index + 1 < found.size()) {
                tryAddress(found, index + 1);
            } else if (done.cause() != null) {
                onFailure(remote, done.cause());
            }
        });
    }

    /** Opens the session once there is somebody to talk to. */
    private final class Opener extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            Sockets.prepare(context.channel().config(), options);
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            Channel channel = context.channel();
            Tls tls = options.settings.tls;
            if (closing) {
                channel.close();
                finish();
            } else if (channel.localAddress().equals(channel.remoteAddress())) {
                // Two ends that dial each other's port at the same moment are connected, even if they are the same one.
                channel.close();
                onFailure(channel.remoteAddress(), new ConnectException("nobody listens on port " + port));
            } else if (tls == null) {
                if (target != null) {
                    connecting = channel;
                }
                context.pipeline().replace(this, null, first(channel));
            } else {
                connecting = channel;
                context.pipeline()
                        .addFirst(tls.handler(channel.alloc(), host, port, options.settings.connectNanos))
                        .replace(this, null, new TlsGate(() -> first(channel), cause -> fail(channel, cause)));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
            onFailure(address(), cause);
        }
    }

    private void fail(Channel channel, Throwable cause) {
        connecting = null;
        onFailure(channel.remoteAddress(), cause);
    }

    private ChannelHandler first(Channel channel) {
        return target == null
                ? carrier()
                : new WebSocketUpgrade(target, options, this::carrier, cause -> fail(channel, cause));
    }

    private SessionHandler carrier() {
        SessionHandler opened =
                new SessionHandler(replica.open(options.settings.session), options, this::onOpened, this::onClosed);
        handler = opened;
        connecting = null;
        return opened;
    }

    private void onOpened(Connection opened) {
        connectedAt = loop.ticker().nanoTime();
        connection = opened;
        lastFailure = null;
        enter(State.CONNECTED);
        notices.opened(opened);
    }

    private void onClosed(Connection gone) {
        SessionHandler was = handler;
        handler = null;
        connection = null;
        boolean lasted = loop.ticker().nanoTime() - connectedAt > options.settings.maxBackOffNanos;
        if (lasted || was != null && was.wasLive()) {
            backOff.reset();
        }
        notices.closed(gone);
        Throwable failure = gone.failure();
        lastFailure = failure;
        boolean complete = failure == null && !options.settings.session.tail();
        boolean unwanted = failure instanceof WebSocketClosedException close && close.isFinal();
        if (closing || complete || unwanted) {
            finish();
        } else {
            retry();
        }
    }

    private void onFailure(SocketAddress remote, Throwable cause) {
        lastFailure = cause;
        notices.failed(remote, cause);
        retry();
    }

    private void retry() {
        if (closing || !options.settings.reconnect) {
            finish();
            return;
        }
        try {
            waiting = loop.schedule(this::attempt, backOff.nextNanos(), TimeUnit.NANOSECONDS);
            enter(State.WAITING);
        } catch (RejectedExecutionException loopGone) {
            lastFailure = loopGone;
            finish();
        }
    }

    // End

    /**
     * Shuts down gracefully: the session sends what is due and ends; if the peer does not end within
     * {@link LinkOptions#closeTimeout} the connection is cut.
     *
     * @return a future that completes, on an event loop, when the connection is closed
     */
    public CompletableFuture<Void> shutdown() {
        try {
            loop.execute(this::end);
        } catch (RejectedExecutionException loopGone) {
            finish();
        }
        return closed();
    }

    private void end() {
        if (closing) {
            return;
        }
        closing = true;
        Connection there = connection;
        Channel tried = connecting;
        if (there != null) {
            there.shutdown();
        } else if (tried != null) {
            tried.close();
        } else {
            if (waiting != null) {
                waiting.cancel(false);
            }
            finish();
        }
    }

    /** Shuts down and waits for it; on an event loop it does not wait. See {@link #shutdown}. */
    @Override
    public void close() {
        CompletableFuture<Void> end = shutdown();
        if (!loops.isHere()) {
            end.join();
        }
    }

    private void finish() {
        if (state != State.CLOSED) {
            closing = true;
            Subscription listening = disposal;
            if (listening != null) {
                listening.close();
            }
            enter(State.CLOSED);
            loops.release();
            closed.complete(null);
        }
    }

    private void enter(State next) {
        if (state != next) {
            state = next;
            for (Runnable listener : listeners) {
                Notices.guarded(listener);
            }
        }
    }

    @Override
    public String toString() {
        return "client of " + replica + " to " + host + ":" + port + ", " + state;
    }
}
