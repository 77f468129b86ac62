package dev.scuttlebutt.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Time that moves only when told to, and tasks that run then. Safe for use by several threads. */
final class ManualScheduler implements Scheduler {
    private static final class Entry {
        final long at;
        final long number;
        final Runnable task;

        Entry(long at, long number, Runnable task) {
            this.at = at;
            this.number = number;
            this.task = task;
        }
    }

    private final PriorityQueue<Entry> entries = new PriorityQueue<>(
            Comparator.<Entry>comparingLong(entry -> entry.at).thenComparingLong(entry -> entry.number));
    private long now;
    private long numbers;

    @Override
    public synchronized Task after(Duration delay, Runnable task) {
        Entry entry = new Entry(now + delay.toNanos(), numbers++, task);
        entries.add(entry);
        return () -> remove(entry);
    }

    private synchronized void remove(Entry entry) {
        entries.remove(entry);
    }

    synchronized int waiting() {
        return entries.size();
    }

    /** Moves on, step by step, and runs what is due. */
    void advance(Duration duration) {
        long end;
        synchronized (this) {
            end = now + duration.toNanos();
        }
        List<Runnable> due = next(end);
        while (!due.isEmpty()) {
            due.forEach(Runnable::run);
            due = next(end);
        }
        synchronized (this) {
            now = end;
        }
    }

    private synchronized List<Runnable> next(long end) {
        List<Runnable> due = new ArrayList<>();
        Entry first = entries.peek();
        if (first != null && first.at <= end) {
            entries.remove();
            now = first.at;
            due.add(first.task);
        }
        return due;
    }
}
