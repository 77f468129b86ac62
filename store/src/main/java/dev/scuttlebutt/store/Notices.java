package dev.scuttlebutt.store;

import dev.scuttlebutt.store.Storage.BadRow;
import java.io.IOException;
import java.lang.System.Logger;
import java.util.concurrent.Executor;

/** Tells those who listen, without being disturbed by them. */
final class Notices {
    private static final Logger LOGGER = System.getLogger(Store.class.getName());

    private final StoreListener listener;
    private final Executor executor;

    Notices(StoreListener listener, Executor executor) {
        this.listener = listener;
        this.executor = executor;
    }

    void failed(IOException failure) {
        tell(() -> listener.failed(failure));
    }

    void recovered() {
        tell(listener::recovered);
    }

    void setAside(BadRow row) {
        tell(() -> listener.setAside(row));
    }

    /** Runs what belongs to somebody else away from the writer. */
    void later(Runnable task) {
        try {
            executor.execute(task);
        } catch (RuntimeException shutDown) {
            task.run();
        }
    }

    private static void tell(Runnable notice) {
        try {
            notice.run();
        } catch (RuntimeException | Error failure) {
            LOGGER.log(Logger.Level.WARNING, "a listener of the store threw", failure);
        }
    }
}
