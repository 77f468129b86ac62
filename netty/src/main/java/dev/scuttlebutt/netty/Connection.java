package dev.scuttlebutt.netty;

import dev.scuttlebutt.Session;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One connection and the session it carries. Safe from any thread. */
public final class Connection implements AutoCloseable {
    private final SessionHandler handler;
    private final Session session;
    private final SocketAddress remoteAddress;
    private final Instant since = Instant.now();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile @Nullable Throwable failure;

    // Written on the event loop only.
    private final AtomicLong bytesIn = new AtomicLong();
    private final AtomicLong bytesOut = new AtomicLong();
    private final AtomicLong pauses = new AtomicLong();
    private volatile int bytesPending;

    Connection(SessionHandler handler, Session session, SocketAddress remoteAddress) {
        this.handler = handler;
        this.session = session;
        this.remoteAddress = remoteAddress;
    }

    /** Returns where the peer is. */
    public SocketAddress remoteAddress() {
        return remoteAddress;
    }

    /** Returns the session it carries. */
    public Session session() {
        return session;
    }

    /** Returns when it was made or accepted. */
    public Instant since() {
        return since;
    }

    /** Returns how many bytes the peer has sent. */
    public long bytesIn() {
        return bytesIn.get();
    }

    /** Returns how many bytes the system has taken for the peer. */
    public long bytesOut() {
        return bytesOut.get();
    }

    /** Returns how many bytes have left the session and wait for the peer to read: at most one buffer. */
    public int bytesPending() {
        return bytesPending;
    }

    /** Returns how often reading was put off because the peer sent too much. See {@link LinkOptions#maxLinesPerSecond}. */
    public long pauses() {
        return pauses.get();
    }

    /** Returns why it was closed, or null when it is open or ended as agreed. */
    public @Nullable Throwable failure() {
        return failure;
    }

    /** Tells whether it has not been closed. */
    public boolean isOpen() {
        return !closed.isDone();
    }

    /** Returns a future that completes, on an event loop, when it is closed and its session too. It does not fail. */
    public CompletableFuture<Void> closed() {
        return closed.copy();
    }

    /**
     * Ends gracefully: what is due is sent, what the peer sends is accepted until it ends too, then it is closed. Cut
     * after {@link LinkOptions#closeTimeout}.
     *
     * @return as {@link #closed}
     */
    public CompletableFuture<Void> shutdown() {
        handler.shutdown();
        return closed();
    }

    /** Cuts it at once. */
    @Override
    public void close() {
        handler.cut();
    }

    void fail(@Nullable Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    void completeClosed() {
        closed.complete(null);
    }

    void countIn(int bytes) {
        bytesIn.lazySet(bytesIn.get() + bytes);
    }

    void countOut(int bytes) {
        bytesOut.lazySet(bytesOut.get() + bytes);
    }

    void countPause() {
        pauses.lazySet(pauses.get() + 1);
    }

    void setPending(int bytes) {
        bytesPending = bytes;
    }

    @Override
    public String toString() {
        return "connection with " + remoteAddress + ", " + session;
    }
}
