package dev.scuttlebutt;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is to be done outside the lock, in the order in which it was decided under it. */
final class Effects {
    /*
     * A queue with a work-in-progress counter: whoever moves the counter from zero drains the queue, everybody else
     * leaves the work to that thread, so effects run one at a time and in order without a lock.
     *
     * A drain inside a drain (a listener that writes to another replica, an in-memory link that hands on what it got)
     * is put into the thread's run queue and done after the current one. That turns what would be recursion through a
     * chain or ring of replicas into iteration, and since it is not claimed before its turn comes, another thread may
     * take it first.
     */
    private static final ThreadLocal<ArrayDeque<Effects>> RUN_QUEUE = new ThreadLocal<>();

    /** After so many effects in one go the rest is left to the executor, so no caller works for others for ever. */
    private static final int BOUND = 1 << 20;

    private final EffectQueue queue = new EffectQueue();
    private final AtomicInteger working = new AtomicInteger();
    private final Consumer<Object> action;
    private final Executor executor;
    private final int bound;

    /** Who is at work; a thread is sure of the answer only about itself. */
    private @Nullable Thread worker;

    /** The action must not throw. */
    Effects(Consumer<Object> action, Executor executor) {
        this(action, executor, BOUND);
    }

    Effects(Consumer<Object> action, Executor executor, int bound) {
        this.action = action;
        this.executor = executor;
        this.bound = bound;
    }

    /** To be called under the lock whose order the effects are to have. */
    void add(Object effect) {
        queue.add(effect);
    }

    /** To be called without any lock. */
    void drain() {
        // Inside an effect of its own the work goes on by itself.
        if (queue.isEmpty() || worker == Thread.currentThread()) {
            return;
        }
        ArrayDeque<Effects> outer = RUN_QUEUE.get();
        if (outer != null) {
            outer.add(this);
            return;
        }
        ArrayDeque<Effects> runQueue = new ArrayDeque<>(4);
        RUN_QUEUE.set(runQueue);
        try {
            Effects next = this;
            while (next != null) {
                next.run();
                next = runQueue.poll();
            }
        } finally {
            RUN_QUEUE.remove();
        }
    }

    private void run() {
        if (working.getAndIncrement() == 0) {
            work(1);
        }
    }

    private void resume() {
        if (RUN_QUEUE.get() != null) {
            // The executor runs what it is given at once; the drain that is under way does the rest.
            work(working.get());
            return;
        }
        ArrayDeque<Effects> runQueue = new ArrayDeque<>(4);
        RUN_QUEUE.set(runQueue);
        try {
            work(working.get());
            @Nullable Effects next;
            while ((next = runQueue.poll()) != null) {
                next.run();
            }
        } finally {
            RUN_QUEUE.remove();
        }
    }

    private boolean handOver() {
        try {
            executor.execute(this::resume);
            return true;
        } catch (RuntimeException | Error unavailable) {
            // Shut down, or out of threads. This thread goes on itself; stopping here would silence the replica for
            // good.
            return false;
        }
    }

    /** Works while others ask for it; {@code asked} is the part of the counter that is about to be answered. */
    private void work(int asked) {
        int done = 0;
        do {
            worker = Thread.currentThread();
            Object effect;
            while ((effect = queue.poll()) != null) {
                action.accept(effect);
                if (++done >= bound && !queue.isEmpty()) {
                    worker = null;
                    if (handOver()) {
                        return;
                    }
                    worker = Thread.currentThread();
                    done = 0;
                }
            }
            // Cleared while nobody else can have taken over.
            worker = null;
            asked = working.addAndGet(-asked);
        } while (asked != 0);
    }
}
