package dev.scuttlebutt.store;

import dev.scuttlebutt.Subscription;
import dev.scuttlebutt.store.Storage.Change;
import java.io.IOException;
import java.lang.System.Logger;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Tells those who watch what has changed. */
final class Feed implements AutoCloseable {
    /*
     * Nothing is queued: each watcher has a position in the storage and reads on from there when it is told that there is
     * more, so one that is slow costs a number.
     */
    private static final Logger LOGGER = System.getLogger(Store.class.getName());
    private static final int PAGE = 256;

    private final Storage storage;
    private final Executor executor;
    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();

    Feed(Storage storage, Executor executor) {
        this.storage = storage;
        this.executor = executor;
    }

    Subscription watch(long after, Consumer<? super Change> listener) {
        Watcher watcher = new Watcher(after, listener);
        watchers.add(watcher);
        watcher.more();
        return () -> watchers.remove(watcher);
    }

    /** Says that there is more. */
    void changed() {
        watchers.forEach(Watcher::more);
    }

    @Override
    public void close() {
        watchers.clear();
    }

    private final class Watcher {
        private final Consumer<? super Change> listener;
        private final AtomicInteger asked = new AtomicInteger();
        private long position;

        Watcher(long after, Consumer<? super Change> listener) {
            this.position = after;
            this.listener = listener;
        }

        void more() {
            if (asked.getAndIncrement() == 0) {
                try {
                    executor.execute(this::run);
                } catch (RuntimeException shutDown) {
                    watchers.remove(this);
                }
            }
        }

        private void run() {
            int answered = 1;
            do {
                try {
                    tell();
                } catch (IOException | RuntimeException failure) {
                    LOGGER.log(Logger.Level.WARNING, "changes after " + position + " could not be told", failure);
                }
                answered = asked.addAndGet(-answered);
            } while (answered != 0);
        }

        private void tell() throws IOException {
            List<Change> page;
            do {
                page = storage.changes(position, PAGE);
                for (Change change : page) {
                    if (!watchers.contains(this)) {
                        return;
                    }
                    listener.accept(change);
                    position = change.position();
                }
            } while (page.size() == PAGE);
        }
    }
}
