package dev.scuttlebutt.journal;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.SessionOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The thread of a journal. */
final class Keeper implements Runnable {
    /*
     * One step: note the latest position that was given out, write all there is to write, force it if the level asks for
     * that, acknowledge the position. While a step waits for the disk, changes pile up in the history and go together
     * in the next one, so many of them share one force.
     *
     * Refused writes are tried again. A refused force is not: after it the operating system may drop what it could not
     * write and report success the next time. The file is then distrusted; nothing more is acknowledged as forced until
     * a successor, written from memory, has taken its place.
     *
     * A successor is a second session on the replica. Another thread writes header and history, until it has caught up,
     * and forces them; this thread writes to the old file meanwhile. Then this thread stops, lets the successor catch up
     * with the little that came since, forces it, and puts it in the place of the old file. So each file is complete
     * for as long as it stands there.
     */
    private final Path file;
    private final Replica replica;
    private final JournalOptions options;
    private final SessionOptions sessionOptions;
    private final Disk disk;
    private final FileGuard guard;
    private final Acknowledgements acknowledgements;
    private final Notices notices;
    private final Thread thread;
    private volatile boolean signalled;
    private volatile boolean stopping;
    private volatile long size;
    private volatile @Nullable IOException closeFailure;

    private volatile @Nullable JournalFile growing;

    // What the compacting thread found, until this thread has looked at it.
    private volatile @Nullable JournalFile successor;
    private volatile @Nullable IOException compactionRefused;

    // Both guarded by the list.
    private final List<CompletableFuture<@Nullable Void>> compactionsWanted = new ArrayList<>();
    private @Nullable IOException compactionsEnded;

    // Used by the thread only.
    private JournalFile output;
    private boolean directoryUnforced;
    private boolean distrusted;
    private long unforcedSince;
    private long retryAt;
    private @Nullable Thread compactor;
    private boolean compactionOwed;
    private long compactionRetryAt = System.nanoTime();

    Keeper(
            Path file,
            Replica replica,
            JournalOptions options,
            SessionOptions sessionOptions,
            Disk disk,
            FileGuard guard,
            Acknowledgements acknowledgements,
            JournalFile output) {
        this.file = file;
        this.replica = replica;
        this.options = options;
        this.sessionOptions = sessionOptions;
        this.disk = disk;
        this.guard = guard;
        this.acknowledgements = acknowledgements;
        this.notices = new Notices(options.listener());
        this.output = output;
        this.size = output.length();
        this.thread = new Thread(this, "scuttlebutt-journal " + file.getFileName());
        thread.setDaemon(true);
    }

    void start() {
        output.session().onReady(this::signal);
        signalled = true;
        thread.start();
    }

    void signal() {
        if (!signalled) {
            signalled = true;
            LockSupport.unpark(thread);
        }
    }

    SessionOptions sessionOptions() {
        return sessionOptions;
    }

    /** Tells whether the caller is called by this thread, which may run listeners of the replica. */
    boolean isThisThread() {
        return Thread.currentThread() == thread;
    }

    boolean forces() {
        return options.durability().kind() != Durability.Kind.NONE;
    }

    long size() {
        return size;
    }

    @Nullable
    IOException failure() {
        return notices.failure();
    }

    CompletableFuture<@Nullable Void> compact() {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        synchronized (compactionsWanted) {
            if (compactionsEnded != null) {
                done.completeExceptionally(compactionsEnded);
                return done;
            }
            compactionsWanted.add(done);
        }
        signal();
        return done;
    }

    void close() throws IOException {
        stopping = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive() && Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        IOException refused = closeFailure;
        if (refused != null) {
            throw new FileSystemException(file.toString(), null, "not everything was saved: " + refused.getMessage());
        }
    }

    // The loop

    @Override
    public void run() {
        try {
            while (!stopping && !output.hasEnded()) {
                awaitWork();
                step();
            }
        } catch (RuntimeException | Error fault) {
            closeFailure = new IOException("the journal " + file + " stopped: " + fault, fault);
            notices.writeFailed(closeFailure);
        } finally {
            end();
        }
    }

    private void awaitWork() {
        while (!signalled && !stopping) {
            long nanos = nanosUntilDue();
            if (nanos <= 0) {
                break;
            }
            LockSupport.parkNanos(this, nanos);
            clearInterruption();
        }
        signalled = false;
    }

    /** An interrupted thread could not use its files. Nobody has a reason to interrupt this one. */
    private void clearInterruption() {
        if (Thread.interrupted()) {
            notices.unimportant("somebody interrupted the thread of a journal", new InterruptedIOException());
        }
    }

    private long nanosUntilDue() {
        long now = System.nanoTime();
        long nanos = Long.MAX_VALUE;
        if (notices.writeFailure() != null && !distrusted) {
            nanos = Math.min(nanos, retryAt - now);
        } else if (isUnforced() && options.durability().kind() == Durability.Kind.INTERVAL && !distrusted) {
            nanos = Math.min(nanos, forceDueAt() - now);
        }
        if (compactionOwed && compactor == null) {
            nanos = Math.min(nanos, compactionRetryAt - now);
        }
        return nanos;
    }

    private void step() {
        long position = acknowledgements.given();
        boolean waitsForRetry = notices.writeFailure() != null && !distrusted && retryAt - System.nanoTime() > 0;
        if (!waitsForRetry) {
            write(position);
        }
        takeSuccessor(position);
        startCompaction();
    }

    private void write(long position) {
        try {
            output.append();
            size = output.length();
            noteUnforced();
            acknowledgements.written(position);
            if (distrusted) {
                return;
            }
            if (forceIsDue()) {
                force();
            }
            if (!isUnforced()) {
                acknowledgements.forced(position);
            }
            notices.writeSucceeded();
        } catch (IOException refused) {
            noteUnforced();
            if (refused instanceof ClosedChannelException) {
                distrust();
            }
            retryAt = System.nanoTime() + options.retry().toNanos();
            notices.writeFailed(refused);
        }
    }

    private boolean isUnforced() {
        return output.isUnforced() || directoryUnforced;
    }

    private void noteUnforced() {
        if (!isUnforced()) {
            unforcedSince = 0;
        } else if (unforcedSince == 0) {
            unforcedSince = System.nanoTime();
        }
    }

    private boolean forceIsDue() {
        if (!isUnforced()) {
            return false;
        }
        return switch (options.durability().kind()) {
            case UPDATE -> true;
            case INTERVAL -> acknowledgements.forceIsWanted() || forceDueAt() - System.nanoTime() <= 0;
            case NONE -> acknowledgements.forceIsWanted();
        };
    }

    private long forceDueAt() {
        return unforcedSince + options.durability().interval().toNanos();
    }

    private void force() throws IOException {
        if (output.isUnforced()) {
            try {
                output.force();
            } catch (IOException refused) {
                distrust();
                throw refused;
            }
        }
        if (directoryUnforced) {
            disk.forceDirectory(Disk.directory(file));
            directoryUnforced = false;
        }
        unforcedSince = 0;
    }

    private void distrust() {
        distrusted = true;
        compactionOwed = true;
    }

    // Compaction

    private void startCompaction() {
        if (compactor != null || stopping || output.hasEnded() || !compactionIsDue()) {
            return;
        }
        Thread started = new Thread(this::writeSuccessor, "scuttlebutt-compaction " + file.getFileName());
        started.setDaemon(true);
        compactor = started;
        started.start();
    }

    private boolean compactionIsDue() {
        if (compactionRetryAt - System.nanoTime() > 0) {
            return false;
        }
        synchronized (compactionsWanted) {
            if (!compactionsWanted.isEmpty()) {
                return true;
            }
        }
        long behind = output.length() - output.history();
        return compactionOwed
                || (behind >= options.compactFrom() && behind >= options.compactFactor() * output.history());
    }

    /** On the compacting thread. */
    private void writeSuccessor() {
        @Nullable JournalFile next = null;
        boolean complete = false;
        try {
            next = JournalFile.begin(disk, file, replica, sessionOptions);
            growing = next;
            next.append();
            next.force();
            successor = next;
            complete = true;
        } catch (IOException refused) {
            compactionRefused = refused;
        } catch (RuntimeException | Error fault) {
            compactionRefused = new IOException("compaction failed: " + fault, fault);
        } finally {
            growing = null;
            if (!complete) {
                IOException refused = compactionRefused;
                if (next != null && refused != null) {
                    abandon(next, refused);
                }
            }
            signal();
        }
    }

    private void takeSuccessor(long position) {
        IOException refused = compactionRefused;
        JournalFile next = successor;
        if (next != null) {
            successor = null;
            compactor = null;
            refused = install(next, position);
        }
        if (refused != null) {
            compactionRefused = null;
            compactor = null;
            compactionOwed = true;
            compactionRetryAt = System.nanoTime() + options.retry().toNanos();
            notices.compactionFailed(refused);
            IOException reason = refused;
            endCompactions(done -> done.completeExceptionally(reason));
        }
    }

    /** Puts the successor in the place of the old file; returns why that was refused, or null. */
    private @Nullable IOException install(JournalFile next, long position) {
        Path part = FileJournal.part(file);
        try {
            next.append();
            next.force();
            disk.replace(part, file);
        } catch (IOException refused) {
            if (!disk.exists(part)) {
                // Somebody took it away, or it was put in its place all the same: which file stands there is not known.
                distrust();
            }
            abandon(next, refused);
            return refused;
        }
        JournalFile old = output;
        output = next;
        size = next.length();
        directoryUnforced = true;
        distrusted = false;
        compactionOwed = false;
        noteUnforced();
        acknowledgements.written(position);
        next.session().onReady(this::signal);
        signal();
        try {
            old.close();
        } catch (IOException refused) {
            notices.unimportant("closing a journal that has been replaced", refused);
        }
        try {
            force();
            acknowledgements.forced(position);
            notices.writeSucceeded();
        } catch (IOException refused) {
            retryAt = System.nanoTime() + options.retry().toNanos();
            notices.writeFailed(refused);
        }
        notices.compactionSucceeded();
        notices.compacted(file, old.length(), next.length());
        endCompactions(done -> done.complete(null));
        return null;
    }

    private void abandon(JournalFile incomplete, IOException reason) {
        Path part = FileJournal.part(file);
        try {
            incomplete.close();
            if (disk.exists(part)) {
                disk.delete(part);
            }
        } catch (IOException again) {
            reason.addSuppressed(again);
        }
    }

    private void endCompactions(Consumer<CompletableFuture<@Nullable Void>> how) {
        List<CompletableFuture<@Nullable Void>> ended;
        synchronized (compactionsWanted) {
            ended = List.copyOf(compactionsWanted);
            compactionsWanted.clear();
        }
        ended.forEach(how);
    }

    // The end

    private void end() {
        awaitCompactor();
        IOException reason = new IOException("the journal " + file + " is closed");
        if (distrusted && successor == null && closeFailure == null) {
            writeSuccessor();
        }
        JournalFile next = successor;
        try {
            if (distrusted && next != null) {
                successor = null;
                install(next, acknowledgements.given());
            } else if (next != null) {
                successor = null;
                abandon(next, reason);
            }
            finish();
        } catch (IOException refused) {
            closeFailure = refused;
        } finally {
            acknowledgements.end(reason);
            synchronized (compactionsWanted) {
                compactionsEnded = reason;
            }
            endCompactions(done -> done.completeExceptionally(reason));
        }
    }

    private void finish() throws IOException {
        try {
            long position = acknowledgements.given();
            if (closeFailure == null) {
                output.append();
                if (distrusted) {
                    throw new IOException("the disk did not take what was forced to it");
                }
                force();
                acknowledgements.forced(position);
            }
        } finally {
            try {
                output.close();
            } finally {
                guard.close();
            }
        }
    }

    private void awaitCompactor() {
        Thread running = compactor;
        JournalFile unfinished = growing;
        if (unfinished != null && !distrusted) {
            // It will not be used; without a session it has nothing more to write.
            unfinished.session().close();
        }
        while (running != null && running.isAlive()) {
            try {
                running.join(TimeUnit.SECONDS.toMillis(1));
            } catch (InterruptedException nobodysBusiness) {
                clearInterruption();
            }
        }
    }
}
