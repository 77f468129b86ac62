package dev.scuttlebutt.link;

import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.wire.ByteSession;
import dev.scuttlebutt.wire.Limits;
import dev.scuttlebutt.wire.WireSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A link over a socket, or over any pair of streams: pipes, files, a child process.
 *
 * <pre>{@code
 * BlockingLink link = BlockingLink.over(model.open(), new Socket(host, port));
 * link.run();
 * }</pre>
 *
 * <p>{@link #run} reads on the calling thread and writes on a thread of its own. A peer that does not read blocks only
 * that thread.
 *
 * <p>When the session has nothing more to send, the output ends and the input is read on until the peer ends too. A peer
 * that never does keeps {@code run} waiting; {@link #close} does not wait for it.
 */
public final class BlockingLink implements Runnable, AutoCloseable {
    private static final int BUFFER = 1 << 16;

    /** Something to be done with what carries the bytes. */
    @FunctionalInterface
    private interface Step {
        void take() throws IOException;
    }

    private final ByteSession session;
    private final InputStream in;
    private final OutputStream out;
    private final Step endOutput;
    private final Step cut;
    private final ThreadFactory threads;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean ready;
    private volatile boolean closed;

    private BlockingLink(
            ByteSession session, InputStream in, OutputStream out, Step endOutput, Step cut, ThreadFactory threads) {
        this.session = session;
        this.in = in;
        this.out = out;
        this.endOutput = endOutput;
        this.cut = cut;
        this.threads = threads;
    }

    /**
     * Links a session with a connected socket, with the default limits and a daemon thread for writing. The link closes
     * the socket.
     *
     * @throws IOException if the socket is not connected or has been closed
     */
    public static BlockingLink over(Session session, Socket socket) throws IOException {
        return over(session, socket, Limits.defaults(), BlockingLink::daemon);
    }

    /**
     * Links a session with a connected socket. The link closes the socket.
     *
     * @param threads makes the thread that writes
     * @throws IOException if the socket is not connected or has been closed
     */
    public static BlockingLink over(Session session, Socket socket, Limits limits, ThreadFactory threads)
            throws IOException {
        return over(new WireSession(session, limits), socket, threads);
    }

    /**
     * Links whatever speaks in bytes with a connected socket. The link closes the socket.
     *
     * @throws IOException if the socket is not connected or has been closed
     */
    public static BlockingLink over(ByteSession session, Socket socket) throws IOException {
        return over(session, socket, BlockingLink::daemon);
    }

    private static BlockingLink over(ByteSession session, Socket socket, ThreadFactory threads) throws IOException {
        return new BlockingLink(
                session,
                socket.getInputStream(),
                socket.getOutputStream(),
                socket::shutdownOutput,
                socket::close,
                threads);
    }

    /**
     * Links a session with a pair of streams, with the default limits and a daemon thread for writing. The link closes
     * them.
     *
     * @param out is closed when nothing more is to be sent, which must leave {@code in} open. The streams of a socket do
     *     not: use {@link #over(Session, Socket)}.
     */
    public static BlockingLink over(Session session, InputStream in, OutputStream out) {
        return over(session, in, out, Limits.defaults(), BlockingLink::daemon);
    }

    /**
     * Links a session with a pair of streams. The link closes them.
     *
     * @param out is closed when nothing more is to be sent, which must leave {@code in} open. The streams of a socket do
     *     not: use {@link #over(Session, Socket, Limits, ThreadFactory)}.
     * @param threads makes the thread that writes
     */
    public static BlockingLink over(
            Session session, InputStream in, OutputStream out, Limits limits, ThreadFactory threads) {
        return new BlockingLink(
                new WireSession(session, limits),
                in,
                out,
                out::close,
                () -> {
                    try (in) {
                        out.close();
                    }
                },
                threads);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "scuttlebutt-writer");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Exchanges until both sides have ended, the link is closed or something fails; then the session is closed and so is
     * what carried it. See {@link #failure}. To be called once.
     */
    @Override
    public void run() {
        session.onReady(this::signal);
        try {
            Thread writer = threads.newThread(this::write);
            writer.start();
            read();
            writer.join();
        } catch (IOException | ProtocolException | RuntimeException broken) {
            fail(broken);
        } catch (InterruptedException stopped) {
            fail(stopped);
            Thread.currentThread().interrupt();
        } finally {
            close();
        }
    }

    /** Returns why the link broke, or null when it ended as agreed, was closed here or has not ended. */
    public @Nullable Throwable failure() {
        return failure.get();
    }

    /**
     * Cuts the link: the session is over, and what carries it is closed. {@link #run} returns as soon as closing the
     * input ends a read that is under way, as it does for a socket.
     */
    @Override
    public void close() {
        closed = true;
        session.close();
        signal();
        try {
            cut.take();
        } catch (IOException alreadyGone) {
            // The link is over either way, and if that was a failure its reason is kept.
        }
    }

    private void read() throws IOException, ProtocolException {
        byte[] buffer = new byte[BUFFER];
        int count;
        while ((count = in.read(buffer)) >= 0) {
            session.receive(ByteBuffer.wrap(buffer, 0, count));
        }
        session.receiveEnd();
    }

    private void write() {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        try {
            while (!session.outputEnded()) {
                buffer.clear();
                boolean more = session.transmit(buffer);
                out.write(buffer.array(), 0, buffer.position());
                if (!more) {
                    out.flush();
                    awaitSignal();
                }
            }
            endOutput.take();
        } catch (IOException | RuntimeException | Error broken) {
            fail(broken);
            close();
        } catch (InterruptedException stopped) {
            fail(stopped);
            close();
            Thread.currentThread().interrupt();
        }
    }

    private void signal() {
        lock.lock();
        try {
            ready = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void awaitSignal() throws InterruptedException {
        lock.lock();
        try {
            while (!ready && !session.outputEnded()) {
                changed.await();
            }
            ready = false;
        } finally {
            lock.unlock();
        }
    }

    /** What fails because the link was closed here is no failure of the link. */
    private void fail(Throwable cause) {
        if (!closed) {
            failure.compareAndSet(null, cause);
        }
        session.close(cause);
    }
}
