package dev.scuttlebutt.store;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Message;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.SessionOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.store.Storage.BadRow;
import dev.scuttlebutt.store.Storage.StoredDocument;
import dev.scuttlebutt.store.Storage.Write;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A document in memory: its replica, who holds it, and what of it is not written yet. */
final class LiveDocument {
    /*
     *   LOADING ──loaded──► LIVE ──nobody holds it, grace over, all written──► GONE
     *      └──────could not be loaded, deleted───────────┴──────deleted──────────┘
     *
     * The storage is one more peer: a session that only sends. What is to be written is not queued but looked up, so a
     * storage that is slow costs a position, and what was superseded meanwhile is never written.
     *
     * Only a document whose last write has succeeded goes. Whoever opens it before that gets this same instance, so no
     * older state is ever read while a newer one is on its way to the disk.
     */
    private static final int POLL = 512;

    private enum State {
        LOADING,
        LIVE,
        GONE
    }

    private final Store store;
    private final Schema.Rule rule;
    private final String name;
    private final Acknowledgements acknowledgements;

    // Guarded by this.
    private State state = State.LOADING;
    private int holders;
    private List<CompletableFuture<Handle<Replica>>> openers = new ArrayList<>();
    private Scheduler.@Nullable Task leaving;
    private boolean mayLeave;
    private boolean deleted;
    private @Nullable Replica replica;

    // Set before it is live, then used by the committer only.
    private @Nullable Session session;
    private Clock written = Clock.EMPTY;
    private List<BadRow> badRows = List.of();
    private long snapshotBytes;
    private long blockBytes;
    private @Nullable Collected refused;
    private boolean snapshotWanted;
    private boolean unforced;

    /** What has been taken out to be written. */
    record Collected(Write write, Clock clock, long position, long updates, long bytes, boolean complete) {}

    LiveDocument(Store store, Schema.Rule rule, String name) {
        this.store = store;
        this.rule = rule;
        this.name = name;
        this.acknowledgements = new Acknowledgements(store.executor());
    }

    String name() {
        return name;
    }

    Acknowledgements acknowledgements() {
        return acknowledgements;
    }

    long position() {
        long position = acknowledgements.give();
        store.committer().touch(this);
        return position;
    }

    // Holding

    /** Adds a holder; null when it is gone and another one has to be made. */
    @Nullable
    CompletableFuture<Handle<Replica>> hold() {
        CompletableFuture<Handle<Replica>> opener = new CompletableFuture<>();
        Replica loaded;
        synchronized (this) {
            if (state == State.GONE) {
                return null;
            }
            if (state == State.LOADING) {
                openers.add(opener);
                return opener;
            }
            holders++;
            stay();
            loaded = replica;
        }
        if (loaded == null) {
            throw new AssertionError("what is live has a replica");
        }
        opener.complete(new Handle<>(this, loaded));
        return opener;
    }

    private void stay() {
        mayLeave = false;
        if (leaving != null) {
            leaving.cancel();
            leaving = null;
        }
    }

    void release() {
        synchronized (this) {
            holders--;
            if (holders > 0 || state != State.LIVE) {
                return;
            }
            leaveLater();
        }
    }

    void releaseAtOnce() {
        synchronized (this) {
            holders--;
        }
        leave();
    }

    /** Lock held. */
    private void leaveLater() {
        if (leaving == null) {
            leaving = store.scheduler().after(store.options().grace(), this::leave);
        }
    }

    private void leave() {
        synchronized (this) {
            leaving = null;
            if (holders > 0 || state != State.LIVE) {
                return;
            }
            mayLeave = true;
        }
        store.committer().touch(this);
    }

    synchronized int holders() {
        return holders;
    }

    synchronized boolean isDeleted() {
        return deleted;
    }

    synchronized boolean isLive() {
        return state == State.LIVE;
    }

    synchronized @Nullable Replica replicaIfLive() {
        return state == State.LIVE ? replica : null;
    }

    synchronized boolean mayLeave() {
        return mayLeave;
    }

    // Loading

    /** Loads it on this thread, and answers those who wait. */
    void load() {
        IOException failure;
        try {
            doLoad();
            return;
        } catch (IOException e) {
            failure = e;
        } catch (RuntimeException | Error e) {
            failure = new IOException("document \"" + name + "\" could not be loaded: " + e, e);
        }
        end(failure);
    }

    private void doLoad() throws IOException {
        Storage storage = store.storage();
        StoredDocument known = storage.find(name);
        if (known != null && known.isDeleted()) {
            throw new DocumentDeletedException(name);
        }
        if (known != null && !known.type().equals(rule.type())) {
            throw new IOException("document \"" + name + "\" was stored as " + known.type()
                    + ", and the rule " + rule.text() + " of the schema makes it " + rule.type()
                    + "; nothing was changed");
        }
        Replica made = rule.maker().apply(store.options().replica());
        if (!made.clock().isEmpty()) {
            throw new IOException("the rule " + rule.text()
                    + " makes a replica that is not empty: what it puts in would win over what is stored");
        }
        try (Loader loader = new Loader(name, made, store.options())) {
            if (known != null && !storage.read(name, loader)) {
                throw new DocumentDeletedException(name);
            }
            snapshotBytes = loader.snapshotBytes();
            blockBytes = loader.blockBytes();
            badRows = loader.badRows();
            made.restore(store.replicaId(), loader.clock(), badRows.isEmpty());
        }
        written = made.clock();
        attach(made);
        badRows.forEach(store::tellSetAside);
        goLive(made);
    }

    /** Links the replica with the storage, which has what {@link #written} says. */
    private Session attach(Replica made) {
        Session opened = made.open(SessionOptions.sendOnly());
        opened.assume(written);
        opened.onReady(this::wake);
        session = opened;
        return opened;
    }

    /** The session has something, or has ended. */
    private void wake() {
        synchronized (this) {
            if (state == State.GONE) {
                return;
            }
        }
        store.committer().touch(this);
    }

    private void goLive(Replica made) {
        List<CompletableFuture<Handle<Replica>>> waiting;
        boolean wasDeleted;
        synchronized (this) {
            wasDeleted = deleted;
            waiting = openers;
            if (!wasDeleted) {
                replica = made;
                state = State.LIVE;
                openers = List.of();
                holders = waiting.size();
            }
        }
        if (wasDeleted) {
            end(new DocumentDeletedException(name));
            return;
        }
        // The session has to be asked once before it calls, and bad rows are to be set aside.
        store.committer().touch(this);
        for (CompletableFuture<Handle<Replica>> opener : waiting) {
            if (!opener.complete(new Handle<>(this, made))) {
                release();
            }
        }
    }

    // Ending

    /** Marks it as deleted and lets go of it. */
    void delete() {
        synchronized (this) {
            deleted = true;
            if (state == State.LOADING) {
                return;
            }
        }
        end(new DocumentDeletedException(name));
    }

    /** Leaves the memory. Whoever still has a handle has a replica that nobody keeps. */
    void end(IOException reason) {
        List<CompletableFuture<Handle<Replica>>> waiting;
        Replica left;
        synchronized (this) {
            if (state == State.GONE) {
                return;
            }
            state = State.GONE;
            stay();
            waiting = openers;
            openers = List.of();
            left = replica;
        }
        store.forget(this);
        letGo(left);
        acknowledgements.end(reason);
        for (CompletableFuture<Handle<Replica>> opener : waiting) {
            opener.completeExceptionally(reason);
        }
    }

    /** Goes if nobody holds it, everything is written and nothing came meanwhile. Called by the committer. */
    boolean leaveIfIdle() {
        Replica left;
        synchronized (this) {
            if (!mayLeave || holders > 0 || state != State.LIVE || isBehind() || !acknowledgements.isComplete()) {
                return false;
            }
            left = replica;
            if (left != null && !written.covers(left.clock())) {
                return false;
            }
            state = State.GONE;
        }
        store.forget(this);
        letGo(left);
        return true;
    }

    private boolean isBehind() {
        return refused != null || snapshotWanted || unforced;
    }

    private void letGo(@Nullable Replica left) {
        Session ours = session;
        if (ours != null) {
            ours.close();
        }
        if (left != null) {
            left.dispose();
        }
    }

    // Writing, by the committer

    /** Takes out what is to be written; null when there is nothing. */
    @Nullable
    Collected collect(long maxBytes) {
        if (refused != null) {
            return refused;
        }
        Replica source;
        synchronized (this) {
            source = state == State.LIVE ? replica : null;
        }
        Session ours = session;
        if (source == null || ours == null) {
            return null;
        }
        if (ours.outputEnded()) {
            // Somebody disposed of the replica, which ends all sessions; it remains usable and has to be kept.
            ours = attach(source);
        }
        long position = acknowledgements.given();
        // Read before the updates: whatever it covers is among them, written already, or superseded.
        Clock clock = source.clock();
        List<Update> updates = new ArrayList<>();
        long bytes = poll(ours, updates, maxBytes);
        boolean complete = bytes < maxBytes;
        if (badRows.isEmpty() && !snapshotWanted && !isDue(bytes)) {
            return lines(updates, complete ? clock : Clock.EMPTY, position, bytes, complete);
        }
        return snapshot(source, position);
    }

    private static long poll(Session ours, List<Update> updates, long maxBytes) {
        List<Message> batch = new ArrayList<>();
        long bytes = 0;
        int count = POLL;
        while (count == POLL && bytes < maxBytes) {
            batch.clear();
            count = ours.poll(batch, POLL, (int) Math.min(Integer.MAX_VALUE, maxBytes - bytes));
            for (Message message : batch) {
                if (message instanceof Update update) {
                    updates.add(update);
                    bytes += update.length();
                }
            }
        }
        return bytes;
    }

    private boolean isDue(long more) {
        long behind = blockBytes + more;
        return behind >= store.options().compactFrom()
                && behind >= store.options().compactFactor() * snapshotBytes;
    }

    private Collected lines(List<Update> updates, Clock clock, long position, long bytes, boolean complete) {
        Clock gained = gained(clock);
        List<byte[]> blocks = Blocks.of(updates);
        if (blocks.isEmpty() && !gained.isEmpty()) {
            blocks = List.of(new byte[0]);
        }
        Write write = new Write(name, rule.type(), false, gained, blocks, List.of());
        return new Collected(write, complete ? clock : written, position, updates.size(), bytes, complete);
    }

    private Collected snapshot(Replica source, long position) {
        // In this order, as in collect: the history has everything that the clock covers and that still counts.
        Clock clock = source.clock();
        List<Update> history = source.history();
        long bytes = 0;
        for (Update update : history) {
            bytes += update.length();
        }
        Write write = new Write(name, rule.type(), true, clock, Blocks.lazily(history), badRows);
        return new Collected(write, clock, position, history.size(), bytes, true);
    }

    /** Returns the entries of a clock that are not written yet. */
    private Clock gained(Clock clock) {
        if (clock.isEmpty() || clock == written) {
            return Clock.EMPTY;
        }
        Map<String, Double> gained = new HashMap<>();
        clock.toMap().forEach((source, timestamp) -> {
            if (timestamp > written.latest(source)) {
                gained.put(source, timestamp);
            }
        });
        return Clock.of(gained);
    }

    void written(Collected collected) {
        refused = null;
        if (collected.write.snapshot()) {
            badRows = List.of();
            snapshotWanted = false;
            snapshotBytes = collected.bytes;
            blockBytes = 0;
        } else {
            blockBytes += collected.bytes;
        }
        written = collected.clock;
    }

    /** The storage did not take it: to be handed out again. */
    void refused(Collected collected) {
        if (collected.write.snapshot()) {
            // What the session gave for it is in no block; only another snapshot has it.
            snapshotWanted = true;
        } else {
            refused = collected;
        }
    }

    /** The disk did not take what the storage had taken: everything is to be written again. */
    void distrust() {
        snapshotWanted = true;
    }

    /** Notes whether the storage has something of it that the disk may not have. */
    void unforced(boolean unforced) {
        this.unforced = unforced;
    }
}
