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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries a {@link Session} over a channel of bytes. The last handler of a pipeline, for one channel.
 *
 * <p>Three lines of policy: on read, receive; on ready, or when the channel has room again, transmit while it has room;
 * on a fault, close this channel only. The rest is ends and time-outs. When the handler is taken out of its pipeline the
 * session and the channel are closed.
 *
 * @see "architecture, section 5"
 */
public final class SessionHandler extends ChannelInboundHandlerAdapter {
    /*
     * At most one buffer is on its way: the next is filled when the system has taken it. So a peer that does not read
     * costs one buffer, whatever happens to the replica, and what it gets when it reads again is news. Filling buffers up
     * to a water mark would cost more and gain nothing: the system has a buffer of its own.
     *
     * Everything here runs on the channel's event loop, except wake(), which any thread may call with nothing locked, and
     * what an Intake does where signatures are to be checked.
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

    /** Enough for a few live updates; what does not fit makes the next buffer a large one. */
    private static final int SMALL_BUFFER = 1 << 11;

    /** A channel that takes all it is given gets so many buffers before others of its loop have their turn. */
    private static final int BUFFERS_PER_TURN = 4;

    private final Session session;
    private final WireSession wire;
    private final LinkOptions.Settings settings;
    private final Consumer<? super Connection> onOpened;
    private final Consumer<? super Connection> onClosed;
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile @Nullable Active active;

    // Event loop only.
    private boolean busy;
    private boolean again;
    private boolean yielded;
    private boolean writing;
    private boolean filled;
    private boolean paused;
    private boolean held;
    private boolean lost;
    private boolean heard;
    private boolean live;
    private boolean peerEnded;
    private boolean outputShut;
    private boolean over;

    /** What there is once the channel is active. */
    private final class Active {
        final ChannelHandlerContext context;
        final Channel channel;
        final EventExecutor loop;
        final Connection connection;
        final Runnable onWoken = guarded(SessionHandler.this::onWoken);
        final Runnable onTurn = guarded(SessionHandler.this::onTurn);
        final Watchdog handshake;
        final Watchdog idle;
        final Watchdog stall;
        final Watchdog end;
        final Pace pace;

        /** Null where taking in is quick. */
        final @Nullable Intake intake;

        Active(ChannelHandlerContext context) {
            this.context = context;
            this.channel = context.channel();
            this.loop = context.executor();
            this.connection = new Connection(SessionHandler.this, session, channel.remoteAddress());
            this.handshake = new Watchdog(loop, settings.handshakeNanos, guarded(SessionHandler.this::onNoHandshake));
            this.idle = new Watchdog(loop, settings.idleNanos, guarded(SessionHandler.this::onIdle));
            this.stall = new Watchdog(loop, settings.stallNanos, guarded(SessionHandler.this::onStall));
            this.end = new Watchdog(loop, 0, guarded(SessionHandler.this::onNoEnd));
            this.pace = new Pace(settings, loop.ticker().nanoTime());
            this.intake = session.verifies() ? new Intake(wire, settings.intakes, loop, this::onTakenIn) : null;
        }

        private void onTakenIn(@Nullable Throwable fault) {
            onLoop(this, guarded(() -> SessionHandler.this.onTakenIn(fault)));
        }
    }

    /** Carries a session. Of the options, those for a server or a client as a whole are not looked at. */
    public SessionHandler(Session session, LinkOptions options) {
        this(session, options, opened -> {}, closed -> {});
    }

    /** Both are called on the event loop, the second before {@link Connection#closed} completes. */
    SessionHandler(
            Session session,
            LinkOptions options,
            Consumer<? super Connection> onOpened,
            Consumer<? super Connection> onClosed) {
        this.session = session;
        this.settings = options.settings;
        this.wire = new WireSession(session, settings.limits);
        this.onOpened = onOpened;
        this.onClosed = onClosed;
    }

    /**
     * Returns the connection.
     *
     * @throws IllegalStateException if there is none yet, because the channel is not active
     */
    public Connection connection() {
        return active().connection;
    }

    private Active active() {
        Active known = active;
        if (known == null) {
            throw new IllegalStateException("the handler is not in the pipeline of an active channel yet");
        }
        return known;
    }

    // Start

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (context.channel().isActive()) {
            start(context);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        start(context);
        context.fireChannelActive();
    }

    private void start(ChannelHandlerContext context) {
        if (active == null) {
            Active started = new Active(context);
            active = started;
            onOpened.accept(started.connection);
            wire.onReady(this::wake);
            started.handshake.touch();
            started.idle.touch();
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
            receive(active(), bytes);
        } finally {
            bytes.release();
        }
    }

    private void receive(Active active, ByteBuf bytes) throws ProtocolException {
        int count = bytes.readableBytes();
        int lines = 0;
        active.connection.countIn(count);
        active.idle.touch();
        Intake intake = active.intake;
        busy = true;
        try {
            while (!over && bytes.isReadable()) {
                byte[] scratch = intake == null ? SCRATCH.get() : new byte[bytes.readableBytes()];
                int length = Math.min(bytes.readableBytes(), scratch.length);
                bytes.readBytes(scratch, 0, length);
                if (!heard || active.pace.countsLines()) {
                    lines += Throttle.lines(scratch, length);
                    heard |= lines > 0;
                }
                if (intake == null) {
                    wire.receive(ByteBuffer.wrap(scratch, 0, length));
                } else if (!intake.add(scratch)) {
                    held = true;
                    active.idle.rest();
                    setReading(active);
                }
            }
        } finally {
            busy = false;
        }
        throttle(active, count, lines);
    }

    private void setReading(Active active) {
        active.channel.config().setAutoRead(!held && !paused);
    }

    /** There is room for more, or a fault. */
    private void onTakenIn(@Nullable Throwable fault) {
        Active active = active();
        if (fault != null) {
            finish(fault);
        } else if (!over) {
            if (held) {
                held = false;
                active.idle.touch();
                setReading(active);
            }
            pump();
        }
        if (lost) {
            endOfChannel(active.channel);
        }
    }

    private void throttle(Active active, int count, int lines) {
        long wait = active.pace.take(lines, count, active.loop.ticker().nanoTime());
        if (wait > 0 && !paused && !over) {
            paused = true;
            active.connection.countPause();
            active.idle.rest();
            setReading(active);
            active.loop.schedule(guarded(this::resume), wait, TimeUnit.NANOSECONDS);
        }
    }

    private void resume() {
        paused = false;
        if (!over) {
            active().idle.touch();
            setReading(active());
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
            Active active = active();
            peerEnded = true;
            active.idle.stop();
            active.handshake.stop();
            active.stall.tighten(settings.closeNanos);
            if (active.intake == null) {
                wire.receiveEnd();
            } else {
                active.intake.addEnd();
            }
            pump();
        }
    }

    // Out

    /** Any thread may call this, while nothing is locked. */
    private void wake() {
        Active active = active();
        if (active.loop.inEventLoop() && busy) {
            // Whoever is at work looks again before it leaves.
            again = true;
        } else if (woken.compareAndSet(false, true)) {
            onLoop(active, active.onWoken);
        }
    }

    private void onLoop(Active active, Runnable task) {
        try {
            active.loop.execute(task);
        } catch (RejectedExecutionException loopGone) {
            session.close(loopGone);
        }
    }

    private void onWoken() {
        woken.set(false);
        if (writing && session.state() == Session.State.CLOSED) {
            boundEnd(active());
        }
        pump();
    }

    private void onTurn() {
        yielded = false;
        pump();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        pump();
        context.fireChannelWritabilityChanged();
    }

    private void pump() {
        Active active = this.active;
        if (busy || yielded || over || active == null) {
            again = true;
            return;
        }
        busy = true;
        try {
            int buffers = 0;
            boolean more = true;
            while ((more || again) && !writing && !over && active.channel.isWritable()) {
                if (++buffers > BUFFERS_PER_TURN) {
                    yieldTurn(active);
                    return;
                }
                again = false;
                more = writeBuffer(active);
            }
        } finally {
            busy = false;
        }
        if (!live && session.state() == Session.State.LIVE) {
            live = true;
        }
        endWhenDone(active);
    }

    /** A task at the end of the loop's queue would run before the loop looks at its sockets; one due later does not. */
    private void yieldTurn(Active active) {
        yielded = true;
        active.loop.schedule(active.onTurn, 1, TimeUnit.NANOSECONDS);
    }

    /** Returns whether there may be more to send. */
    private boolean writeBuffer(Active active) {
        int most = settings.bufferBytes;
        ByteBuf buffer = active.context.alloc().ioBuffer(filled ? most : Math.min(SMALL_BUFFER, most));
        boolean handedOn = false;
        try {
            ByteBuffer room = buffer.internalNioBuffer(0, buffer.writableBytes());
            int start = room.position();
            filled = wire.transmit(room);
            int count = room.position() - start;
            if (count > 0) {
                buffer.writerIndex(count);
                handedOn = true;
                write(active, buffer, count);
            }
            return filled;
        } finally {
            if (!handedOn) {
                buffer.release();
            }
        }
    }

    private void write(Active active, ByteBuf buffer, int count) {
        active.connection.setPending(count);
        ChannelFuture taken = active.context.writeAndFlush(buffer);
        if (taken.isDone()) {
            onTaken(active, taken, count);
        } else {
            writing = true;
            active.stall.touch();
            Runnable next = guarded(() -> {
                writing = false;
                active.stall.rest();
                onTaken(active, taken, count);
                pump();
            });
            taken.addListener(done -> next.run());
        }
    }

    private void onTaken(Active active, ChannelFuture taken, int count) {
        Throwable cause = taken.cause();
        if (cause == null) {
            active.connection.setPending(0);
            active.connection.countOut(count);
        } else {
            finish(cause);
        }
    }

    // End

    private void endWhenDone(Active active) {
        if (writing || over || !wire.outputEnded()) {
            return;
        }
        if (peerEnded) {
            if (active.intake == null || !active.intake.isWorking()) {
                finish(null);
            }
        } else if (!outputShut) {
            outputShut = true;
            active.handshake.stop();
            active.idle.touch();
            active.idle.tighten(settings.closeNanos);
            ChannelHandlerContext framing = WebSocketLines.in(active.channel.pipeline());
            if (framing != null) {
                ((WebSocketLines) framing.handler()).endOutput(framing);
            } else if (active.channel instanceof DuplexChannel halves) {
                halves.shutdownOutput().addListener(done -> {
                    if (done.cause() != null) {
                        finish(done.cause());
                    }
                });
            }
        }
    }

    void shutdown() {
        session.end();
        Active active = active();
        onLoop(active, guarded(() -> {
            boundEnd(active);
            pump();
        }));
    }

    private void boundEnd(Active active) {
        if (!over && !active.end.isWatching()) {
            active.end.touch();
            active.end.tighten(settings.closeNanos);
        }
    }

    void cut() {
        session.close();
        onLoop(active(), guarded(() -> finish(null)));
    }

    private void finish(@Nullable Throwable cause) {
        if (!over) {
            over = true;
            Active active = active();
            active.connection.fail(cause == null ? session.failure() : cause);
            active.handshake.stop();
            active.idle.stop();
            active.stall.stop();
            active.end.stop();
            session.close(cause);
            if (active.intake != null) {
                active.intake.stop();
            }
            active.channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws ProtocolException {
        if (!(context.channel() instanceof DuplexChannel)) {
            // Where channels cannot be half closed, this is how a peer ends.
            onPeerEnded();
        }
        if (active != null && active.intake != null && active.intake.isWorking()) {
            // What has arrived counts.
            lost = true;
        } else {
            endOfChannel(context.channel());
        }
        context.fireChannelInactive();
    }

    private void endOfChannel(Channel channel) {
        if (!(channel instanceof DuplexChannel)) {
            finish(null);
        }
        gone();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        gone();
    }

    private void gone() {
        Active active = this.active;
        if (active == null) {
            session.close(new IOException("there never was a connection"));
            return;
        }
        finish(new IOException("the connection was lost"));
        active.connection.setPending(0);
        if (active.connection.isOpen()) {
            onClosed.accept(active.connection);
            active.connection.completeClosed();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (active == null) {
            session.close(cause);
            context.close();
        } else {
            finish(cause);
        }
    }

    /** What an event loop runs for this channel must not disturb others: a fault ends the channel. */
    private Runnable guarded(Runnable action) {
        return () -> {
            try {
                action.run();
            } catch (Throwable fault) {
                finish(fault);
            }
        };
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
            finish(Watchdog.late("no handshake came within %s", settings.handshakeNanos));
        }
    }

    private void onIdle() {
        if (!outputShut) {
            finish(Watchdog.late("nothing was received for %s", settings.idleNanos));
        } else if (live || active().end.isWatching() || session.state() == Session.State.CLOSED) {
            // Everything was exchanged, or it is we who leave: that the peer stays is no failure.
            finish(null);
        } else {
            finish(Watchdog.late("the peer did not end within %s of our end", settings.closeNanos));
        }
    }

    private void onStall() {
        long most = settings.stallNanos;
        finish(Watchdog.late("the peer took nothing for %s", peerEnded && most == 0 ? settings.closeNanos : most));
    }

    private void onNoEnd() {
        if (outputShut) {
            finish(null);
        } else {
            finish(Watchdog.late("the peer did not take what was due within %s", settings.closeNanos));
        }
    }

    /** Returns why the connection is being closed, or null. */
    @Nullable
    Throwable failure() {
        Active active = this.active;
        return active == null ? session.failure() : active.connection.failure();
    }

    /** Tells whether both sides have once had what the other had. Event loop only. */
    boolean wasLive() {
        return live;
    }
}
