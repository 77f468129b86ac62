package dev.scuttlebutt.link;

import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.wire.Limits;
import dev.scuttlebutt.wire.WireSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A link over any pair of streams: sockets, pipes, files, a child process.
 *
 * <pre>{@code
 * Socket socket = new Socket(host, port);
 * BlockingLink link = new BlockingLink(model.open(), socket.getInputStream(), socket.getOutputStream());
 * link.run();
 * }</pre>
 *
 * <p>{@link #run} reads on the calling thread and writes on a thread of its own. A peer that does not read blocks only
 * that thread.
 */
public final class BlockingLink implements Runnable, AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final WireSession session;
    private final InputStream in;
    private final OutputStream out;
    private final ThreadFactory threads;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean ready;

    /** Links a session with a pair of streams, with the default limits and a daemon thread for writing. */
    public BlockingLink(Session session, InputStream in, OutputStream out) {
        this(session, in, out, Limits.defaults(), writer -> {
            Thread thread = new Thread(writer, "scuttlebutt-writer");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Links a session with a pair of streams.
     *
     * @param threads makes the thread that writes
     */
    public BlockingLink(Session session, InputStream in, OutputStream out, Limits limits, ThreadFactory threads) {
        this.session = new WireSession(session, limits);
        this.in = in;
        this.out = out;
        this.threads = threads;
    }

    /**
     * Exchanges until both sides have ended, the link is closed or something fails; then the streams are closed. See
     * {@link #failure}.
     */
    @Override
    public void run() {
        session.onReady(this::signal);
        Thread writer = threads.newThread(this::write);
        writer.start();
        try {
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

    /** Returns why the link ended, or null when it ended as agreed or has not ended. */
    public @Nullable Throwable failure() {
        return failure.get();
    }

    /** Cuts the link: the session is over and the streams are closed. */
    @Override
    public void close() {
        session.close();
        signal();
        closeQuietly(in);
        closeQuietly(out);
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
            endOutput();
        } catch (IOException | RuntimeException broken) {
            fail(broken);
            close();
        } catch (InterruptedException stopped) {
            fail(stopped);
            close();
            Thread.currentThread().interrupt();
        }
    }

    /** Closing is how a stream without half-close tells its end; a socket's stream would take the input along. */
    private void endOutput() throws IOException {
        if (out instanceof HalfClose halves) {
            halves.endOutput();
        }
    }

    /** An output stream that can end without taking its input stream along. */
    public interface HalfClose {
        /** Ends the output. The input stays open. */
        void endOutput() throws IOException;
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

    private void fail(Throwable cause) {
        failure.compareAndSet(null, cause);
        session.close(cause);
    }

    private static void closeQuietly(AutoCloseable stream) {
        try {
            stream.close();
        } catch (Exception alreadyGone) {
            // The link is over either way, and its reason is kept in failure().
        }
    }
}
