package dev.scuttlebutt.hub;

import dev.scuttlebutt.Handshake;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.Subscription;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.store.Handle;
import dev.scuttlebutt.types.Model;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A document that somebody is connected to. */
final class OpenDocument {
    /** So many forgotten entries of presence, and it starts again. */
    private static final int MAX_PRESENCE = 10_000;

    private static final int RECOUNTS = 16;

    private final String name;
    private final String type;
    private final Handle<Replica> handle;
    private final long maxBytes;
    private final LongAdder updates;
    private final Set<Peer> peers = ConcurrentHashMap.newKeySet();
    private final Subscription counting;

    // Written by one listener at a time.
    private volatile long counted;
    private volatile long added;
    private volatile boolean full;

    // Guarded by this.
    private @Nullable Model presence;
    private int present;

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

    // Presence

    /** Returns who is there, as a model that is never stored. Each call is to be followed by {@link #leavePresence}. */
    synchronized Model joinPresence() {
        Model model = presence;
        if (model == null || model.clock().size() > MAX_PRESENCE) {
            if (model != null) {
                // Whoever is connected comes back, to the new one.
                model.dispose();
            }
            model = new Model();
            presence = model;
        }
        present++;
        return model;
    }

    /** Takes out what somebody who leaves has said. */
    synchronized void leavePresence(Model model, Session session) {
        if (--present == 0) {
            presence = null;
            return;
        }
        Handshake peer = session.peer();
        String id = peer == null ? null : peer.id();
        if (id == null) {
            return;
        }
        List<Update> said = new ArrayList<>(model.history());
        said.removeIf(update -> !update.source().equals(id));
        for (Update update : said) {
            model.delete(update.change().asArray().get(0).asString());
        }
    }

    synchronized int present() {
        return present;
    }
}
