package dev.scuttlebutt.store;

import dev.scuttlebutt.Replica;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A hold on a document of a {@link Store}, which stays in memory as long as anybody holds it. All handles of a document
 * lead to the same replica. Safe from any thread.
 *
 * @param <R> the type of the document
 */
public final class Handle<R extends Replica> implements AutoCloseable {
    private final LiveDocument document;
    private final R replica;
    private final AtomicBoolean closed = new AtomicBoolean();

    Handle(LiveDocument document, R replica) {
        this.document = document;
        this.replica = replica;
    }

    /** Returns the name of the document. */
    public String name() {
        return document.name();
    }

    /**
     * Returns the replica, which may be written to, linked and listened to while this handle is open. What is written to it
     * later may be lost.
     */
    public R replica() {
        return replica;
    }

    /** Returns a position behind everything that has been applied to the replica until now. Cheap; positions ascend. */
    public long position() {
        return document.position();
    }

    /** Returns up to which position everything is as safe as the durability of the store promises. */
    public long acknowledged() {
        return document.acknowledgements().acknowledged();
    }

    /**
     * Completes when a position is acknowledged. While the storage refuses to take anything it does not complete; it fails
     * when the store ends before or the document is deleted.
     *
     * @throws IllegalArgumentException if {@link #position} has not given it out
     */
    public CompletableFuture<@Nullable Void> whenAcknowledged(long position) {
        return document.acknowledgements().when(position);
    }

    /** Completes when everything that has been applied until now is acknowledged. */
    public CompletableFuture<@Nullable Void> saved() {
        return whenAcknowledged(position());
    }

    /** Tells whether the document was deleted; nothing is kept of it any more. */
    public boolean isDeleted() {
        return document.isDeleted();
    }

    /** Lets go. What was applied before is written all the same. Closing again does nothing. */
    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            document.release();
        }
    }

    /** Lets go, and of the document as soon as it is written: for those who pass through many. */
    void leave() {
        if (!closed.getAndSet(true)) {
            document.releaseAtOnce();
        }
    }

    @Override
    public String toString() {
        return "handle on " + name();
    }
}
