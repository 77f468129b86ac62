package dev.scuttlebutt.store;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Runs something later. A test can inject one whose time it moves itself. */
@FunctionalInterface
public interface Scheduler {

    /** Runs a task, which does not block, after this time. */
    Task after(Duration delay, Runnable task);

    /** Uses an executor of the JDK, which is not shut down by anybody here. */
    static Scheduler of(ScheduledExecutorService executor) {
        return (delay, task) -> {
            ScheduledFuture<?> future = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        };
    }

    /** Something that is to run. */
    @FunctionalInterface
    interface Task {
        /** Does not run it if it has not begun. */
        void cancel();
    }
}
