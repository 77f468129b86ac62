package dev.scuttlebutt;

import dev.scuttlebutt.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Lock, clock, history, effects and sessions of a replica. */
final class Core {
    /*
     * The lock covers memory operations only. What has to happen outside it (listeners, wake-ups of transports) is put
     * into the effects while the lock is held, which fixes the order, and done after it is released. No thread holds the
     * locks of two cores.
     */

    final ReentrantLock lock = new ReentrantLock();
    final ReplicaOptions options;
    final Listeners listeners = new Listeners();
    final LocalWriter writer = new LocalWriter(this);
    final Effects effects;
    final Audience audience;
    final History history;
    private final @Nullable Json announcement;

    private final Replica replica;
    private final LiveClock clock = new LiveClock();
    /** Updates added to the history so far. Tells a session whether any came since it had nothing to say. */
    long appended;

    private final List<Update> superseded = new ArrayList<>(2);
    private final List<Object> staged = new ArrayList<>(2);
    private final List<String> sourcesToForget = new ArrayList<>(1);
    private boolean applying;
    private boolean applyingLocal;

    private @Nullable RandomGenerator random;
    private volatile Identity identity;
    private volatile boolean idGiven;

    Core(Replica replica, ReplicaOptions options) {
        this.replica = replica;
        this.options = options;
        this.history = options.history.get();
        this.announcement = options.security == null ? null : options.security.announcement();
        this.effects = new Effects(this::perform, options.executor);
        this.audience = new Audience(effects);
        this.idGiven = options.id != null || options.security != null;
        this.identity = new Identity(options.chooseId(), options.time, this);
    }

    private void perform(Object effect) {
        if (effect instanceof Session session) {
            session.wake();
        } else if (effect instanceof PartEvent part) {
            part.listeners.tell(part.event);
        } else {
            listeners.tell((ReplicaEvent) effect);
        }
    }

    // Identity

    Identity identity() {
        return identity;
    }

    /** Goes on under an id that was chosen for this replica. */
    void become(String id) {
        idGiven = true;
        if (!id.equals(identity.id)) {
            renew(id);
        }
    }

    /** Goes on alone. */
    void renew(String id) {
        Identity old = identity;
        old.writers.lock();
        try {
            lock.lock();
            try {
                identity = new Identity(id, options.time, this);
                old.leave(this);
            } finally {
                lock.unlock();
            }
        } finally {
            old.writers.unlock();
        }
    }

    void restore(@Nullable String id, Clock seen, boolean complete) {
        if (id != null && !idGiven && !id.equals(identity.id)) {
            renew(id);
        }
        Identity self = identity;
        self.writers.lock();
        try {
            lock.lock();
            try {
                double own = seen.latest(self.id);
                if (own <= Drafting.HIGHEST_FLOOR) {
                    self.stamper.startAbove(own);
                }
                if (complete) {
                    seen.toMap().forEach((source, timestamp) -> {
                        if (Math.abs(timestamp) <= Update.MAX_TIMESTAMP) {
                            clock.raise(source, timestamp);
                        }
                    });
                }
            } finally {
                lock.unlock();
            }
        } finally {
            self.writers.unlock();
        }
    }

    /**
     * Makes this the core of a clone. What the original holds is taken over while its writers wait: an update made
     * meanwhile would overtake the older ones of the same source.
     */
    void share(Core original) {
        Identity shared = original.identity;
        shared.writers.lock();
        try {
            identity = shared;
            shared.join(this);
            // Taken before the history, so that the history has everything this says was seen and is still needed.
            Clock seen = original.clock();
            for (Update held : original.history(Clock.EMPTY)) {
                acceptLocal(Verified.stamped(held));
            }
            raise(seen);
        } catch (RuntimeException | Error notOfThisType) {
            shared.leave(this);
            throw notOfThisType;
        } finally {
            shared.writers.unlock();
        }
    }

    private void raise(Clock seen) {
        lock.lock();
        try {
            clock.raise(seen);
        } finally {
            lock.unlock();
        }
    }

    // Applying

    /** Applies what was made here. */
    Outcome acceptLocal(Verified verified) {
        lock.lock();
        try {
            return accept(verified, null, true);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Applies an update. Lock held.
     *
     * @param local made here: a malformed change is the caller's mistake
     */
    Outcome accept(Verified verified, @Nullable Session origin, boolean local) {
        Update update = verified.update;
        String source = update.source();
        double timestamp = update.timestamp();
        if (!(Math.abs(timestamp) <= Update.MAX_TIMESTAMP)) {
            return invalid(update, "timestamp " + timestamp + " is out of range");
        }
        double latest = clock.latest(source);
        if (timestamp <= latest) {
            return local ? Outcome.STALE : stale(update);
        }
        if (!local) {
            String objection = objection(update, latest);
            if (objection != null) {
                return invalid(update, objection);
            }
        }
        boolean kept = false;
        boolean completed = false;
        applying = true;
        applyingLocal = local;
        try {
            kept = replica.applyUpdate(update);
            completed = true;
        } catch (RuntimeException malformed) {
            if (local) {
                throw malformed;
            }
            return invalid(update, String.valueOf(malformed.getMessage()));
        } finally {
            applying = false;
            if (!completed) {
                superseded.clear();
                staged.clear();
                sourcesToForget.clear();
            }
        }
        clock.raise(source, timestamp);
        forgetSources();
        commit(update, kept, origin);
        return kept ? Outcome.APPLIED : Outcome.IGNORED;
    }

    private @Nullable String objection(Update update, double latest) {
        if (latest == Clock.NEVER && clock.size() >= options.maxSources) {
            return "already " + clock.size() + " sources are known, which is the limit";
        }
        if (options.maxAhead != null) {
            double ahead = update.timestamp() - options.time.millis();
            if (ahead > options.maxAhead.toMillis()) {
                return "timestamp is " + Math.round(ahead) + " ms ahead of this machine's clock; at most "
                        + options.maxAhead.toMillis() + " are allowed";
            }
        }
        return null;
    }

    private void commit(Update update, boolean kept, @Nullable Session origin) {
        boolean passing = false;
        for (int i = 0; i < superseded.size(); i++) {
            Update old = superseded.get(i);
            if (old.timestamp() == update.timestamp() && old.source().equals(update.source())) {
                passing = true;
            } else {
                history.forget(old);
            }
        }
        superseded.clear();
        for (int i = 0; i < staged.size(); i++) {
            effects.add(staged.get(i));
        }
        staged.clear();
        if (kept) {
            if (!passing) {
                history.append(update);
                appended++;
            }
            tell(ReplicaEvent.Applied.class, () -> new ReplicaEvent.Applied(update));
            if (passing) {
                audience.passOn(update, origin, applyingLocal);
            } else {
                audience.wakeWaiting(origin);
            }
        }
    }

    /** Lock held. */
    void lapse() {
        if (!applying) {
            adjustHeld(replica::lapse);
        }
    }

    /** Lets the type rework its state and forget updates, as while an update is applied. */
    void adjust(Runnable work) {
        lock.lock();
        try {
            if (applying) {
                throw new IllegalStateException("not while an update is applied");
            }
            adjustHeld(work);
        } finally {
            lock.unlock();
        }
        effects.drain();
    }

    private void adjustHeld(Runnable work) {
        applying = true;
        applyingLocal = false;
        try {
            work.run();
            superseded.forEach(history::forget);
            staged.forEach(effects::add);
            forgetSources();
        } finally {
            applying = false;
            superseded.clear();
            staged.clear();
            sourcesToForget.clear();
        }
    }

    /** Lock held. */
    void forgetSources(double until) {
        clock.dropUntil(until, identity.id);
    }

    /** Returns the newest timestamp seen of a source. Lock held. */
    double latest(String source) {
        return clock.latest(source);
    }

    /** Lock held. */
    boolean appliesLocal() {
        return applying && applyingLocal;
    }

    /** Lock held, while an update is applied or the state is adjusted. */
    void forgetSource(String source) {
        if (!applying) {
            throw new IllegalStateException("only while an update is applied");
        }
        sourcesToForget.add(source);
    }

    private void forgetSources() {
        for (int i = 0; i < sourcesToForget.size(); i++) {
            clock.drop(sourcesToForget.get(i));
        }
        sourcesToForget.clear();
    }

    /** Says why an update was rejected before the lock was taken. Lock held. */
    Outcome reject(Update update, Rejected rejected) {
        switch (rejected.kind()) {
            case STALE -> {
                return stale(update);
            }
            case REFUSED -> {
                tell(ReplicaEvent.Refused.class, () -> new ReplicaEvent.Refused(update, rejected.reason()));
                return Outcome.REFUSED;
            }
            default -> {
                tell(ReplicaEvent.Unverified.class, () -> new ReplicaEvent.Unverified(update, rejected.reason()));
                return Outcome.UNVERIFIED;
            }
        }
    }

    /** Tells whether it is not newer than the clock. Once true it stays so. Lock held. */
    boolean isStale(Update update) {
        double latest = clock.latest(update.source());
        return update.timestamp() <= latest && latest != Clock.NEVER;
    }

    /** Tells whether nothing of this source has been seen. Lock held. */
    boolean isNewSource(String source) {
        return clock.latest(source) == Clock.NEVER;
    }

    private Outcome stale(Update update) {
        tell(ReplicaEvent.Stale.class, () -> new ReplicaEvent.Stale(update));
        return Outcome.STALE;
    }

    private Outcome invalid(Update update, String reason) {
        tell(ReplicaEvent.Invalid.class, () -> new ReplicaEvent.Invalid(update, reason));
        return Outcome.INVALID;
    }

    void supersede(Update update) {
        if (!applying) {
            throw new IllegalStateException("forget is for use inside applyUpdate");
        }
        superseded.add(update);
    }

    /** Lock held, while an update is applied or the state is adjusted. */
    void keep(Predicate<? super Update> needed) {
        superseded.removeIf(needed);
    }

    /** Lock held. */
    RandomGenerator random() {
        RandomGenerator known = random;
        if (known == null) {
            known = options.chooseRandom();
            random = known;
        }
        return known;
    }

    // Telling

    void publish(ReplicaEvent event) {
        publish(listeners, event);
    }

    /** Tells those who listen at a part, in one order with everything else. */
    void publish(Listeners at, ReplicaEvent event) {
        if (!at.want(event.getClass())) {
            return;
        }
        Object effect = at == listeners ? event : new PartEvent(at, event);
        if (applying && lock.isHeldByCurrentThread()) {
            staged.add(effect);
            return;
        }
        lock.lock();
        try {
            effects.add(effect);
        } finally {
            lock.unlock();
        }
        if (!lock.isHeldByCurrentThread()) {
            effects.drain();
        }
    }

    private record PartEvent(Listeners listeners, ReplicaEvent event) {}

    /** Builds and queues an event if somebody listens. Lock held. */
    <E extends ReplicaEvent> void tell(Class<E> type, Supplier<E> event) {
        if (listeners.want(type)) {
            effects.add(event.get());
        }
    }

    // Looking

    List<Update> history(Clock since) {
        List<Update> updates = new ArrayList<>();
        lock.lock();
        try {
            lapse();
            History.Cursor cursor = history.open(since);
            Update update;
            while ((update = cursor.nextHeld()) != null) {
                updates.add(update);
            }
            cursor.close();
        } finally {
            lock.unlock();
        }
        if (!lock.isHeldByCurrentThread()) {
            effects.drain();
        }
        return updates;
    }

    Clock clock() {
        lock.lock();
        try {
            return clock.snapshot();
        } finally {
            lock.unlock();
        }
    }

    // Sessions

    Handshake handshake(@Nullable Json meta) {
        Handshake handshake = Handshake.of(identity.id, clock.snapshot(), Handshake.meta(meta, replica.announcement()));
        return announcement == null
                ? handshake
                : new Handshake(handshake.clock(), handshake.fields().with("security", announcement));
    }

    /** Lock held. */
    boolean isFor(Update update, Session session) {
        return replica.isFor(update, session);
    }

    void add(Session session) {
        lock.lock();
        try {
            audience.add(session);
        } finally {
            lock.unlock();
        }
    }

    List<Session> sessions() {
        lock.lock();
        try {
            return audience.sessions();
        } finally {
            lock.unlock();
        }
    }

    /** Every clone has the update: the streams between them need not carry it. */
    void settle(Update update) {
        lock.lock();
        try {
            audience.settle(update);
        } finally {
            lock.unlock();
        }
    }
}
