package dev.scuttlebutt.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Positions in one document that were given out, and how far they are acknowledged. Safe from any thread. */
final class Acknowledgements {
    /*
     * A position is the number of a question: "is what has been applied until now safe?" Whoever writes notes the latest
     * question, writes all there is, and has answered it and those before. Nothing has to be known of which update
     * became which bytes, and an update superseded before it was written is safe with the one that superseded it.
     */
    private record Waiting(long position, CompletableFuture<@Nullable Void> future) {}

    private final Executor executor;
    private @Nullable PriorityQueue<Waiting> waiting;
    private long given;
    private long acknowledged;
    private @Nullable IOException ended;

    Acknowledgements(Executor executor) {
        this.executor = executor;
    }

    synchronized long give() {
        return ++given;
    }

    synchronized long given() {
        return given;
    }

    synchronized long acknowledged() {
        return acknowledged;
    }

    synchronized boolean isComplete() {
        return acknowledged == given;
    }

    synchronized CompletableFuture<@Nullable Void> when(long position) {
        if (position > given) {
            throw new IllegalArgumentException(
                    "position " + position + " has not been given out; the last is " + given);
        }
        CompletableFuture<@Nullable Void> future = new CompletableFuture<>();
        if (position <= acknowledged) {
            future.complete(null);
        } else if (ended != null) {
            future.completeExceptionally(ended);
        } else {
            if (waiting == null) {
                waiting = new PriorityQueue<>(Comparator.comparingLong(Waiting::position));
            }
            waiting.add(new Waiting(position, future));
        }
        return future;
    }

    void acknowledge(long position) {
        List<Waiting> done = new ArrayList<>();
        synchronized (this) {
            acknowledged = Math.max(acknowledged, position);
            while (waiting != null && !waiting.isEmpty() && waiting.peek().position <= acknowledged) {
                done.add(waiting.remove());
            }
        }
        run(done, () -> done.forEach(one -> one.future.complete(null)));
    }

    /** Nothing more will be acknowledged. */
    void end(IOException reason) {
        List<Waiting> left = new ArrayList<>();
        synchronized (this) {
            ended = reason;
            if (waiting != null) {
                left.addAll(waiting);
                waiting = null;
            }
        }
        run(left, () -> left.forEach(one -> one.future.completeExceptionally(reason)));
    }

    /** What is hung on an acknowledgement belongs to somebody else and must not keep the store from its work. */
    private void run(List<Waiting> done, Runnable completion) {
        if (done.isEmpty()) {
            return;
        }
        try {
            executor.execute(completion);
        } catch (RuntimeException shutDown) {
            completion.run();
        }
    }
}
