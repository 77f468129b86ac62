package dev.scuttlebutt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One copy of a data type, with an id. The base class of every data type, ours and yours.
 *
 * <p>A type keeps plain fields, changes them in {@link #applyUpdate}, and looks at them in {@link #read}. Everything
 * else is here: timestamps, signatures, what has been seen, what peers still need, sessions with peers, events.
 *
 * <p>Every public method may be called from any thread. When a change has returned, a look at the state sees it.
 * Listeners run one at a time per replica, in the order in which things happened, never under a lock, and may call
 * anything; a change made by a listener takes effect at once and its events follow after the current one. If no other
 * thread is busy with them, all replicas reachable through in-memory links have converged when the outermost call
 * returns.
 *
 * @see <a href="http://www.cs.cornell.edu/home/rvr/papers/flowgossip.pdf">Efficient Reconciliation and Flow Control for
 *     Anti-Entropy Protocols</a>
 */
public abstract class Replica implements AutoCloseable {
    private final Core core;
    private final Place place;
    private final List<Replica> clones = new ArrayList<>();

    /** Of a part, the update applied last: as a rule the one that a writer asks for next. */
    private volatile @Nullable Update applied;

    /** Creates a replica with a new random id. */
    protected Replica() {
        this(ReplicaOptions.defaults());
    }

    /** Creates a replica with this id. See {@link ReplicaOptions#id}. */
    protected Replica(String id) {
        this(ReplicaOptions.defaults().id(id));
    }

    /** Creates a replica. */
    protected Replica(ReplicaOptions options) {
        Place given = options.place;
        core = given == null ? new Core(this, options) : given.core;
        place = given == null ? Place.ofItsOwn(core) : given;
    }

    /** Returns the id, which names the source of the updates made here. */
    public final String id() {
        return core.identity().id;
    }

    /**
     * Changes the id for the updates made from now on. Those already made keep theirs. A clone that changes its id
     * becomes a replica of its own, still linked.
     *
     * @throws IllegalArgumentException if it is {@code __proto__}
     */
    public final void setId(String id) {
        core.become(ReplicaOptions.checkId(id));
    }

    /**
     * Takes up where a store left off. To be called by a store that has handed in the updates it keeps, before changes are
     * made here.
     *
     * <p>The replica goes on under the id it had, unless it was given one by its options, its {@link Security} or
     * {@link #setId}. Its timestamps will be above those it gave before.
     *
     * @param id the id it had, or null when the store does not know
     * @param seen what it had seen, superseded updates included, which the store no longer has
     * @param complete whether the store has everything of that which is still needed. Otherwise something was lost, and
     *     what peers send again has to be taken: the clock then covers no more than what was handed in.
     */
    public final void restore(@Nullable String id, Clock seen, boolean complete) {
        core.restore(id == null ? null : ReplicaOptions.checkId(id), seen, complete);
    }

    /** Returns what has been seen. */
    public final Clock clock() {
        return core.clock();
    }

    /** Returns all updates held, in the order of {@link #history(Clock)}. */
    public final List<Update> history() {
        return history(Clock.EMPTY);
    }

    /**
     * Returns the updates held that a replica with this clock lacks, in the order in which a peer gets them: by timestamp,
     * then source, or as they arrived where the history is {@link History#byArrival}.
     */
    public final List<Update> history(Clock since) {
        List<Update> whole = core.history(since);
        if (!place.isPart()) {
            return whole;
        }
        List<Update> ofThisPart = new ArrayList<>();
        for (Update update : whole) {
            Update view = place.view(update);
            if (view != null) {
                ofThisPart.add(view);
            }
        }
        return ofThisPart;
    }

    /** Returns the visible state as {@code toJSON} of the original gives it. By default the changes in the history. */
    public Json toJson() {
        return JsonArray.of(history().stream().map(Update::change).toList());
    }

    // Peers

    /** Opens a two-way session. */
    public final Session open() {
        return open(SessionOptions.twoWay());
    }

    /** Opens a session, one for each peer and connection. It counts as open until it is closed. */
    public final Session open(SessionOptions options) {
        return open(options, false);
    }

    final Session open(SessionOptions options, boolean betweenClones) {
        place.checkWhole("open a session");
        core.lock.lock();
        try {
            Session session = new Session(core, options, betweenClones);
            core.add(session);
            return session;
        } finally {
            core.lock.unlock();
        }
    }

    /** Returns the open sessions. */
    public final List<Session> sessions() {
        return core.sessions();
    }

    /**
     * Hands in an update as if it had come from a peer.
     *
     * <p>Verification happens on this thread before anything else.
     */
    public final Outcome apply(Update update) {
        Update whole = place.unview(update);
        Vetted vetted = Vetting.vet(core, whole);
        Outcome outcome;
        core.lock.lock();
        try {
            outcome = vetted instanceof Rejected rejected
                    ? core.reject(whole, rejected)
                    : core.accept((Verified) vetted, null, false);
        } finally {
            core.lock.unlock();
        }
        core.effects.drain();
        return outcome;
    }

    /**
     * Ends all sessions as if their peers had ended: what is due is still sent. The replica itself remains usable.
     */
    public final void dispose() {
        place.checkWhole("be disposed of");
        core.publish(new ReplicaEvent.Disposed());
        for (Session session : sessions()) {
            session.receiveEnd();
        }
    }

    /** Same as {@link #dispose}. */
    @Override
    public final void close() {
        dispose();
    }

    /**
     * Makes another replica with the same id and the same content, linked with this one so that a change made on either
     * is on both when the call returns. It is signed here.
     *
     * <p>Both may be written to by any thread: they share the order of their timestamps. To part with it, dispose of it
     * or close its sessions; from then on it must not be written to unless it is given another id.
     *
     * @param factory creates the clone from options, for example {@code Model::new}
     */
    public final <R extends Replica> R clone(Function<ReplicaOptions, R> factory) {
        place.checkWhole("be cloned");
        R clone = factory.apply(core.options.id(id()));
        Replica base = clone;
        base.core.share(core);
        synchronized (clones) {
            clones.add(clone);
        }
        Pipe pipe = Pipe.betweenClones(this, clone);
        base.on(SessionEvent.Closed.class, closed -> {
            if (pipe.isBetween(closed.session())) {
                loseClone(clone);
            }
        });
        return clone;
    }

    /** Returns how many clones are linked with this replica. */
    public final int clones() {
        synchronized (clones) {
            return clones.size();
        }
    }

    private void loseClone(Replica clone) {
        int remaining;
        synchronized (clones) {
            if (!clones.remove(clone)) {
                return;
            }
            remaining = clones.size();
        }
        clone.core.renew(clone.id());
        core.publish(new ReplicaEvent.CloneClosed(remaining));
    }

    // Events

    /**
     * Calls the listener for every event of this class.
     *
     * @param type a record class, or an interface for all events under it; {@code ReplicaEvent.class} for all
     */
    public final <E extends ReplicaEvent> Subscription on(Class<E> type, Consumer<? super E> listener) {
        return place.listeners.add(type, listener);
    }

    // For data types

    /**
     * Merges an update into the state. Called with the lock held, never twice for one update, per source in ascending
     * order; must not block, call out or make a change.
     *
     * @return true to keep the update and pass it on; false when it has no effect and none later, for example because a
     *     newer one is known
     * @throws IllegalArgumentException if the change is malformed, thrown before any field was changed: the update is
     *     reported as {@link ReplicaEvent.Invalid} and forgotten, the clock does not move. Reading JSON throws it by
     *     itself.
     */
    protected abstract boolean applyUpdate(Update update);

    /**
     * Makes a change here: gives it a timestamp, signs it, applies it and passes it on.
     *
     * @return the update it became
     * @throws IllegalArgumentException if the type or the {@link Authority} refuses the change, or it is too long or nested
     *     too deeply for peers
     * @throws IllegalStateException inside {@link #applyUpdate} and {@link #read}, and if the {@link Security} cannot sign
     */
    protected final Update localUpdate(Json change) {
        return view(core.writer.write(place, change));
    }

    /**
     * Makes a change that is worked out from the state, such as the place of an item between its neighbours.
     *
     * <p>The maker runs with the lock held, before the timestamp is given, so no update comes between its look at the
     * state and the change, unless the replica signs or has clones: then a peer's update may. It must be quick, must not
     * block or call out, and may run more than once. It may {@link #publish} events, which are delivered even when there
     * is nothing to change.
     *
     * @param maker returns the change, or null when there is nothing to change
     * @return the update it became, or null when there was nothing to change
     * @throws IllegalArgumentException as {@link #localUpdate(Json)}
     * @throws IllegalStateException as {@link #localUpdate(Json)}
     */
    protected final @Nullable Update localUpdate(Supplier<? extends @Nullable Json> maker) {
        Update update = core.writer.writeWorkedOut(place, maker);
        return update == null ? null : view(update);
    }

    private Update view(Update whole) {
        Update latest = applied;
        if (latest != null
                && latest.timestamp() == whole.timestamp()
                && latest.source().equals(whole.source())) {
            return latest;
        }
        return Objects.requireNonNull(place.view(whole), "what a part writes is for that part");
    }

    /**
     * Says that the change being worked out is to win over this update: its timestamp will be greater. For use by the
     * maker given to {@link #localUpdate(Supplier)}, for whatever the change replaces; otherwise the write of a replica
     * whose clock is behind would lose against what its user saw and changed.
     *
     * <p>Absurd timestamps, as a forger would choose, are not followed: the change then loses everywhere.
     *
     * @throws IllegalStateException elsewhere
     */
    protected final void stampAbove(Update seen) {
        core.writer.stampAbove(seen);
    }

    /** Returns where random choices come from; to be used with the lock held. See {@link ReplicaOptions#random}. */
    protected final RandomGenerator random() {
        return core.random();
    }

    /**
     * Drops an update from the history because the one being applied supersedes it. {@code _remove} in JavaScript. For
     * use inside {@link #applyUpdate}. Given the update being applied, that one is passed on to the peers that are up to
     * date now and not kept.
     */
    protected final void forget(Update superseded) {
        core.supersede(superseded);
    }

    /**
     * Keeps in the history what was to be {@link #forget forgotten} because of the update being applied, the update itself
     * included. For types that are made of others and need more than those do. For use inside {@link #applyUpdate}.
     *
     * @param needed is asked for each, once; of a part it gets what the part sees, which has the timestamp and the source of the
     *     whole
     */
    protected final void keep(Predicate<? super Update> needed) {
        core.keep(needed);
    }

    /**
     * Returns what peers of this type should know before they send anything. It is added to the meta of the handshake,
     * where that is absent or an object; a member that the application put there itself stays. By default empty.
     */
    protected JsonObject announcement() {
        return JsonObject.builder().build();
    }

    /**
     * Tells whether this peer is to get an update of the history, such as one that older peers cannot digest. Called with
     * the lock held when the update is due; after false it is passed over for good in this session. By default true.
     */
    protected boolean isFor(Update update, Session session) {
        return true;
    }

    /**
     * Tells whether the update being applied is being made here, by this replica or a clone. What comes from elsewhere under
     * this replica's id is not: a peer may have invented it. For use inside {@link #applyUpdate}.
     */
    protected final boolean isMadeHere() {
        return core.appliesLocal();
    }

    /**
     * Tells whether the peer has an update that is in the history: it sent it, was sent it, or said in its handshake that
     * it has seen it. For use inside {@link #applyUpdate}, before the update is forgotten.
     */
    protected final boolean reaches(Update held, Session session) {
        return session.reaches(held);
    }

    /**
     * Forgets what has lapsed because time has passed. Called with the lock held, as {@link #applyUpdate} is, before the
     * history is looked at or a peer is brought up to date. By default nothing lapses.
     */
    protected void lapse() {}

    /** Calls {@link #lapse} now and tells listeners of what it published. */
    protected final void lapseNow() {
        core.adjust(this::lapse);
    }

    /**
     * Runs something that may {@link #forget} and {@link #publish}, with the lock held, as {@link #applyUpdate} does. For what
     * changes the state without an update, such as a part that is added late.
     */
    protected final void adjust(Runnable work) {
        core.adjust(work);
    }

    /**
     * Makes a part of this replica. Every change of it is {@code [name, change]} in those of this one, which hands on to it
     * what concerns it.
     *
     * @param type creates the part from the options it is given, for example {@code Model::new}
     * @throws IllegalArgumentException if it is created from other options
     */
    protected final <R extends Replica> Part<R> part(String name, Function<ReplicaOptions, R> type) {
        Place inside = place.part(name);
        R made = type.apply(core.options.at(inside));
        Replica part = made;
        if (part.place != inside) {
            throw new IllegalArgumentException("a part must be created from the options it is given: " + made);
        }
        return new Part<>(made);
    }

    /**
     * Drops from the clock the other sources of which nothing newer than this was seen. For types that refuse everything
     * that old by themselves, inside {@link #lapse}; nothing may be held of such a source. A part forgets none: others may
     * need them.
     */
    protected final void forgetSources(double until) {
        if (!place.isPart()) {
            core.forgetSources(until);
        }
    }

    /**
     * Drops a source from the clock, even this replica's own, after the update being applied has entered it. Updates of the
     * source may then be applied twice: for types that show what an original does that forgets so. For use inside
     * {@link #applyUpdate}, {@link #lapse} and {@link #adjust}. A part forgets none.
     */
    protected final void forgetSource(String source) {
        if (!place.isPart()) {
            core.forgetSource(source);
        }
    }

    /** Applies an update of what this is a part of. Lock held. */
    final boolean applyPart(Update view) {
        applied = view;
        return applyUpdate(view);
    }

    /** Returns the time in milliseconds since 1970, from where timestamps come from. */
    protected final double now() {
        return core.options.time.millis();
    }

    /** Tells listeners, after the lock is released. In {@link #applyUpdate} only if the update turns out well. */
    protected final void publish(ReplicaEvent event) {
        core.publish(place.listeners, event);
    }

    /** Tells whether somebody listens for events of this class, to spare building one. */
    protected final boolean listens(Class<? extends ReplicaEvent> type) {
        return place.listeners.want(type);
    }

    /** Takes a consistent look at the state: no update is applied meanwhile. The reader must be quick. */
    protected final <T extends @Nullable Object> T read(Supplier<T> reader) {
        core.lock.lock();
        try {
            return reader.get();
        } finally {
            core.lock.unlock();
        }
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + " " + id();
    }
}
