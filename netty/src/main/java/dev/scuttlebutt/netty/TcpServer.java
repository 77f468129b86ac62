package dev.scuttlebutt.netty;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.Subscription;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Gives a replica to whoever connects, over bare TCP, as
 * {@code net.createServer(s => s.pipe(model.createStream()).pipe(s))} does in JavaScript.
 *
 * <pre>{@code
 * try (TcpServer server = TcpServer.listen(model, "127.0.0.1", 7000)) {
 *     …
 * }
 * }</pre>
 *
 * <p>Each connection has a session of its own. One that breaks the protocol is closed; the others, and the replica, are
 * not touched. When the replica is disposed of the server shuts down. Safe from any thread.
 */
public final class TcpServer implements AutoCloseable {
    private final Replica replica;
    private final LinkOptions options;
    private final Loops loops;
    private final Notices notices;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Map<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Channel listener;
    private volatile @Nullable Subscription disposal;

    private TcpServer(Replica replica, InetSocketAddress address, LinkOptions options) throws IOException {
        Tls tls = options.settings.tls;
        if (tls != null && !tls.isServer()) {
            throw new IllegalArgumentException("a server needs the side of a server of TLS");
        }
        this.replica = replica;
        this.options = options;
        this.notices = new Notices(options.settings.listener);
        this.loops = Loops.of(options);
        try {
            this.listener = bind(address);
        } catch (IOException | RuntimeException failed) {
            loops.release();
            throw failed;
        }
    }

    /** Listens with the default options. See {@link #listen(Replica, InetSocketAddress, LinkOptions)}. */
    public static TcpServer listen(Replica replica, String host, int port) throws IOException {
        return listen(replica, host, port, LinkOptions.defaults());
    }

    /** Listens on this host and port. See {@link #listen(Replica, InetSocketAddress, LinkOptions)}. */
    public static TcpServer listen(Replica replica, String host, int port, LinkOptions options) throws IOException {
        return listen(replica, new InetSocketAddress(host, port), options);
    }

    /**
     * Listens. Not to be called on an event loop.
     *
     * @param address where; port 0 picks a free one, see {@link #address}
     * @throws IOException if the address cannot be had
     */
    public static TcpServer listen(Replica replica, InetSocketAddress address, LinkOptions options) throws IOException {
        TcpServer server = new TcpServer(replica, address, options);
        server.disposal = replica.on(ReplicaEvent.Disposed.class, disposed -> server.shutdown());
        return server;
    }

    private Channel bind(InetSocketAddress address) throws IOException {
        if (address.isUnresolved()) {
            throw new IOException("cannot listen on " + address.getHostString() + ": the host is not known");
        }
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops.group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel);
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                        notices.failed(context.channel().remoteAddress(), cause);
                        context.close();
                    }
                });
        int receiveBufferBytes = options.settings.receiveBufferBytes;
        if (receiveBufferBytes > 0) {
            // Accepted sockets inherit it; set later it would come after the window was negotiated.
            bootstrap.option(ChannelOption.SO_RCVBUF, receiveBufferBytes);
        }
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        return bound.channel();
    }

    /** Returns where it listens, with the port that was picked. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Returns the replica it gives away. */
    public Replica replica() {
        return replica;
    }

    /** Returns the open connections, oldest first. */
    public List<Connection> connections() {
        return connections.stream()
                .sorted(Comparator.comparing(Connection::since))
                .toList();
    }

    /** Returns how many connections have been accepted so far. */
    public long accepted() {
        return accepted.get();
    }

    /** Returns how many connections have been closed at once because of a limit. */
    public long refused() {
        return refused.get();
    }

    /** Tells whether it accepts connections. */
    public boolean isOpen() {
        return listener.isOpen() && !closing.get();
    }

    private void accept(SocketChannel channel) {
        InetSocketAddress remote = channel.remoteAddress();
        if (remote == null) {
            channel.close();
            return;
        }
        InetAddress address = remote.getAddress();
        String reason = reserve(address);
        if (reason != null) {
            release(address);
            refused.incrementAndGet();
            channel.close();
            notices.failed(remote, new IOException("refused: " + reason));
            return;
        }
        boolean carried = false;
        try {
            Sockets.prepare(channel.config(), options);
            Tls tls = options.settings.tls;
            if (tls == null) {
                channel.pipeline().addLast(carrier(address));
            } else {
                channel.pipeline()
                        .addLast(tls.handler(channel.alloc(), null, 0, options.settings.connectNanos))
                        .addLast(new TlsGate(() -> carrier(address), cause -> {
                            release(address);
                            notices.failed(remote, cause);
                        }));
            }
            carried = true;
        } finally {
            if (!carried) {
                release(address);
            }
        }
    }

    private SessionHandler carrier(InetAddress address) {
        return new SessionHandler(
                replica.open(options.settings.session), options, this::onOpened, gone -> onClosed(gone, address));
    }

    private void onOpened(Connection connection) {
        accepted.incrementAndGet();
        connections.add(connection);
        notices.opened(connection);
        if (closing.get()) {
            connection.shutdown();
        }
    }

    private void onClosed(Connection connection, InetAddress address) {
        connections.remove(connection);
        notices.closed(connection);
        release(address);
    }

    /** Takes a place, to be released in any case, and returns why there is none. */
    private @Nullable String reserve(InetAddress address) {
        int most = options.settings.maxConnections;
        int mostPerAddress = options.settings.maxConnectionsPerAddress;
        int all = open.incrementAndGet();
        int same = perAddress.merge(address, 1, Integer::sum);
        if (closing.get()) {
            return "the server is shutting down";
        }
        if (most > 0 && all > most) {
            return "there are " + most + " connections already";
        }
        if (mostPerAddress > 0 && same > mostPerAddress) {
            return "there are " + mostPerAddress + " connections with " + address.getHostAddress() + " already";
        }
        return null;
    }

    private void release(InetAddress address) {
        perAddress.computeIfPresent(address, (same, count) -> count == 1 ? null : count - 1);
        if (open.decrementAndGet() == 0) {
            completeWhenClosed();
        }
    }

    /**
     * Shuts down gracefully: accepts nobody any more; each session sends what is due and ends; connections whose peers do
     * not end within {@link LinkOptions#closeTimeout} are cut.
     *
     * @return a future that completes, on an event loop, when every connection is closed
     */
    public CompletableFuture<Void> shutdown() {
        if (closing.compareAndSet(false, true)) {
            Subscription listening = disposal;
            if (listening != null) {
                listening.close();
            }
            listener.close().addListener(done -> {
                connections.forEach(Connection::shutdown);
                completeWhenClosed();
            });
        }
        return closed.copy();
    }

    private void completeWhenClosed() {
        if (!listener.isOpen() && closing.get() && open.get() == 0) {
            loops.release();
            closed.complete(null);
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

    @Override
    public String toString() {
        return "server of " + replica + " on " + address();
    }
}
