package dev.scuttlebutt.netty;

import dev.scuttlebutt.wire.WireSession;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes in what a channel has read, on a thread that may take its time: to check signatures, to wait for keys. The
 * channel's event loop meanwhile serves its other channels.
 */
final class Intake {
    /*
     * One task at a time takes the buffers of a channel in order; it leaves when there are none. Whoever reads stops at
     * MAX_WAITING until it is told that there is room, so a peer is slowed down to the speed at which it is checked.
     *
     * A peer whose signatures are wrong has to wait after each buffer, up to three times as long as that took to check. So
     * a flood of forgeries costs a quarter of a core, and the rest is for those who are honest.
     */
    private static final int REST = 3;

    private static final long MAX_REST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final double TOLERATED = 0.05;

    private static final int MAX_WAITING = 1 << 16;
    private static final int MAX_THREADS = 512;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** For all links that name no other. A link that waits for a key keeps one thread. */
    private static final Executor SHARED = shared();

    private static final byte[] END = new byte[0];

    private final WireSession wire;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final Consumer<@Nullable Throwable> onTaken;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private boolean working;
    private boolean stopped;

    /**
     * Makes one for a channel.
     *
     * @param timer only starts what the executor does
     * @param onTaken called on the working thread when there is room again, and with the fault when one ended it
     */
    Intake(
            WireSession wire,
            @Nullable Executor executor,
            ScheduledExecutorService timer,
            Consumer<@Nullable Throwable> onTaken) {
        this.wire = wire;
        this.executor = executor == null ? SHARED : executor;
        this.timer = timer;
        this.onTaken = onTaken;
    }

    private static Executor shared() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                MAX_THREADS, MAX_THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "scuttlebutt-intake-" + NUMBER.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Returns whether more may be read now. */
    boolean add(byte[] bytes) {
        boolean start;
        boolean room;
        synchronized (this) {
            if (stopped) {
                return true;
            }
            waiting.add(bytes);
            waitingBytes += bytes.length;
            room = waitingBytes < MAX_WAITING;
            start = !working;
            working = true;
        }
        if (start) {
            start();
        }
        return room;
    }

    private void start() {
        try {
            executor.execute(this::work);
        } catch (RejectedExecutionException shutDown) {
            stop();
            onTaken.accept(shutDown);
        }
    }

    /** The peer has ended. */
    void addEnd() {
        add(END);
    }

    /** Tells whether something has been added and not yet taken in. */
    synchronized boolean isWorking() {
        return working;
    }

    /** Forgets what waits. */
    synchronized void stop() {
        stopped = true;
        working = false;
        waiting.clear();
    }

    @SuppressWarnings("ReferenceEquality") // END is one object
    private void work() {
        byte[] next;
        while ((next = next()) != null) {
            long began = System.nanoTime();
            try {
                if (next == END) {
                    wire.receiveEnd();
                } else {
                    wire.receive(ByteBuffer.wrap(next));
                }
                double failing = wire.session().failing();
                if (failing > TOLERATED) {
                    double rest = REST * failing * (System.nanoTime() - began);
                    timer.schedule(this::start, (long) Math.min(MAX_REST_NANOS, rest), TimeUnit.NANOSECONDS);
                    return;
                }
            } catch (Throwable fault) { // the channel has to end whatever went wrong
                stop();
                onTaken.accept(fault);
                return;
            }
        }
        onTaken.accept(null);
    }

    private synchronized byte @Nullable [] next() {
        byte[] next = waiting.poll();
        if (next == null) {
            working = false;
            waitingBytes = 0;
        }
        return next;
    }
}
