package dev.scuttlebutt.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Positions that were given out, and how far they are acknowledged. Safe from any thread. */
final class Acknowledgements {
    /*
     * A position is the number of a question: "is what has been applied until now safe?" The journal notes the latest
     * question, then writes all there is to write, and with that has answered it and those before. So a position costs
     * a number, and nothing has to be known of which update became which bytes; an update that was superseded before it
     * was written is safe as soon as the one that superseded it is.
     */
    private record Waiting(long position, CompletableFuture<@Nullable Void> future) {}

    private final Executor executor;
    private final PriorityQueue<Waiting> forWritten = new PriorityQueue<>(Comparator.comparingLong(Waiting::position));
    private final PriorityQueue<Waiting> forForced = new PriorityQueue<>(Comparator.comparingLong(Waiting::position));
    private long given;
    private long written;
    private long forced;
    private long forceWanted;
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

    synchronized long written() {
        return written;
    }

    synchronized long forced() {
        return forced;
    }

    /** Tells whether somebody asked for more than has been forced. */
    synchronized boolean forceIsWanted() {
        return forceWanted > forced;
    }

    /** Completes when the operating system has it. */
    CompletableFuture<@Nullable Void> whenWritten(long position) {
        return when(position, false);
    }

    /** Completes when the disk has it. */
    CompletableFuture<@Nullable Void> whenForced(long position) {
        return when(position, true);
    }

    private synchronized CompletableFuture<@Nullable Void> when(long position, boolean force) {
        if (position > given) {
            throw new IllegalArgumentException(
                    "position " + position + " has not been given out; the last is " + given);
        }
        CompletableFuture<@Nullable Void> future = new CompletableFuture<>();
        if (position <= (force ? forced : written)) {
            future.complete(null);
        } else if (ended != null) {
            future.completeExceptionally(ended);
        } else {
            (force ? forForced : forWritten).add(new Waiting(position, future));
        }
        return future;
    }

    synchronized void wantForce(long position) {
        forceWanted = Math.max(forceWanted, position);
    }

    void written(long position) {
        complete(advance(position, false));
    }

    void forced(long position) {
        complete(advance(position, true));
    }

    private synchronized List<Waiting> advance(long position, boolean force) {
        written = Math.max(written, position);
        List<Waiting> done = new ArrayList<>();
        drain(forWritten, written, done);
        if (force) {
            forced = Math.max(forced, position);
            drain(forForced, forced, done);
        }
        return done;
    }

    private static void drain(PriorityQueue<Waiting> queue, long position, List<Waiting> done) {
        while (!queue.isEmpty() && queue.peek().position <= position) {
            done.add(queue.remove());
        }
    }

    private void complete(List<Waiting> done) {
        run(done, () -> done.forEach(waiting -> waiting.future.complete(null)));
    }

    /** What is hung on an acknowledgement belongs to somebody else and must not keep the journal from its work. */
    private void run(List<Waiting> done, Runnable completion) {
        if (done.isEmpty()) {
            return;
        }
        try {
            executor.execute(completion);
        } catch (RuntimeException | Error shutDown) {
            completion.run();
        }
    }

    /** Nothing more will be acknowledged. */
    void end(IOException reason) {
        List<Waiting> left = new ArrayList<>();
        synchronized (this) {
            ended = reason;
            left.addAll(forWritten);
            left.addAll(forForced);
            forWritten.clear();
            forForced.clear();
        }
        run(left, () -> left.forEach(waiting -> waiting.future.completeExceptionally(reason)));
    }
}
