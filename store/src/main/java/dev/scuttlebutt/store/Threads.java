package dev.scuttlebutt.store;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The threads of one store: those that were given, or its own. */
final class Threads implements AutoCloseable {
    private static final int READERS = 4;
    private static final long IDLE_SECONDS = 10;

    private final @Nullable ThreadPoolExecutor ownReaders;
    private final @Nullable ThreadPoolExecutor ownWriter;
    private final @Nullable ScheduledThreadPoolExecutor ownTimer;
    final Executor readers;
    final Executor writer;
    final Scheduler scheduler;

    Threads(StoreOptions options) {
        Executor given = options.executor();
        if (given == null) {
            ThreadPoolExecutor readerPool = pool("scuttlebutt-store-reader", READERS);
            ThreadPoolExecutor writerPool = pool("scuttlebutt-store-writer", 1);
            ownReaders = readerPool;
            ownWriter = writerPool;
            readers = readerPool;
            writer = writerPool;
        } else {
            ownReaders = null;
            ownWriter = null;
            readers = given;
            writer = given;
        }
        Scheduler chosen = options.scheduler();
        if (chosen == null) {
            ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, named("scuttlebutt-store-timer"));
            timer.setRemoveOnCancelPolicy(true);
            ownTimer = timer;
            scheduler = Scheduler.of(timer);
        } else {
            ownTimer = null;
            scheduler = chosen;
        }
    }

    private static ThreadPoolExecutor pool(String name, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Ends its own threads when they have done what they have. */
    @Override
    public void close() {
        if (ownTimer != null) {
            ownTimer.shutdownNow();
        }
        if (ownWriter != null) {
            ownWriter.shutdown();
        }
        if (ownReaders != null) {
            ownReaders.shutdown();
        }
    }
}
