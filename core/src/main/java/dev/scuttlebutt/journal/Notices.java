package dev.scuttlebutt.journal;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What is wrong with the disk at present, and who hears of it. Told on one thread. */
final class Notices {
    private static final System.Logger LOG = System.getLogger(FileJournal.class.getName());

    private final JournalListener listener;
    private volatile @Nullable IOException writeFailure;
    private volatile @Nullable IOException compactionFailure;

    Notices(JournalListener listener) {
        this.listener = listener;
    }

    @Nullable
    IOException failure() {
        IOException write = writeFailure;
        return write == null ? compactionFailure : write;
    }

    @Nullable
    IOException writeFailure() {
        return writeFailure;
    }

    void writeFailed(IOException failure) {
        IOException before = writeFailure;
        writeFailure = failure;
        tellFailed(before, failure);
    }

    void compactionFailed(IOException failure) {
        IOException before = compactionFailure;
        compactionFailure = failure;
        tellFailed(before, failure);
    }

    void writeSucceeded() {
        if (writeFailure != null) {
            writeFailure = null;
            tellRecovered();
        }
    }

    void compactionSucceeded() {
        if (compactionFailure != null) {
            compactionFailure = null;
            tellRecovered();
        }
    }

    void compacted(Path file, long before, long after) {
        tell(() -> listener.compacted(file, before, after));
    }

    /** For failures that cost nothing. */
    void unimportant(String what, IOException failure) {
        LOG.log(System.Logger.Level.DEBUG, what, failure);
    }

    private void tellFailed(@Nullable IOException before, IOException failure) {
        if (before == null || !String.valueOf(before.getMessage()).equals(String.valueOf(failure.getMessage()))) {
            tell(() -> listener.failed(failure));
        }
    }

    private void tellRecovered() {
        if (failure() == null) {
            tell(listener::recovered);
        }
    }

    private static void tell(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error failure) {
            LOG.log(System.Logger.Level.WARNING, "a listener of a journal failed", failure);
        }
    }
}
