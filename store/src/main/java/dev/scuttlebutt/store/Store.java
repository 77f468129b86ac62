package dev.scuttlebutt.store;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.Subscription;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.store.Storage.BadRow;
import dev.scuttlebutt.store.Storage.Change;
import dev.scuttlebutt.store.Storage.StoredDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Many documents by name, each a replica that is in memory while somebody holds it and in a {@link Storage} always.
 *
 * <pre>{@code
 * try (Store store = Store.open(storage, Schema.builder().prefix("", "model", Model::new).build());
 *         Handle<Model> notes = store.open("notes", Model.class).join()) {
 *     notes.replica().set("title", "Cellar");
 *     notes.saved().join();
 * }
 * }</pre>
 *
 * <p>A document is made when the first update is applied to it. A storage that fails or is slow never makes a document look
 * emptier or older than it is: opening answers when everything is loaded and fails otherwise, and a document leaves the
 * memory only when everything has been written.
 *
 * <p>Safe from any thread. Methods that return a future do not block; futures are completed on threads of the store, so
 * what is hung on them must be quick or use an executor of its own.
 *
 * @see "persistence, section 10"
 */
public final class Store implements AutoCloseable {
    private static final int MAX_NAME_BYTES = 1024;
    private static final String REPLICA = "replica";
    private static final String STATE = "state";
    private static final String CLOSED = "closed";

    /**
     * Numbers for display.
     *
     * @param open documents in memory
     * @param holders handles that are not closed
     * @param waiting documents that may have something to be written
     * @param loads documents loaded so far
     * @param commits steps in which something was written
     * @param writes documents written in them, each counted once for each step
     * @param bytes lines written in them
     */
    public record Stats(int open, int holders, int waiting, long loads, long commits, long writes, long bytes) {}

    private final Storage storage;
    private final String replicaId;
    private final Schema schema;
    private final StoreOptions options;
    private final Threads threads;
    private final Notices notices;
    private final Counters counters = new Counters();
    private final Committer committer;
    private final Feed feed;
    private final ConcurrentMap<String, LiveDocument> documents = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private Store(Storage storage, String replicaId, Schema schema, StoreOptions options) {
        this.storage = storage;
        this.replicaId = replicaId;
        this.schema = schema;
        this.options = options;
        this.threads = new Threads(options);
        this.notices = new Notices(options.listener(), threads.readers);
        this.feed = new Feed(storage, threads.readers);
        this.committer = new Committer(storage, options, threads.scheduler, threads.writer, notices, counters, feed);
    }

    /** Opens a store with the default options. See {@link #open(Storage, Schema, StoreOptions)}. */
    public static Store open(Storage storage, Schema schema) throws IOException {
        return open(storage, schema, StoreOptions.defaults());
    }

    /**
     * Opens a store. The storage belongs to it and is closed with it.
     *
     * <p>Replicas have the id that the store had before, unless the options give one. If the store was not closed before,
     * it takes a new one: peers may have seen updates under the old id that were not stored, and what was written next
     * under that id would be stale to them.
     *
     * @throws IOException if the storage cannot be read
     */
    public static Store open(Storage storage, Schema schema, StoreOptions options) throws IOException {
        String replicaId = storage.note(REPLICA);
        if (replicaId == null || !CLOSED.equals(storage.note(STATE))) {
            byte[] random = new byte[16];
            new SecureRandom().nextBytes(random);
            replicaId = HexFormat.of().withUpperCase().formatHex(random);
            storage.note(REPLICA, replicaId);
        }
        storage.note(STATE, "open");
        return new Store(storage, replicaId, schema, options);
    }

    // Documents

    /**
     * Opens a document. The future gives a handle when everything stored has been loaded.
     *
     * <p>It fails with an {@link IllegalArgumentException} when the name is not possible ({@link #objection}) or no rule of
     * the schema matches, an {@link IllegalStateException} when too many documents are open, a
     * {@link DocumentDeletedException} when it was deleted, and another {@link IOException} when the storage cannot be
     * read, holds it as another type, or has too many bad rows. A handle that nobody takes because the future was
     * cancelled is closed.
     */
    public CompletableFuture<Handle<Replica>> open(String name) {
        String objection = objection(name);
        if (objection != null) {
            return CompletableFuture.failedFuture(new IllegalArgumentException(objection));
        }
        Schema.Rule rule = schema.rule(name);
        if (rule == null) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("no rule of the schema matches document \"" + name + "\""));
        }
        while (true) {
            LiveDocument document = documents.get(name);
            boolean made = false;
            if (document == null) {
                if (closed.get()) {
                    return CompletableFuture.failedFuture(Committer.closed());
                }
                if (documents.size() >= options.maxOpen()) {
                    return CompletableFuture.failedFuture(new IllegalStateException("already " + options.maxOpen()
                            + " documents are open, which is the limit; try again when some are closed"));
                }
                LiveDocument added = new LiveDocument(this, rule, name);
                LiveDocument other = documents.putIfAbsent(name, added);
                made = other == null;
                document = made ? added : other;
            }
            CompletableFuture<Handle<Replica>> opened = document.hold();
            if (made) {
                load(document);
            }
            if (opened != null) {
                return opened;
            }
        }
    }

    /**
     * Opens a document of a type. As {@link #open(String)}; fails with an {@link IllegalArgumentException} also when it is
     * of another type.
     */
    public <R extends Replica> CompletableFuture<Handle<R>> open(String name, Class<R> type) {
        return open(name).thenApply(handle -> {
            if (!type.isInstance(handle.replica())) {
                handle.close();
                throw new IllegalArgumentException("document \"" + name + "\" is a "
                        + handle.replica().getClass().getName() + ", not a " + type.getName());
            }
            @SuppressWarnings("unchecked")
            Handle<R> typed = (Handle<R>) handle;
            return typed;
        });
    }

    private void load(LiveDocument document) {
        counters.loads.increment();
        try {
            threads.readers.execute(document::load);
        } catch (RuntimeException shutDown) {
            document.end(new IOException("document \"" + document.name() + "\" could not be loaded", shutDown));
        }
    }

    /**
     * Returns why a document cannot have this name, or null when it can: from 1 to 1024 bytes of UTF-8, without control
     * characters and halves of surrogate pairs.
     */
    public static @Nullable String objection(String name) {
        if (name.isEmpty()) {
            return "the name of a document must not be empty";
        }
        if (name.length() > MAX_NAME_BYTES || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            return "the name of a document must not be longer than " + MAX_NAME_BYTES + " bytes in UTF-8";
        }
        boolean odd = name.codePoints()
                .anyMatch(point -> Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE);
        return odd ? "the name of a document must not have control characters or halves of surrogate pairs" : null;
    }

    /** Returns the schema. */
    public Schema schema() {
        return schema;
    }

    /** Returns how many handles a document has; 0 also when it is not in memory. */
    public int holders(String name) {
        LiveDocument document = documents.get(name);
        return document == null ? 0 : document.holders();
    }

    /**
     * Tells whether a document is in memory: somebody holds it, or did until a moment ago, and perhaps not all of it is
     * stored yet.
     */
    public boolean isOpen(String name) {
        return documents.containsKey(name);
    }

    /**
     * Deletes a document. Whoever has it open finds its sessions ended. A record of the deletion remains for ever, so that
     * nothing brings the document back; what it held is out of the files after {@link #compact}.
     *
     * @return completes when the disk has the record, with false when it was deleted already
     */
    public CompletableFuture<Boolean> delete(String name) {
        String objection = objection(name);
        if (objection != null) {
            return CompletableFuture.failedFuture(new IllegalArgumentException(objection));
        }
        boolean[] news = new boolean[1];
        return committer
                .submit(() -> {
                    news[0] = storage.delete(name, options.time().millis());
                    LiveDocument document = documents.get(name);
                    if (document != null) {
                        committer.discard(document);
                        document.delete();
                    }
                    feed.changed();
                })
                .thenApply(done -> news[0]);
    }

    /** Deletes a document, unless it is deleted, and completes when no byte of what it held is in the files. */
    public CompletableFuture<@Nullable Void> purge(String name) {
        return delete(name).thenCompose(news -> compact());
    }

    /** Gives back room that is not used any more. Takes time by the size of the storage, and holds writing back. */
    public CompletableFuture<@Nullable Void> compact() {
        return committer.submit(storage::compact);
    }

    /** Writes what has been applied to any document until now, and completes when the disk has it. */
    public CompletableFuture<@Nullable Void> flush() {
        return committer.flush(List.copyOf(documents.values()));
    }

    // Looking

    /** Returns what is stored of a document, or null when it was never written. Blocks. */
    public @Nullable StoredDocument find(String name) throws IOException {
        return storage.find(name);
    }

    /** Returns the documents of a range that are stored, by name, without those that are deleted. Blocks. */
    public List<StoredDocument> list(NameRange range) throws IOException {
        return storage.list(range);
    }

    /**
     * Returns the latest change of each document that changed after a position. Blocks.
     *
     * @param after the position of a change, or 0 for all
     * @param limit how many at most
     */
    public List<Change> changes(long after, int limit) throws IOException {
        return storage.changes(after, limit);
    }

    /**
     * Tells about the latest change of each document that changed after a position, and about those to come, when they are
     * stored, in order and one at a time. A listener that is slow misses earlier changes of a document that changed again.
     *
     * @param after the position of a change, or 0 for all
     * @param listener may block; when it throws, or the storage cannot be read, it is called again with the same change
     *     after the next one
     */
    public Subscription watch(long after, Consumer<? super Change> listener) {
        return feed.watch(after, listener);
    }

    /** Returns what was set aside because it could not be used, oldest first. Blocks. */
    public List<BadRow> badRows() throws IOException {
        return storage.badRows();
    }

    /** Returns numbers for display. */
    public Stats stats() {
        int holders = 0;
        for (LiveDocument document : documents.values()) {
            holders += document.holders();
        }
        return new Stats(
                documents.size(),
                holders,
                committer.waiting(),
                counters.loads.sum(),
                counters.commits.sum(),
                counters.writes.sum(),
                counters.bytes.sum());
    }

    /** Returns what the storage refuses at present, or null when all is well. It is tried again and again. */
    public @Nullable IOException failure() {
        return committer.failure();
    }

    /**
     * Writes what is not written yet, forces the disk and closes the storage. Sessions of the documents end. Closing again
     * does nothing.
     *
     * @throws IOException if the storage does not take the rest
     */
    @Override
    public void close() throws IOException {
        if (closed.getAndSet(true)) {
            return;
        }
        List<LiveDocument> all = new ArrayList<>(documents.values());
        try {
            committer.end(all);
            storage.note(STATE, CLOSED);
        } finally {
            all.forEach(document -> document.end(Committer.closed()));
            feed.close();
            threads.close();
            storage.close();
        }
    }

    // For the parts

    String replicaId() {
        return replicaId;
    }

    Storage storage() {
        return storage;
    }

    StoreOptions options() {
        return options;
    }

    Committer committer() {
        return committer;
    }

    Scheduler scheduler() {
        return threads.scheduler;
    }

    Executor executor() {
        return threads.readers;
    }

    /**
     * Returns the state of a document as it is stored or newer, or null when there is none: it is not there, deleted, or of a
     * type that the schema does not have for it. Blocks. The document is not opened.
     */
    @Nullable
    Json state(String name) throws IOException {
        LiveDocument document = documents.get(name);
        Replica live = document == null ? null : document.replicaIfLive();
        if (live != null) {
            return live.toJson();
        }
        StoredDocument known = storage.find(name);
        Schema.Rule rule = schema.rule(name);
        if (known == null || known.isDeleted() || rule == null || !rule.type().equals(known.type())) {
            return null;
        }
        Replica made = rule.maker().apply(options.replica());
        // Whoever opens the document sets bad rows aside, or refuses to; what can be read of it is its state.
        try (Loader loader = new Loader(name, made, options.maxBadRows(Integer.MAX_VALUE))) {
            return storage.read(name, loader) ? made.toJson() : null;
        }
    }

    /** Tells those who watch that there is more, also if there is not. */
    void tellChangesAgain() {
        feed.changed();
    }

    void forget(LiveDocument document) {
        documents.remove(document.name(), document);
        committer.forget(document);
    }

    void tellSetAside(BadRow row) {
        notices.setAside(row);
    }
}
