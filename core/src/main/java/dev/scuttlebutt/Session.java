package dev.scuttlebutt;

import dev.scuttlebutt.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One replica's side of the exchange with one peer: messages in, messages out.
 *
 * <p>It has no socket, thread or timer. Whatever moves bytes hands in what arrived ({@link #receive}), takes what is to
 * be sent ({@link #poll}) while the channel has room, tells when the peer has ended ({@link #receiveEnd}), ends its own
 * output when {@link #outputEnded} says so, and calls {@link #close} when the channel is gone. {@code WireSession} does
 * this for bytes.
 *
 * <p>Safe for use by several threads, as long as one at a time takes messages out and one at a time puts them in.
 *
 * @see "core-protocol, section 3"
 */
public final class Session implements AutoCloseable {
    /*
     *   GREETING ──handshake in──► SYNCING ──SYNC out and in──► LIVE ──both ended, or close()──► CLOSED
     *
     * What is to be sent is not queued but looked up: our handshake; what the cursor says the peer lacked when it shook
     * hands; SYNC; what came since. A peer that does not read therefore costs its clock and a position, and finds
     * superseded updates gone when it reads again.
     *
     * A received update raises the peer's entry in the cursor: it is not sent back to where it came from. That is safe
     * because a peer that sent (source, t) refuses everything of that source up to t.
     */

    /** How far the exchange has come. */
    public enum State {
        /** No handshake has come from the peer. */
        GREETING,
        /** Not everything that the handshakes asked for has been exchanged. */
        SYNCING,
        /** Both sides have what the other had; changes are sent as they are made. */
        LIVE,
        /** It is over. */
        CLOSED
    }

    /**
     * Numbers for display.
     *
     * @param sent updates taken by the transport
     * @param received updates handed in
     * @param stale of those received, how many were not news
     * @param invalid of those received, how many were refused as malformed
     * @param unverified of those received, how many the security did not vouch for
     * @param refused of those received, how many the authority does not allow
     * @param behind updates held here that the peer lacks
     */
    public record Stats(
            long sent, long received, long stale, long invalid, long unverified, long refused, int behind) {}

    private static final Rejected AFTER_A_GAP = new Rejected(
            Rejected.Kind.UNVERIFIED,
            "earlier updates of its source came on this session before its key was known; they come again, and this one"
                    + " with them, when the peer connects anew");

    private final Core core;
    private final SessionOptions options;
    private final boolean betweenClones;
    private final Vetting vetting;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Runnable wakeup;

    // Guarded by the core's lock.
    private boolean greeted;
    private @Nullable Handshake peer;
    private boolean exchanging;
    private History.@Nullable Cursor cursor;
    private @Nullable LiveClock early;
    private final Passing passing = new Passing();
    private @Nullable Update ahead;
    private boolean waiting;

    /** Whether it is in the list of those who wait, which alone writes this. */
    boolean listed;

    private boolean syncSent;
    private boolean syncReceived;
    private boolean ending;
    private boolean peerEnded;
    private boolean closed;
    private boolean outputEnded;
    private final Tally tally = new Tally();
    private @Nullable Gaps gaps;

    Session(Core core, SessionOptions options, boolean betweenClones) {
        this.core = core;
        this.options = options;
        this.betweenClones = betweenClones;
        this.vetting = new Vetting(core);
        this.syncSent = !options.sends;
        this.syncReceived = !options.receives;
        if (options.startsAtOnce()) {
            start(Clock.EMPTY);
        }
    }

    /** Returns the options it was opened with. */
    public SessionOptions options() {
        return options;
    }

    /** Returns how far the exchange has come. */
    public State state() {
        return locked(() -> {
            State open = syncSent && syncReceived ? State.LIVE : State.SYNCING;
            return closed ? State.CLOSED : peer == null && cursor == null ? State.GREETING : open;
        });
    }

    /** Returns the latest handshake of the peer, or null when none has come. */
    public @Nullable Handshake peer() {
        core.lock.lock();
        try {
            return peer;
        } finally {
            core.lock.unlock();
        }
    }

    /** Returns the numbers for display. Counting what the peer lacks costs time by that number. */
    public Stats stats() {
        return locked(() -> tally.stats(cursor == null || closed ? 0 : cursor.behind()));
    }

    // Out

    /**
     * Returns the next message for the peer, or null when there is nothing to say now.
     *
     * <p>Call it after {@link #receive} and whenever the {@link #onReady} callback has run. For each source timestamps
     * only ascend, until the peer shakes hands once more. An update superseded before the peer could take it is skipped.
     *
     * <p>Amortised O(log sources); O(sources) once, after a handshake. Holds the replica's lock for the lookup only.
     */
    public @Nullable Message poll() {
        List<Message> one = new ArrayList<>(1);
        return poll(one, 1, 1) == 0 ? null : one.get(0);
    }

    /**
     * Adds next messages to {@code out}, as {@link #poll()} would return them, under one lock.
     *
     * @param max how many at most
     * @param maxBytes stop when the updates together have at least so many bytes
     * @return how many were added. When neither limit was reached there is nothing more to say now, and
     *     {@link #onReady} will call when there is.
     */
    public int poll(List<? super Message> out, int max, int maxBytes) {
        int count = 0;
        int bytes = 0;
        core.lock.lock();
        try {
            while (count < max && bytes < maxBytes) {
                Message message = next();
                if (message == null) {
                    if (!waiting && !closed) {
                        waiting = true;
                        passing.caughtUp(core.appended);
                        core.audience.awaitMore(this);
                    }
                    break;
                }
                out.add(message);
                count++;
                if (message instanceof Update update) {
                    bytes += update.length();
                    tally.sent();
                }
            }
        } finally {
            core.lock.unlock();
        }
        core.effects.drain();
        return count;
    }

    /**
     * Sets what is called, outside any lock, when {@link #poll} has something again after it had nothing, and when the
     * output has ended or the session is over. There is one callback; it must be quick. If it throws, the session is
     * closed with that as the cause. Poll once after setting it.
     */
    public void onReady(Runnable wakeup) {
        this.wakeup = wakeup;
    }

    /** Tells whether nothing will be sent any more. The transport then ends its output, and keeps reading. */
    public boolean outputEnded() {
        return locked(() -> outputEnded || closed);
    }

    private @Nullable Message next() {
        if (closed || outputEnded) {
            return null;
        }
        if (!greeted) {
            greeted = true;
            if (options.shakesHands()) {
                return core.handshake(options.meta);
            }
        }
        if (exchanging) {
            Update held = nextFor(History.Cursor::nextHeld);
            return held == null ? finishExchange() : held;
        }
        Update passed = nextPassing();
        if (passed != null) {
            return passed;
        }
        Update live = options.tail ? nextFor(History.Cursor::nextLive) : null;
        if (live != null) {
            return live;
        }
        Update own = cursor == null ? null : passing.nextOwed(cursor);
        if (own != null) {
            return own;
        }
        if (ending) {
            outputEnded = true;
            closeWhenBothEnded();
        }
        return null;
    }

    /** Passes over what the type does not want this peer to have. */
    private @Nullable Update nextFor(Function<History.Cursor, @Nullable Update> next) {
        if (cursor == null) {
            return null;
        }
        Update update = next.apply(cursor);
        while (update != null && !core.isFor(update, this)) {
            update = next.apply(cursor);
        }
        return update;
    }

    private @Nullable Update nextPassing() {
        Update next = ahead;
        ahead = null;
        return next == null && cursor != null ? passing.next(cursor) : next;
    }

    private Sync finishExchange() {
        exchanging = false;
        syncSent = true;
        if (!options.tail) {
            ending = true;
        }
        core.tell(SessionEvent.SyncSent.class, () -> new SessionEvent.SyncSent(this));
        tellWhenSynced();
        return Sync.SYNC;
    }

    // In

    /** Takes in one message from the peer. See {@link #receive(List)}. */
    public void receive(Message message) {
        receive(List.of(message));
    }

    /**
     * Takes in messages from the peer, in the order in which they came.
     *
     * <p>Verification happens on this thread, without a lock, with help from the executor when there is much of it; the
     * rest under one lock for the whole list. Listeners have been called when this returns, unless another thread is
     * busy with them. Updates that are stale, malformed, not vouched for or not allowed are events of the replica, not
     * exceptions. Messages after the end are ignored.
     */
    public void receive(List<? extends Message> messages) {
        @Nullable Vetted @Nullable [] vetted = vetting.isNeeded() ? vetting.vet(messages, options.receives) : null;
        core.lock.lock();
        try {
            for (int i = 0; i < messages.size() && !closed; i++) {
                Message message = messages.get(i);
                if (message instanceof Update update) {
                    if (options.receives) {
                        onUpdate(update, vetted == null ? Verified.by(null, update) : vetted[i]);
                    }
                } else if (message instanceof Handshake handshake) {
                    onHandshake(handshake, vetted == null ? null : vetted[i]);
                } else {
                    onSync();
                }
            }
            skipWhatCameFromThePeer();
        } finally {
            core.lock.unlock();
        }
        core.effects.drain();
    }

    /**
     * Tells whether {@link #receive} checks signatures or asks a rule, which takes time and may wait. A transport with
     * an event loop then calls it on another thread.
     */
    public boolean verifies() {
        return options.receives && vetting.isNeeded();
    }

    /**
     * Returns which part of the updates that came lately had a wrong signature, from 0 to 1. A transport may take less from
     * such a peer, to have more time for others.
     */
    public double failing() {
        return vetting.failing();
    }

    private void onUpdate(Update update, @Nullable Vetted vetted) {
        if (vetted == null || peerEnded) {
            return;
        }
        Outcome outcome;
        if (vetted instanceof Verified verified) {
            outcome = gaps != null && gaps.mayLack(update.source(), core.isNewSource(update.source()))
                    ? core.reject(update, AFTER_A_GAP)
                    : core.accept(verified, this, false);
            notePeerHas(update);
        } else {
            outcome = onRejected(update, (Rejected) vetted);
        }
        tally.received(outcome);
    }

    private Outcome onRejected(Update update, Rejected rejected) {
        if (rejected.kind() == Rejected.Kind.STALE) {
            notePeerHas(update);
        } else if (rejected.kind() == Rejected.Kind.UNKNOWN_SOURCE) {
            if (gaps == null) {
                gaps = new Gaps();
            }
            gaps.add(update.source());
        }
        // Of what was forged it is not noted that the peer has it: that would keep the victim's real updates from it.
        return core.reject(update, rejected);
    }

    private void notePeerHas(Update update) {
        if (core.isNewSource(update.source()) || !Double.isFinite(update.timestamp())) {
            // There is nothing of such a source to send, and ids that a peer invents must not fill memory.
            return;
        }
        if (cursor != null) {
            cursor.peerHas(update.source(), update.timestamp());
        } else if (options.sends) {
            if (early == null) {
                early = new LiveClock();
            }
            early.raise(update.source(), update.timestamp());
        }
    }

    private void onHandshake(Handshake handshake, @Nullable Vetted vetted) {
        if (vetted instanceof Rejected objection) {
            closeNow(new ProtocolException(objection.reason()));
            return;
        }
        boolean first = peer == null;
        peer = handshake;
        if (first && cursor != null) {
            // Everything is going out already; what the peer has need not.
            History.Cursor started = cursor;
            handshake.clock().toMap().forEach(started::peerHas);
        } else {
            start(handshake.clock());
        }
        core.tell(SessionEvent.HandshakeReceived.class, () -> new SessionEvent.HandshakeReceived(this, handshake));
        core.audience.wake(this);
    }

    /**
     * Starts to send without waiting any longer for the peer's handshake, as though it had said that it has this. For
     * transports whose peer may never speak; does nothing when the exchange has started.
     */
    public void assume(Clock peerHas) {
        core.lock.lock();
        try {
            if (!closed && peer == null && cursor == null && options.sends) {
                start(peerHas);
                core.audience.wake(this);
            }
        } finally {
            core.lock.unlock();
        }
        core.effects.drain();
    }

    private void start(Clock peerHas) {
        if (options.sends) {
            if (cursor != null) {
                cursor.close();
            }
            core.lapse();
            History.Cursor opened = core.history.open(peerHas);
            if (early != null) {
                early.snapshot().toMap().forEach(opened::peerHas);
                early = null;
            }
            if (ending) {
                opened.stopAtEnd();
            }
            cursor = opened;
            ahead = null;
        }
        exchanging = true;
    }

    private void onSync() {
        syncReceived = true;
        core.tell(SessionEvent.SyncReceived.class, () -> new SessionEvent.SyncReceived(this));
        tellWhenSynced();
    }

    private void tellWhenSynced() {
        if (syncSent && syncReceived) {
            core.tell(SessionEvent.Synced.class, () -> new SessionEvent.Synced(this));
        }
    }

    /** Keeps the cursor of a session with nothing to say from lagging behind what its own peer sends. */
    private void skipWhatCameFromThePeer() {
        if (waiting && !exchanging && cursor != null && options.tail && !ending) {
            Update other = nextFor(History.Cursor::nextLive);
            if (other == null) {
                passing.caughtUp(core.appended);
            } else {
                ahead = other;
                core.audience.wake(this);
            }
        }
    }

    // End

    /** Says that the peer has ended: what is due is still sent, then the output ends and the session closes. */
    public void receiveEnd() {
        end(true);
    }

    /**
     * Ends the output once what is due has been sent. What the peer sends is accepted until it ends too. Before the peer's
     * handshake nothing is due: whoever wants the peer to have everything waits for {@link SessionEvent.Synced} first.
     */
    public void end() {
        end(false);
    }

    private void end(boolean peerToo) {
        core.lock.lock();
        try {
            if (!closed) {
                peerEnded |= peerToo;
                ending = true;
                if (cursor != null) {
                    cursor.stopAtEnd();
                }
                if (!options.sends && !exchanging) {
                    greeted = true;
                    outputEnded = true;
                }
                closeWhenBothEnded();
                core.audience.wake(this);
            }
        } finally {
            core.lock.unlock();
        }
        core.effects.drain();
    }

    private void closeWhenBothEnded() {
        if (peerEnded && outputEnded) {
            closeNow(null);
        }
    }

    /** Ends the session at once; nothing more is sent or accepted. Closing again does nothing. */
    @Override
    public void close() {
        close(null);
    }

    /**
     * Ends the session at once because of a failure.
     *
     * @param cause goes to those who listen for {@link SessionEvent.Closed}
     */
    public void close(@Nullable Throwable cause) {
        core.lock.lock();
        try {
            closeNow(cause);
        } finally {
            core.lock.unlock();
        }
        core.effects.drain();
    }

    private void closeNow(@Nullable Throwable cause) {
        if (closed) {
            return;
        }
        closed = true;
        failure = cause;
        if (cursor != null) {
            cursor.close();
        }
        passing.clear();
        int remaining = core.audience.remove(this);
        core.tell(SessionEvent.Closed.class, () -> new SessionEvent.Closed(this, cause, remaining));
        core.effects.add(this);
    }

    /** Returns why it was closed, or null when it ended as agreed or is open. */
    public @Nullable Throwable failure() {
        return failure;
    }

    // For the core, lock held unless said otherwise

    /** Runs the callback. No lock held. */
    void wake() {
        Runnable callback = wakeup;
        if (callback == null) {
            return;
        }
        try {
            callback.run();
        } catch (Throwable failure) { // the transport's failure must not keep the replica from its other sessions
            close(failure);
        }
    }

    boolean isWaiting() {
        return waiting;
    }

    boolean stopWaiting() {
        boolean was = waiting;
        waiting = false;
        return was;
    }

    /** Tells whether an update that was just kept gives it something to say. */
    boolean isLive() {
        return cursor != null && !exchanging && options.tail && !ending;
    }

    /**
     * Takes an update that is passed on but not kept.
     *
     * @param local whether it was made here
     * @return whether that gives it something to say
     */
    boolean passOn(Update update, boolean local) {
        if (isLive() && passing.hasCaughtUp(core.appended)) {
            return passing.add(update);
        }
        if (local && cursor != null && options.tail && !ending) {
            passing.owe(update);
        }
        return false;
    }

    /** Tells whether the peer has an update of the history: it sent it, was sent it, or said that it has it. */
    boolean reaches(Update update) {
        return !closed && cursor != null && cursor.covers(update);
    }

    /** Every clone was given the update directly. */
    void settle(Update update) {
        if (betweenClones && cursor != null) {
            cursor.peerHas(update.source(), update.timestamp());
        }
    }

    private <T> T locked(Supplier<T> look) {
        core.lock.lock();
        try {
            return look.get();
        } finally {
            core.lock.unlock();
        }
    }

    @Override
    public String toString() {
        Handshake known = peer();
        Json meta = known == null ? null : known.meta();
        return "session with " + (known == null ? "a peer that has not spoken" : known.id())
                + (meta == null ? "" : " " + meta) + ", " + state();
    }
}
