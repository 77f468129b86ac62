package dev.scuttlebutt.store;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one side of a {@link Replication} has to say. Lines that are none of a document go first: the one that opens a
 * document is among them.
 */
final class ReplicationOutput {
    private final ReentrantLock lock;
    private final Deque<byte[]> control = new ArrayDeque<>();
    private final Queue<DocumentExchange> ready = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Runnable wakeup;

    /** Used by the one who transmits. */
    private @Nullable ByteBuffer outgoing;

    /**
     * Creates one that is empty.
     *
     * @param lock guards the lines that are none of a document
     */
    ReplicationOutput(ReentrantLock lock) {
        this.lock = lock;
    }

    /** Adds a line that is none of a document. Lock held. */
    void say(byte[] line) {
        control.add(line);
    }

    /** How many lines that are none of a document wait. Lock held. */
    int waiting() {
        return control.size();
    }

    /** Lock held. */
    void clear() {
        control.clear();
    }

    /** Tells whether nothing is left of what does not belong to a document. Lock held. */
    boolean isEmpty() {
        return control.isEmpty() && outgoing == null;
    }

    /** Has a document asked for its next line. Lock not held. */
    void ready(DocumentExchange exchange) {
        if (enqueue(exchange)) {
            wake();
        }
    }

    private boolean enqueue(DocumentExchange exchange) {
        boolean news = exchange.queued.compareAndSet(false, true);
        if (news) {
            ready.add(exchange);
        }
        return news;
    }

    void onReady(Runnable callback) {
        wakeup = callback;
    }

    /** Lock not held. */
    void wake() {
        Runnable callback = wakeup;
        if (callback != null) {
            callback.run();
        }
    }

    /** Writes as much as fits; tells whether there may be more. Lock not held. */
    boolean transmit(ByteBuffer out) {
        while (true) {
            ByteBuffer line = outgoing;
            if (line == null) {
                if (!out.hasRemaining()) {
                    return true;
                }
                byte[] next = nextLine();
                if (next == null) {
                    return false;
                }
                line = ByteBuffer.wrap(next);
                outgoing = line;
            }
            int count = Math.min(line.remaining(), out.remaining());
            out.put(out.position(), line, line.position(), count);
            out.position(out.position() + count);
            line.position(line.position() + count);
            if (line.hasRemaining()) {
                return true;
            }
            outgoing = null;
        }
    }

    private byte @Nullable [] nextLine() {
        while (true) {
            // Taken before the lines that are none of a document are looked at: the one that opens it is among them.
            DocumentExchange exchange = ready.poll();
            byte[] line = nextControl();
            if (line != null) {
                if (exchange != null) {
                    ready.add(exchange);
                }
                return line;
            }
            if (exchange == null) {
                return null;
            }
            // Before it is asked: what becomes ready meanwhile puts it into the queue once more.
            exchange.queued.set(false);
            line = exchange.poll();
            if (line != null) {
                enqueue(exchange);
                return line;
            }
        }
    }

    private byte @Nullable [] nextControl() {
        lock.lock();
        try {
            return control.poll();
        } finally {
            lock.unlock();
        }
    }
}
