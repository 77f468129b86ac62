package dev.scuttlebutt.hub;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.Subscription;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.store.Handle;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** A document that somebody is connected to. */
final class OpenDocument {
    private static final int RECOUNTS = 16;

    private final String name;
    private final String type;
    private final Handle<Replica> handle;
    private final long maxBytes;
    private final LongAdder updates;
    private final Set<Peer> peers = ConcurrentHashMap.newKeySet();
    private final Set<Peer> watchers = ConcurrentHashMap.newKeySet();
    private final DocumentPresence presence = new DocumentPresence();
    private final Subscription counting;

    // Written by one listener at a time.
    private volatile long counted;
    private volatile long added;
    private volatile boolean full;

    /** @param updates counts what is applied to all documents */
    OpenDocument(String type, Handle<Replica> handle, long maxBytes, LongAdder updates) {
        this.name = handle.name();
        this.type = type;
        this.handle = handle;
        this.maxBytes = maxBytes;
        this.updates = updates;
        this.counting = handle.replica().on(ReplicaEvent.Applied.class, applied -> count(applied.update()));
        recount();
    }

    String name() {
        return name;
    }

    String type() {
        return type;
    }

    Replica replica() {
        return handle.replica();
    }

    Handle<Replica> handle() {
        return handle;
    }

    Collection<Peer> peers() {
        return peers;
    }

    void add(Peer peer) {
        peers.add(peer);
    }

    void remove(Peer peer) {
        peers.remove(peer);
    }

    /** Those who want to know who is there. */
    Collection<Peer> watchers() {
        return watchers;
    }

    DocumentPresence presence() {
        return presence;
    }

    void close() {
        counting.close();
        handle.close();
    }

    // Size

    /** About how long the updates are together: exact now and then, never too small. */
    long bytes() {
        return counted + added;
    }

    /** Tells whether it has reached its greatest size. */
    boolean isFull() {
        return full;
    }

    private void count(Update update) {
        updates.increment();
        added += update.length();
        if (maxBytes > 0 && counted + added > maxBytes && (full || added > maxBytes / RECOUNTS || counted == 0)) {
            recount();
        }
    }

    private void recount() {
        long bytes = 0;
        for (Update update : replica().history()) {
            bytes += update.length();
        }
        counted = bytes;
        added = 0;
        full = maxBytes > 0 && bytes > maxBytes;
        if (full) {
            for (Peer peer : List.copyOf(peers)) {
                if (peer.rights().include(Rights.WRITE)) {
                    peer.close(CloseCode.TOO_LARGE, "the document has more than " + maxBytes + " bytes");
                }
            }
        }
    }
}
