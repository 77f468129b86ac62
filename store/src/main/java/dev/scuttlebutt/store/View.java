package dev.scuttlebutt.store;

import dev.scuttlebutt.Subscription;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.store.Storage.Change;
import dev.scuttlebutt.store.ViewGroups.Contribution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Results over all documents of a store, by group, kept up to date as documents change: map and reduce.
 *
 * <pre>{@code
 * try (View stock = View.open(store, definition)) {
 *     stock.current().join();                  // everything that has been applied until now is in it
 *     Json bottles = stock.get("Merlot");
 *     stock.within().forEach((wine, sum) -> System.out.println(wine + " " + sum));
 * }
 * }</pre>
 *
 * <p>It follows what is stored, documents that came by replication and are not open included. A change costs a look at one
 * document, and reducing the groups it contributes to anew, each from what is directly in it. All contributions are in
 * memory; with a file they are also kept there, so that the next start does not look at all documents again.
 *
 * <p>Safe from any thread. To be closed before the store.
 *
 * @see "persistence, section 9"
 */
public final class View implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(View.class.getName());
    private static final int MAX_DEPTH = 16;
    private static final int MAX_CONTRIBUTIONS = 10_000;
    private static final int SAVED_AT_ONCE = 256;

    /**
     * The result of a group is another one.
     *
     * @param group from the outermost; empty for everything
     * @param before null when it was empty
     * @param now null when it is empty
     */
    public record Changed(
            List<String> group,
            @Nullable Json before,
            @Nullable Json now) {}

    private record Waiting(long position, CompletableFuture<@Nullable Void> future) {}

    private final Store store;
    private final ViewDefinition definition;
    private final @Nullable ViewFile file;
    private final List<Consumer<? super Changed>> listeners = new CopyOnWriteArrayList<>();

    // Guarded by this.
    private final ViewGroups groups;
    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>(Comparator.comparingLong(Waiting::position));
    private long position;
    private boolean closed;

    /** Also the lock of the file. */
    private final Map<String, List<Contribution>> unsaved = new LinkedHashMap<>();

    private boolean fileClosed;
    private @Nullable Subscription following;

    private View(Store store, ViewDefinition definition, @Nullable ViewFile file) {
        this.store = store;
        this.definition = definition;
        this.file = file;
        this.groups = new ViewGroups(definition);
    }

    /** Opens a view that is made anew, from all documents, at each start. */
    public static View open(Store store, ViewDefinition definition) throws IOException {
        return open(store, definition, null);
    }

    /**
     * Opens a view. Returns at once; {@link #current} tells when it has everything.
     *
     * @param file a database of SQLite in which it is kept, together with others if you like; it may be deleted while no
     *     view is open. Null to make it anew at each start. After a crash it is made anew, too.
     * @throws IOException if the file or the storage cannot be read
     */
    public static View open(Store store, ViewDefinition definition, @Nullable Path file) throws IOException {
        ViewFile kept = file == null ? null : ViewFile.open(file, definition, store.replicaId());
        View view = new View(store, definition, kept);
        try {
            view.start();
        } catch (IOException | RuntimeException e) {
            if (kept != null) {
                kept.close();
            }
            throw e;
        }
        return view;
    }

    private void start() throws IOException {
        if (file != null) {
            long kept = file.load(groups::replace);
            if (kept == 0) {
                file.clear();
            }
            position = kept;
        }
        following = store.watch(position, this::follow);
    }

    // Looking

    /**
     * Returns the result of a group, or null when no document contributes to it.
     *
     * @param group from the outermost; none for everything
     */
    public synchronized @Nullable Json get(String... group) {
        return groups.get(List.of(group));
    }

    /**
     * Returns the results of the groups that are directly within one, by name. A copy.
     *
     * @param group from the outermost; none for the outermost ones
     */
    public synchronized SortedMap<String, Json> within(String... group) {
        return groups.within(List.of(group));
    }

    /** Returns what documents contribute to this very group, by the name of the document. A copy. */
    public synchronized SortedMap<String, List<Json>> documents(String... group) {
        return groups.documents(List.of(group));
    }

    /** Calls a listener when the result of a group is another one, on a thread of the store, one at a time. */
    public Subscription onChange(Consumer<? super Changed> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /**
     * Completes when everything that has been applied to any document until now is in the view and its listeners have heard
     * of it. Fails when the view is closed before, or the storage fails.
     */
    public CompletableFuture<@Nullable Void> current() {
        return store.flush().thenCompose(flushed -> {
            try {
                return upTo(store.storage().latest());
            } catch (IOException e) {
                return CompletableFuture.failedFuture(e);
            }
        });
    }

    private synchronized CompletableFuture<@Nullable Void> upTo(long latest) {
        if (closed) {
            return CompletableFuture.failedFuture(closedBefore());
        }
        CompletableFuture<@Nullable Void> future = new CompletableFuture<>();
        if (position >= latest) {
            future.complete(null);
        } else {
            waiting.add(new Waiting(latest, future));
        }
        return future;
    }

    private IOException closedBefore() {
        return new IOException(definition + " is closed");
    }

    // Following

    private void follow(Change change) {
        List<Contribution> contributions;
        try {
            Json state = change.deleted() ? null : store.state(change.name());
            contributions = state == null ? List.of() : map(change.name(), state);
        } catch (IOException e) {
            // The feed logs it, and comes again with the same change when it is asked to.
            store.scheduler().after(store.options().retry(), store::tellChangesAgain);
            throw new UncheckedIOException(e);
        }
        List<Changed> news = new ArrayList<>();
        synchronized (this) {
            if (closed) {
                return;
            }
            try {
                groups.replace(change.name(), contributions)
                        .forEach((group, before) ->
                                news.add(new Changed(List.copyOf(group), before, groups.get(group))));
            } catch (RuntimeException failure) {
                LOGGER.log(
                        Logger.Level.WARNING, definition + ": reduce threw after document " + change.name(), failure);
            }
        }
        save(change, contributions);
        news.forEach(this::tell);
        reached(change.position()).forEach(one -> one.future.complete(null));
    }

    /** Notes how far the view and its listeners are, and returns who waited for that. */
    private synchronized List<Waiting> reached(long latest) {
        position = latest;
        List<Waiting> done = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.element().position <= position) {
            done.add(waiting.remove());
        }
        return done;
    }

    private List<Contribution> map(String document, Json state) {
        List<Contribution> contributions = new ArrayList<>();
        try {
            definition.map().map(document, state, (value, group) -> {
                if (group.length > MAX_DEPTH || contributions.size() == MAX_CONTRIBUTIONS) {
                    throw new IllegalArgumentException("a document contributes at most " + MAX_CONTRIBUTIONS
                            + " times, to groups of at most " + MAX_DEPTH + " levels");
                }
                contributions.add(new Contribution(List.of(group), value));
            });
        } catch (RuntimeException failure) {
            LOGGER.log(Logger.Level.WARNING, definition + ": the map threw for document " + document, failure);
            return List.of();
        }
        return contributions;
    }

    /** Many at a time while it catches up. */
    private void save(Change change, List<Contribution> contributions) {
        if (file == null) {
            return;
        }
        synchronized (unsaved) {
            if (!fileClosed) {
                save(file, change, contributions);
            }
        }
    }

    private void save(ViewFile file, Change change, List<Contribution> contributions) {
        unsaved.put(change.name(), contributions);
        try {
            if (unsaved.size() >= SAVED_AT_ONCE
                    || change.position() >= store.storage().latest()) {
                file.save(unsaved, change.position());
                unsaved.clear();
            }
        } catch (IOException failure) {
            // What is kept is behind, and no more: the next start goes on from there.
            LOGGER.log(Logger.Level.WARNING, definition + " could not be saved", failure);
        }
    }

    private void tell(Changed news) {
        for (Consumer<? super Changed> listener : listeners) {
            try {
                listener.accept(news);
            } catch (RuntimeException failure) {
                LOGGER.log(Logger.Level.WARNING, "a listener of " + definition + " threw", failure);
            }
        }
    }

    /** Follows no more. Closing again does nothing. */
    @Override
    public void close() throws IOException {
        List<Waiting> left;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            left = new ArrayList<>(waiting);
            waiting.clear();
        }
        if (following != null) {
            following.close();
        }
        left.forEach(one -> one.future.completeExceptionally(closedBefore()));
        synchronized (unsaved) {
            fileClosed = true;
            if (file != null) {
                file.close();
            }
        }
    }

    @Override
    public String toString() {
        return definition.toString();
    }
}
