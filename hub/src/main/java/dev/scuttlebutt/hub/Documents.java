package dev.scuttlebutt.hub;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.store.DocumentDeletedException;
import dev.scuttlebutt.store.Handle;
import dev.scuttlebutt.store.Store;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The documents that somebody is connected to. Safe from any thread. */
final class Documents {
    private final Store store;
    private final long maxBytes;
    private final LongAdder updates = new LongAdder();
    private final Map<String, Entry> entries = new HashMap<>();

    /** A document and how many have joined it; in memory until the last has left. */
    private static final class Entry {
        final CompletableFuture<OpenDocument> opened = new CompletableFuture<>();
        int joined;
    }

    Documents(Store store, long maxBytes) {
        this.store = store;
        this.maxBytes = maxBytes;
    }

    Store store() {
        return store;
    }

    /** How many updates have been applied. */
    long updates() {
        return updates.sum();
    }

    /**
     * Opens a document, which is made if it is not there.
     *
     * @return completes on a thread of the store; fails with a {@link Refusal}. When it does not fail, it is to be
     *     followed by {@link #leave}.
     */
    CompletableFuture<OpenDocument> join(String name) {
        String type = store.schema().type(name);
        if (type == null) {
            return CompletableFuture.failedFuture(new Refusal(
                    CloseCode.NO_TYPE,
                    HttpResponseStatus.NOT_FOUND,
                    "no type belongs to the name \"" + name + "\"; names begin with one of "
                            + String.join("/, ", DocumentTypes.names()) + "/"));
        }
        Entry entry;
        boolean first;
        synchronized (entries) {
            first = !entries.containsKey(name);
            entry = entries.computeIfAbsent(name, made -> new Entry());
            entry.joined++;
        }
        if (first) {
            store.open(name).whenComplete((handle, failure) -> onOpened(name, type, entry, handle, failure));
        }
        return entry.opened;
    }

    private void onOpened(
            String name, String type, Entry entry, @Nullable Handle<Replica> handle, @Nullable Throwable failure) {
        if (handle != null) {
            entry.opened.complete(new OpenDocument(type, handle, maxBytes, updates));
            return;
        }
        synchronized (entries) {
            entries.remove(name, entry);
        }
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        entry.opened.completeExceptionally(
                cause instanceof DocumentDeletedException
                        ? new Refusal(CloseCode.DELETED, HttpResponseStatus.GONE, cause.getMessage() + "")
                        : new Refusal(
                                CloseCode.INTERNAL,
                                HttpResponseStatus.INTERNAL_SERVER_ERROR,
                                "the document cannot be opened: " + (cause == null ? "" : cause.getMessage())));
    }

    /** Returns why a document could not be joined, in words for whoever wanted it. */
    static Refusal refusal(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        return cause instanceof Refusal refused
                ? refused
                : new Refusal(
                        CloseCode.INTERNAL, HttpResponseStatus.INTERNAL_SERVER_ERROR, "the document cannot be opened");
    }

    /** Deletes a document and sends away who is connected to it. Completes with false when it was deleted already. */
    CompletableFuture<Boolean> delete(String name) {
        return store.delete(name).thenApply(news -> {
            OpenDocument open = find(name);
            if (open != null) {
                List.copyOf(open.peers()).forEach(peer -> peer.close(CloseCode.DELETED, "the document was deleted"));
                List.copyOf(open.watchers()).forEach(peer -> peer.close(CloseCode.DELETED, "the document was deleted"));
            }
            return news;
        });
    }

    void leave(OpenDocument document) {
        boolean last = false;
        synchronized (entries) {
            Entry entry = entries.get(document.name());
            if (entry != null && --entry.joined == 0) {
                entries.remove(document.name());
                last = true;
            }
        }
        if (last) {
            document.close();
        }
    }

    /** Returns a document if somebody is connected to it. */
    @Nullable
    OpenDocument find(String name) {
        synchronized (entries) {
            Entry entry = entries.get(name);
            return entry == null || entry.opened.isCompletedExceptionally() ? null : entry.opened.getNow(null);
        }
    }

    List<OpenDocument> all() {
        List<OpenDocument> all = new ArrayList<>();
        synchronized (entries) {
            for (Entry entry : entries.values()) {
                OpenDocument opened = entry.opened.isCompletedExceptionally() ? null : entry.opened.getNow(null);
                if (opened != null) {
                    all.add(opened);
                }
            }
        }
        return all;
    }

    List<Peer> peers() {
        List<Peer> peers = new ArrayList<>();
        for (OpenDocument document : all()) {
            peers.addAll(document.peers());
        }
        return peers;
    }

    /** Returns the connections over which presence is told. */
    List<Peer> watchers() {
        List<Peer> watchers = new ArrayList<>();
        for (OpenDocument document : all()) {
            watchers.addAll(document.watchers());
        }
        return watchers;
    }
}
