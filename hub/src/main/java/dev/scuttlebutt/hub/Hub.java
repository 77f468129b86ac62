package dev.scuttlebutt.hub;

import dev.scuttlebutt.netty.LinkOptions;
import dev.scuttlebutt.store.Store;
import dev.scuttlebutt.wire.Limits;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the documents of a {@link Store} to whoever connects: over WebSocket at {@code /replicate/NAME}, over bare TCP on
 * ports of their own; with a web page, an API and metrics over HTTP.
 *
 * <pre>{@code
 * Store store = Store.open(new MemoryStorage(), DocumentTypes.schema());
 * try (Hub hub = Hub.start(store, HubOptions.defaults())) {
 *     …
 * }
 * }</pre>
 *
 * <p>A document is made on first use, in memory while somebody is connected to it. The store stays the caller's, who may
 * open documents of it too and closes it after the hub. Safe from any thread.
 */
public final class Hub implements AutoCloseable {
    /*
     * Two threads of sockets per processor, as everywhere in Netty, none of which ever waits: documents are opened by the
     * threads of the store, requests that read it are answered by two threads with a bounded queue.
     *
     * What a peer does not read costs one buffer, because a SessionHandler looks up what is due instead of queueing it; see
     * there. Updates go out as the bytes that came in.
     */
    private static final Logger LOG = LoggerFactory.getLogger(Hub.class);
    private static final int MAX_LINE = 4096;
    private static final int MAX_HEADERS = 16_384;
    private static final int MAX_BODY = 64 << 20;
    private static final int WAITING_REQUESTS = 256;
    private static final int MAX_BUFFER = 1 << 16;

    private final String id = UUID.randomUUID().toString();
    private final HubOptions.Settings settings;
    private final Access access;
    private final Documents documents;
    private final Admission admission;
    private final HubMetrics metrics;
    private final Peers peers;
    private final WebSocketEntrance entrance;
    private final LinkOptions links;
    private final ExecutorService blocking;
    private final EventLoopGroup loops;
    private final List<FileWatch> tlsFiles = new ArrayList<>();
    private final List<BarePort> ports = new CopyOnWriteArrayList<>();
    private final List<NeighbourSync> neighbours = new CopyOnWriteArrayList<>();
    private final List<OpenDocument> bound = new ArrayList<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
    private @Nullable Channel listener;

    private Hub(Store store, HubOptions.Settings settings) throws IOException {
        this.settings = settings;
        this.access = new Access(settings.tokens);
        this.documents = new Documents(store, settings.maxDocumentBytes);
        this.admission = new Admission(settings.maxConnections, settings.maxConnectionsPerAddress);
        this.metrics = new HubMetrics(documents, admission, neighbours);
        this.loops = new MultiThreadIoEventLoopGroup(
                new DefaultThreadFactory("scuttlebutt-hub", true), NioIoHandler.newFactory());
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                2,
                2,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_REQUESTS),
                new DefaultThreadFactory("scuttlebutt-hub-request", true));
        threads.allowCoreThreadTimeOut(true);
        this.blocking = threads;
        LinkOptions options = LinkOptions.defaults()
                .limits(Limits.defaults().maxLineBytes(settings.maxMessageBytes).skipBlankLines(true))
                .maxConnections(settings.maxConnections)
                .maxConnectionsPerAddress(settings.maxConnectionsPerAddress)
                .maxLinesPerSecond(settings.linesPerSecond)
                .maxBytesPerSecond(settings.bytesPerSecond)
                .idleTimeout(settings.idle)
                .handshakeTimeout(settings.handshake)
                .closeTimeout(settings.close)
                .bufferBytes(MAX_BUFFER)
                .eventLoops(loops);
        this.links = settings.tls == null ? options : options.tls(settings.tls);
        this.peers =
                new Peers(documents, access, metrics, name -> neighbours.forEach(neighbour -> neighbour.want(name)));
        this.entrance = new WebSocketEntrance(
                documents,
                access,
                settings,
                options,
                peers,
                name -> neighbours.forEach(neighbour -> neighbour.wantPresence(name)));
        LinkOptions toNeighbours =
                options.maxLinesPerSecond(0).maxBytesPerSecond(0).idleTimeout(Duration.ZERO);
        settings.neighbours.forEach(
                neighbour -> neighbours.add(new NeighbourSync(neighbour, id, documents, toNeighbours, loops.next())));
        settings.tlsFiles.forEach(file -> tlsFiles.add(new FileWatch(file)));
    }

    /**
     * Starts a hub.
     *
     * @param store whose documents it serves; see {@link DocumentTypes#schema} for a schema
     * @throws IOException if a port cannot be had, or the file of tokens cannot be used
     */
    public static Hub start(Store store, HubOptions options) throws IOException {
        Hub hub = new Hub(store, options.settings);
        try {
            hub.listen();
            for (HubOptions.TcpPort port : options.settings.tcp) {
                hub.listen(port);
            }
            hub.watch();
            hub.neighbours.forEach(NeighbourSync::start);
            return hub;
        } catch (IOException | RuntimeException failed) {
            hub.close();
            throw failed;
        }
    }

    private void listen() throws IOException {
        Origins origins = new Origins(settings.origins);
        Assets assets = new Assets();
        // A request that waits must end before the head of the next one is overdue.
        Duration longest = settings.handshake.multipliedBy(2).dividedBy(3);
        ChangesApi changes = new ChangesApi(id, documents.store(), access, longest, blocking);
        Api api = new Api(
                documents, access, settings, metrics, blocking, closing::get, this::reload, changes, neighbours);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (closing.get() || !admission.admit(channel)) {
                            channel.close();
                            return;
                        }
                        ChannelPipeline pipeline = channel.pipeline();
                        if (settings.tls != null) {
                            pipeline.addLast(settings.tls.newServerHandler(channel.alloc()));
                        }
                        pipeline.addLast(
                                "head-timeout",
                                new IdleStateHandler(settings.handshake.toSeconds(), 0, 0, TimeUnit.SECONDS));
                        // Two handlers and not one: so what follows a request for a WebSocket at once is not lost.
                        // What takes their places is in the same order, and a decoder writes through its encoder.
                        pipeline.addLast(new HttpResponseEncoder());
                        pipeline.addLast(new HttpRequestDecoder(new HttpDecoderConfig()
                                .setMaxInitialLineLength(MAX_LINE)
                                .setMaxHeaderSize(MAX_HEADERS)));
                        pipeline.addLast(new BodyGate(access));
                        pipeline.addLast(new HttpObjectAggregator(MAX_BODY));
                        pipeline.addLast(new HttpHandler(origins, assets, api, entrance));
                    }
                });
        if (settings.http.isUnresolved()) {
            throw new IOException("cannot listen on " + settings.http.getHostString() + ": the host is not known");
        }
        ChannelFuture opened = bootstrap.bind(settings.http).awaitUninterruptibly();
        if (!opened.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + settings.http.getHostString() + ":" + settings.http.getPort() + ": "
                            + opened.cause().getMessage(),
                    opened.cause());
        }
        listener = opened.channel();
        LOG.atInfo().addKeyValue("address", address()).log("serving HTTP and WebSocket");
    }

    private void listen(HubOptions.TcpPort port) throws IOException {
        OpenDocument document = join(port.document());
        bound.add(document);
        ports.add(BarePort.listen(port.address(), document, links, access, documents, peers));
    }

    private OpenDocument join(String name) throws IOException {
        try {
            return documents.join(name).join();
        } catch (CompletionException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            throw new IOException(cause.getMessage(), cause);
        }
    }

    // Rights and certificates

    private void watch() {
        long millis = settings.refresh.toMillis();
        if (settings.tokens != null || !tlsFiles.isEmpty()) {
            loops.next()
                    .scheduleAtFixedRate(() -> blocking.execute(this::refresh), millis, millis, TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Reads the file of tokens now. By itself the hub does so within a second after the file has changed.
     *
     * @return how many connections are being ended because their rights are gone or are others
     * @throws IOException if the file cannot be used; the old rights stay in force
     */
    public synchronized int reload() throws IOException {
        access.reload();
        return recheck();
    }

    private synchronized void refresh() {
        if (access.refresh()) {
            recheck();
        }
        boolean changed = false;
        for (FileWatch file : tlsFiles) {
            changed |= file.hasChanged();
        }
        if (changed && settings.tls != null) {
            try {
                settings.tls.reload();
                LOG.atInfo().log("certificates read again");
            } catch (IOException unusable) {
                LOG.atError().log("certificates not read again: {}", unusable.getMessage());
            }
        }
    }

    private int recheck() {
        int ended = 0;
        for (Peer peer : documents.peers()) {
            ended += peer.transport() != Transport.NEIGHBOUR && recheck(peer, true) ? 1 : 0;
        }
        for (Peer watcher : documents.watchers()) {
            ended += recheck(watcher, false) ? 1 : 0;
        }
        ports.forEach(port -> port.renew(blocking));
        return ended;
    }

    /** @param exactly whether it has to have the same rights as before, not only that of reading */
    private boolean recheck(Peer peer, boolean exactly) {
        Rights now = access.rightsOrNone(peer.tokenDigest(), peer.document().name());
        if (!now.include(Rights.READ)) {
            peer.close(CloseCode.NO_RIGHT, "the right was withdrawn");
            return true;
        }
        if (exactly && now != peer.rights()) {
            peer.close(CloseCode.RESTART, "the rights have changed");
            return true;
        }
        return false;
    }

    // Looks

    /** Returns where HTTP and WebSocket are served, with the port that was picked. */
    public InetSocketAddress address() {
        Channel open = listener;
        if (open == null) {
            throw new IllegalStateException("the hub has not started");
        }
        return (InetSocketAddress) open.localAddress();
    }

    /** Returns the TCP ports, with the names of their documents, in the order in which they were given. */
    public Map<InetSocketAddress, String> tcpAddresses() {
        Map<InetSocketAddress, String> names = new LinkedHashMap<>();
        ports.forEach(port -> names.put(port.address(), port.document()));
        return names;
    }

    /** Returns how many connections carry a document. */
    public int peers() {
        return documents.peers().size();
    }

    /** Returns the store it serves. */
    public Store store() {
        return documents.store();
    }

    // End

    /**
     * Shuts down gracefully: accepts nobody any more, sends what is due, tells each peer to come back later and lets it go,
     * and has the store write what it has not written. Connections that do not end within
     * {@link HubOptions#closeTimeout} are cut.
     *
     * @return completes when all of this is done
     */
    public CompletableFuture<@Nullable Void> shutdown() {
        if (closing.compareAndSet(false, true)) {
            Channel open = listener;
            if (open != null) {
                open.close();
            }
            List<CompletableFuture<?>> rounds = new ArrayList<>();
            loops.forEach(loop -> rounds.add(CompletableFuture.runAsync(() -> {}, loop)));
            CompletableFuture.allOf(rounds.toArray(CompletableFuture[]::new))
                    .thenCompose(settled -> endPeers())
                    .orTimeout(settings.close.toMillis() + 1000, TimeUnit.MILLISECONDS)
                    .exceptionally(late -> null)
                    .thenCompose(done -> documents.store().flush())
                    .whenComplete((done, failure) -> finish(failure));
        }
        return closed.copy();
    }

    /** After every event loop has had a turn: a peer is greeted and entered into the books in one. */
    private CompletableFuture<Void> endPeers() {
        List<CompletableFuture<?>> ends = new ArrayList<>();
        neighbours.forEach(neighbour -> ends.add(neighbour.shutdown()));
        for (Peer peer : documents.peers()) {
            if (peer.transport() != Transport.NEIGHBOUR) {
                ends.add(peer.connection().closed());
                peer.close(CloseCode.GOING_AWAY, "the hub is shutting down");
            }
        }
        for (Peer watcher : documents.watchers()) {
            ends.add(watcher.connection().closed());
            watcher.close(CloseCode.GOING_AWAY, "the hub is shutting down");
        }
        ports.forEach(port -> ends.add(port.shutdown()));
        return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
    }

    private void finish(@Nullable Throwable failure) {
        bound.forEach(documents::leave);
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS);
        blocking.shutdown();
        metrics.close();
        if (failure == null) {
            closed.complete(null);
        } else {
            closed.completeExceptionally(failure);
        }
    }

    /** Shuts down and waits for it. Not to be called on an event loop. */
    @Override
    public void close() {
        shutdown().join();
    }

    @Override
    public String toString() {
        return "hub on " + (listener == null ? "no address yet" : address());
    }
}
