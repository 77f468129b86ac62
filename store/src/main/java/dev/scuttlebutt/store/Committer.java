package dev.scuttlebutt.store;

import dev.scuttlebutt.journal.Durability;
import dev.scuttlebutt.store.LiveDocument.Collected;
import dev.scuttlebutt.store.Storage.Write;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Writes what documents have to be written, all of one window in one step. */
final class Committer {
    /*
     * One run at a time: jobs, then one commit with a write of each document that was touched, then the disk where it is
     * due. What is touched meanwhile waits for the next run, so a slow disk makes larger commits, not a queue.
     *
     * When a commit fails, what was taken out of the documents is kept, all of them are touched again, and the next run
     * comes after the time for another try.
     */
    private static final long MAX_COMMIT = 16 << 20;

    /** Something to be done between two commits. */
    @FunctionalInterface
    interface Job {
        /** Does it. */
        void run() throws IOException;
    }

    private record Queued(Job job, CompletableFuture<@Nullable Void> done) {}

    private enum State {
        IDLE,
        SCHEDULED,
        RUNNING,
        ENDED
    }

    private final Storage storage;
    private final StoreOptions options;
    private final Scheduler scheduler;
    private final Executor executor;
    private final Notices notices;
    private final Counters counters;
    private final Feed feed;

    // Guarded by this.
    private State state = State.IDLE;
    private Set<LiveDocument> touched = new LinkedHashSet<>();
    private final Deque<Queued> jobs = new ArrayDeque<>();
    private boolean forceDue;
    private boolean forceScheduled;

    /** Held by a run. */
    private final ReentrantLock running = new ReentrantLock();

    // Guarded by running.
    private final Map<LiveDocument, Long> unforced = new LinkedHashMap<>();
    private boolean distrusted;

    private volatile @Nullable IOException failure;

    Committer(
            Storage storage,
            StoreOptions options,
            Scheduler scheduler,
            Executor executor,
            Notices notices,
            Counters counters,
            Feed feed) {
        this.storage = storage;
        this.options = options;
        this.scheduler = scheduler;
        this.executor = executor;
        this.notices = notices;
        this.counters = counters;
        this.feed = feed;
    }

    /** Says that a document may have something to be written. Quick; from any thread. */
    void touch(LiveDocument document) {
        synchronized (this) {
            if (state == State.ENDED) {
                return;
            }
            touched.add(document);
            if (state != State.IDLE) {
                return;
            }
            state = State.SCHEDULED;
        }
        schedule();
    }

    synchronized void forget(LiveDocument document) {
        touched.remove(document);
    }

    synchronized int waiting() {
        return touched.size();
    }

    @Nullable
    IOException failure() {
        return failure;
    }

    /** Does something when no commit is under way. */
    CompletableFuture<@Nullable Void> submit(Job job) {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        synchronized (this) {
            if (state == State.ENDED) {
                done.completeExceptionally(closed());
                return done;
            }
            jobs.add(new Queued(job, done));
            if (state == State.RUNNING) {
                return done;
            }
            state = State.SCHEDULED;
        }
        start();
        return done;
    }

    /** Writes what these documents have now, and forces the disk. */
    CompletableFuture<@Nullable Void> flush(List<LiveDocument> documents) {
        return submit(() -> {
            writeAll(documents);
            force();
        });
    }

    private void schedule() {
        if (failure != null) {
            scheduler.after(options.retry(), this::start);
        } else if (options.window().isZero()) {
            start();
        } else {
            scheduler.after(options.window(), this::start);
        }
    }

    private void start() {
        executor.execute(this::run);
    }

    private void run() {
        running.lock();
        try {
            runOnce();
        } finally {
            running.unlock();
        }
    }

    private void runOnce() {
        Set<LiveDocument> documents;
        List<Queued> due;
        boolean force;
        synchronized (this) {
            if (state != State.SCHEDULED) {
                // A later start was overtaken by an earlier one.
                return;
            }
            state = State.RUNNING;
            documents = touched;
            touched = new LinkedHashSet<>();
            due = new ArrayList<>(jobs);
            jobs.clear();
            force = forceDue;
            forceDue = false;
        }
        try {
            for (Queued queued : due) {
                perform(queued);
            }
            write(documents, force);
        } catch (IOException e) {
            failed(e, force);
        } catch (RuntimeException e) {
            failed(new IOException("the storage failed unexpectedly: " + e, e), force);
        } finally {
            finish();
        }
    }

    private void finish() {
        boolean more;
        boolean now;
        synchronized (this) {
            if (state == State.ENDED) {
                return;
            }
            now = !jobs.isEmpty();
            more = now || !touched.isEmpty() || forceDue;
            state = more ? State.SCHEDULED : State.IDLE;
        }
        if (now) {
            start();
        } else if (more) {
            schedule();
        }
    }

    private void perform(Queued queued) {
        Throwable problem = null;
        try {
            queued.job.run();
        } catch (IOException | RuntimeException e) {
            problem = e;
        }
        Throwable cause = problem;
        Runnable completion = () -> {
            if (cause == null) {
                queued.done.complete(null);
            } else {
                queued.done.completeExceptionally(cause);
            }
        };
        notices.later(completion);
    }

    private void write(Set<LiveDocument> documents, boolean force) throws IOException {
        List<LiveDocument> rest = commit(documents);
        rest.forEach(this::touch);
        if (force) {
            force();
        }
        if (failure != null) {
            failure = null;
            notices.recovered();
        }
        for (LiveDocument document : documents) {
            if (document.mayLeave() && !document.leaveIfIdle() && !unforced.containsKey(document)) {
                touch(document);
            }
        }
    }

    /** Writes until nothing is left. */
    private void writeAll(Iterable<LiveDocument> documents) throws IOException {
        List<LiveDocument> left = new ArrayList<>();
        documents.forEach(left::add);
        while (!left.isEmpty()) {
            left = commit(left);
        }
    }

    /** Commits once; returns the documents that have more. */
    private List<LiveDocument> commit(Iterable<LiveDocument> documents) throws IOException {
        Map<LiveDocument, Collected> taken = new LinkedHashMap<>();
        List<LiveDocument> rest = new ArrayList<>();
        List<Write> writes = new ArrayList<>();
        long bytes = 0;
        try {
            for (LiveDocument document : documents) {
                Collected collected = bytes >= MAX_COMMIT ? null : document.collect(MAX_COMMIT - bytes);
                if (bytes >= MAX_COMMIT || (collected != null && !collected.complete())) {
                    rest.add(document);
                }
                if (collected != null) {
                    taken.put(document, collected);
                    if (isWorthWriting(collected.write())) {
                        writes.add(collected.write());
                        bytes += collected.bytes();
                    }
                }
            }
            if (!writes.isEmpty()) {
                storage.commit(writes, options.durability().kind() == Durability.Kind.UPDATE);
            }
        } catch (IOException | RuntimeException e) {
            taken.forEach(LiveDocument::refused);
            documents.forEach(this::keep);
            throw e;
        }
        taken.forEach(this::committed);
        counters.committed(writes.size(), bytes);
        if (!writes.isEmpty()) {
            feed.changed();
        }
        return rest;
    }

    private synchronized void keep(LiveDocument document) {
        touched.add(document);
    }

    private static boolean isWorthWriting(Write write) {
        return write.snapshot() || write.blocks().iterator().hasNext();
    }

    private void committed(LiveDocument document, Collected collected) {
        boolean wrote = isWorthWriting(collected.write());
        document.written(collected);
        long position = collected.complete()
                ? collected.position()
                : document.acknowledgements().acknowledged();
        if (options.durability().kind() == Durability.Kind.INTERVAL && (wrote || unforced.containsKey(document))) {
            unforced.merge(document, position, Math::max);
            document.unforced(true);
            scheduleForce();
        } else {
            document.acknowledgements().acknowledge(position);
        }
    }

    private void scheduleForce() {
        synchronized (this) {
            if (forceScheduled) {
                return;
            }
            forceScheduled = true;
        }
        scheduler.after(options.durability().interval(), this::forceNow);
    }

    private void forceNow() {
        synchronized (this) {
            forceScheduled = false;
            forceDue = true;
            if (state == State.RUNNING || state == State.ENDED) {
                return;
            }
            state = State.SCHEDULED;
        }
        start();
    }

    private void force() throws IOException {
        try {
            if (distrusted) {
                writeAll(List.copyOf(unforced.keySet()));
            }
            storage.force();
            distrusted = false;
        } catch (IOException | RuntimeException e) {
            // The system may have thrown away what it could not write, and will not try again by itself.
            distrusted = true;
            unforced.keySet().forEach(LiveDocument::distrust);
            synchronized (this) {
                touched.addAll(unforced.keySet());
                forceDue = true;
            }
            throw e;
        }
        unforced.forEach((document, position) -> {
            document.unforced(false);
            document.acknowledgements().acknowledge(position);
            if (document.mayLeave()) {
                touch(document);
            }
        });
        unforced.clear();
    }

    private void failed(IOException reason, boolean force) {
        synchronized (this) {
            forceDue |= force;
        }
        IOException before = failure;
        failure = reason;
        if (before == null || !String.valueOf(before.getMessage()).equals(reason.getMessage())) {
            notices.failed(reason);
        }
    }

    /** Lets go of a document that is not to be written any more. To be called by a job. */
    void discard(LiveDocument document) {
        unforced.remove(document);
        forget(document);
    }

    /** Writes the rest and takes nothing more. Waits for a run that is under way. */
    void end(List<LiveDocument> documents) throws IOException {
        List<Queued> left;
        synchronized (this) {
            state = State.ENDED;
            left = new ArrayList<>(jobs);
            jobs.clear();
        }
        left.forEach(queued -> queued.done.completeExceptionally(closed()));
        running.lock();
        try {
            writeAll(documents);
            force();
        } finally {
            running.unlock();
        }
    }

    static IOException closed() {
        return new IOException("the store is closed");
    }
}
