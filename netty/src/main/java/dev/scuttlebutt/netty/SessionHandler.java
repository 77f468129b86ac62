package dev.scuttlebutt.netty;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.wire.WireSession;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries a {@link Session} over a channel of bytes. The last handler of a pipeline, for one channel.
 *
 * <p>Three lines of policy: on read, receive; on ready, or when the channel has room again, transmit while it has room;
 * on a fault, close this channel only. The rest is ends and time-outs.
 *
 * @see "architecture, section 5"
 */
public final class SessionHandler extends ChannelInboundHandlerAdapter {
    /*
     * At most one buffer is on its way: the next is filled when the system has taken it. So a peer that does not read
     * costs one buffer, whatever happens to the replica, and what it gets when it reads again is news. Filling buffers up
     * to a water mark would cost more and gain nothing: the system has a buffer of its own.
     *
     * Everything here runs on the channel's event loop, except wake(), which any thread may call with nothing locked.
     *
     * An end has two halves. Ours: the session says outputEnded and the last buffer is taken, then the output is shut.
     * The peer's: its end is read. The channel is closed after both, since closing a socket with bytes unread resets it,
     * which can take our last words out of the peer's hands.
     */
    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[1 << 16];
        }
    };

    private static final int SMALL_BUFFER = 1 << 11;

    /** A channel that takes all it is given gets so much before others of its loop have their turn. */
    private static final int BUFFERS_PER_TURN = 4;

    private final Session session;
    private final WireSession wire;
    private final LinkOptions options;
    private final Consumer<? super Connection> onOpened;
    private final Consumer<? super Connection> onClosed;
    private final AtomicBoolean woken = new AtomicBoolean();

    private @Nullable Link link;
    private boolean busy;
    private boolean again;
    private boolean writing;
    private boolean yielded;
    private boolean filled;
    private boolean paused;
    private boolean live;
    private boolean heard;
    private boolean peerEnded;
    private boolean outputShut;
    private boolean over;

    /** What is known once the handler is in a pipeline. */
    private final class Link {
        final ChannelHandlerContext context;
        final Channel channel;
        final EventExecutor loop;
        final Connection connection;
        final Watchdog handshake;
        final Watchdog idle;
        final Watchdog stall;
        final Watchdog end;
        final @Nullable Throttle lines;
        final @Nullable Throttle bytes;
        boolean started;

        Link(ChannelHandlerContext context) {
            LinkOptions.Settings settings = options.settings;
            this.context = context;
            this.channel = context.channel();
            this.loop = context.executor();
            this.connection = new Connection(SessionHandler.this, channel, session, channel.remoteAddress());
            this.handshake = new Watchdog(loop, settings.handshakeNanos, guarded(SessionHandler.this::onNoHandshake));
            this.idle = new Watchdog(loop, settings.idleNanos, guarded(SessionHandler.this::onIdle));
            this.stall = new Watchdog(loop, settings.stallNanos, guarded(SessionHandler.this::onStall));
            this.end = new Watchdog(loop, 0, guarded(SessionHandler.this::onNoEnd));
            long now = loop.ticker().nanoTime();
            this.lines = settings.linesPerSecond == 0 ? null : new Throttle(settings.linesPerSecond, now);
            this.bytes = settings.bytesPerSecond == 0 ? null : new Throttle(settings.bytesPerSecond, now);
        }
    }

    /** Carries a session. Of the options, those for a server or a client as a whole are not looked at. */
    public SessionHandler(Session session, LinkOptions options) {
        this(session, options, opened -> {}, closed -> {});
    }

    SessionHandler(
            Session session,
            LinkOptions options,
            Consumer<? super Connection> onOpened,
            Consumer<? super Connection> onClosed) {
        this.session = session;
        this.onOpened = onOpened;
        this.onClosed = onClosed;
        this.wire = new WireSession(session, options.settings.limits);
        this.options = options;
    }

    /**
     * Returns the connection.
     *
     * @throws IllegalStateException if the handler is not yet in a pipeline
     */
    public Connection connection() {
        return link().connection;
    }

    private Link link() {
        Link known = link;
        if (known == null) {
            throw new IllegalStateException("the handler is not in a pipeline yet");
        }
        return known;
    }

    // Start

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        Link added = new Link(context);
        link = added;
        onOpened.accept(added.connection);
        if (context.channel().isActive()) {
            start(added);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        start(link());
        context.fireChannelActive();
    }

    private void start(Link link) {
        if (!link.started) {
            link.started = true;
            wire.onReady(this::wake);
            link.handshake.touch();
            link.idle.touch();
            pump();
        }
    }

    // In

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws ProtocolException {
        if (!(message instanceof ByteBuf bytes)) {
            context.fireChannelRead(message);
            return;
        }
        try {
            receive(bytes);
        } finally {
            bytes.release();
        }
    }

    private void receive(ByteBuf bytes) throws ProtocolException {
        Link link = link();
        int count = bytes.readableBytes();
        link.connection.bytesIn.addAndGet(count);
        link.idle.touch();
        int lines = 0;
        busy = true;
        try {
            while (!over && bytes.isReadable()) {
                byte[] scratch = SCRATCH.get();
                int length = Math.min(bytes.readableBytes(), scratch.length);
                bytes.readBytes(scratch, 0, length);
                lines += countLines(link, scratch, length);
                wire.receive(ByteBuffer.wrap(scratch, 0, length));
            }
        } finally {
            busy = false;
        }
        throttle(link, count, lines);
    }

    private int countLines(Link link, byte[] bytes, int length) {
        if (heard && link.lines == null) {
            return 0;
        }
        int lines = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                lines++;
            }
        }
        heard |= lines > 0;
        return lines;
    }

    private void throttle(Link link, int count, int lines) {
        long now = link.loop.ticker().nanoTime();
        long wait = Math.max(
                link.bytes == null ? 0 : link.bytes.take(count, now),
                link.lines == null ? 0 : link.lines.take(lines, now));
        if (wait > 0 && !paused && !over) {
            paused = true;
            link.connection.pauses.incrementAndGet();
            link.idle.rest();
            link.channel.config().setAutoRead(false);
            link.loop.schedule(guarded(this::resume), wait, TimeUnit.NANOSECONDS);
        }
    }

    private void resume() {
        Link link = link();
        paused = false;
        if (!over) {
            link.idle.touch();
            link.channel.config().setAutoRead(true);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        pump();
        context.fireChannelReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws ProtocolException {
        if (event instanceof ChannelInputShutdownEvent) {
            onPeerEnded();
        }
        context.fireUserEventTriggered(event);
    }

    private void onPeerEnded() throws ProtocolException {
        if (!peerEnded && !over) {
            Link link = link();
            peerEnded = true;
            link.idle.stop();
            link.handshake.stop();
            link.stall.tighten(options.settings.closeNanos);
            wire.receiveEnd();
            pump();
        }
    }

    // Out

    /** Any thread may call this, while nothing is locked. */
    private void wake() {
        EventExecutor loop = link().loop;
        if (loop.inEventLoop() && busy) {
            // Whoever is at work looks again before it leaves.
            again = true;
        } else if (woken.compareAndSet(false, true)) {
            try {
                loop.execute(guarded(this::onWoken));
            } catch (RejectedExecutionException loopGone) {
                session.close(loopGone);
            }
        }
    }

    private void onWoken() {
        woken.set(false);
        pump();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        pump();
        context.fireChannelWritabilityChanged();
    }

    private void pump() {
        Link link = link();
        if (busy || !link.started || over) {
            return;
        }
        busy = true;
        try {
            int buffers = 0;
            boolean more = true;
            while ((more || again) && !writing && !over && link.channel.isWritable()) {
                if (++buffers > BUFFERS_PER_TURN) {
                    yieldTurn(link);
                    return;
                }
                again = false;
                more = writeBuffer(link);
            }
        } finally {
            busy = false;
        }
        noteLive(link);
        endWhenDone(link);
    }

    /** A task put at the end of the queue would run before the loop looks at its sockets again; one that is due later not. */
    private void yieldTurn(Link link) {
        if (!yielded) {
            yielded = true;
            link.loop.schedule(
                    guarded(() -> {
                        yielded = false;
                        pump();
                    }),
                    1,
                    TimeUnit.NANOSECONDS);
        }
    }

    /** Returns whether there may be more to send. */
    private boolean writeBuffer(Link link) {
        int most = options.settings.bufferBytes;
        ByteBuf buffer = link.context.alloc().ioBuffer(filled ? most : Math.min(SMALL_BUFFER, most));
        boolean written = false;
        try {
            ByteBuffer room = buffer.internalNioBuffer(0, buffer.writableBytes());
            int start = room.position();
            filled = wire.transmit(room);
            int count = room.position() - start;
            if (count > 0) {
                buffer.writerIndex(count);
                written = true;
                write(link, buffer, count);
            }
            return filled;
        } finally {
            if (!written) {
                buffer.release();
            }
        }
    }

    private void write(Link link, ByteBuf buffer, int count) {
        link.connection.pending.set(count);
        ChannelFuture taken = link.context.writeAndFlush(buffer);
        if (taken.isDone()) {
            onTaken(link, taken, count);
        } else {
            writing = true;
            link.stall.touch();
            taken.addListener(done -> {
                writing = false;
                link.stall.rest();
                onTaken(link, taken, count);
                pump();
            });
        }
    }

    private void onTaken(Link link, ChannelFuture taken, int count) {
        link.connection.pending.set(0);
        Throwable cause = taken.cause();
        if (cause == null) {
            link.connection.bytesOut.addAndGet(count);
        } else {
            fail(cause);
        }
    }

    // End

    private void endWhenDone(Link link) {
        if (writing || over || !wire.outputEnded()) {
            return;
        }
        if (peerEnded) {
            finish(link, null);
        } else if (!outputShut) {
            outputShut = true;
            link.handshake.stop();
            link.idle.touch();
            link.idle.tighten(options.settings.closeNanos);
            if (link.channel instanceof DuplexChannel halves) {
                halves.shutdownOutput().addListener(done -> {
                    if (done.cause() != null) {
                        fail(done.cause());
                    }
                });
            }
        }
    }

    void shutdown() {
        session.end();
        onLoop(() -> {
            link().end.touch();
            link().end.tighten(options.settings.closeNanos);
            pump();
        });
    }

    /** Ends at once. */
    void cut(@Nullable Throwable cause) {
        session.close(cause);
        onLoop(() -> finish(link(), cause));
    }

    private void onLoop(Runnable action) {
        EventExecutor loop = link().loop;
        if (loop.inEventLoop()) {
            action.run();
        } else {
            try {
                loop.execute(guarded(action));
            } catch (RejectedExecutionException loopGone) {
                session.close(loopGone);
            }
        }
    }

    private void fail(Throwable cause) {
        finish(link(), cause);
    }

    private void finish(Link link, @Nullable Throwable cause) {
        if (over) {
            return;
        }
        over = true;
        link.connection.fail(cause);
        link.handshake.stop();
        link.idle.stop();
        link.stall.stop();
        link.end.stop();
        session.close(cause);
        link.channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws ProtocolException {
        Link link = link();
        if (!over && !(link.channel instanceof DuplexChannel)) {
            // Where there are no half-closed channels, this is how a peer ends.
            onPeerEnded();
            finish(link, null);
        }
        gone(link);
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        gone(link());
    }

    private void gone(Link link) {
        finish(link, new IOException("the connection was lost"));
        if (link.connection.isOpen()) {
            onClosed.accept(link.connection);
            link.connection.completeClosed();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(cause);
    }

    // Time-outs

    private void onNoHandshake() {
        if (session.state() != Session.State.GREETING) {
            return;
        }
        if (session.options().sends() && !session.options().receives()) {
            wire.assume(Clock.EMPTY);
            pump();
        } else if (!heard) {
            fail(late("no handshake came within %s", options.settings.handshakeNanos));
        }
    }

    private void onIdle() {
        if (!outputShut) {
            fail(late("nothing was received for %s", options.settings.idleNanos));
        } else if (live) {
            finish(link(), null);
        } else {
            fail(late("the peer did not end within %s of our end", options.settings.closeNanos));
        }
    }

    private void onStall() {
        long limit = options.settings.stallNanos;
        if (peerEnded && (limit == 0 || limit > options.settings.closeNanos)) {
            limit = options.settings.closeNanos;
        }
        fail(late("the peer has taken nothing for %s", limit));
    }

    private void onNoEnd() {
        if (outputShut) {
            finish(link(), null);
        } else {
            fail(late("the peer did not take what was due within %s", options.settings.closeNanos));
        }
    }

    private static TimeoutException late(String message, long nanos) {
        return new TimeoutException(String.format(message, nanos / 1_000_000 + " ms"));
    }

    private void noteLive(Link link) {
        if (!live && session.state() == Session.State.LIVE) {
            live = true;
        }
    }

    /** Tells whether both sides have once had what the other had. Event loop only. */
    boolean wasLive() {
        return live;
    }

    /** What an event loop runs for this channel must not disturb others: a fault ends the channel. */
    private Runnable guarded(Runnable action) {
        return () -> {
            try {
                action.run();
            } catch (Throwable fault) {
                fail(fault);
            }
        };
    }
}
