package dev.scuttlebutt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonWriter;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the updates of one replica: words a change, stamps and signs it, has it applied. */
final class LocalWriter {
    /*
     * Nothing that takes long, a signature or the rule of an authority, happens under the lock of the core: those who write
     * under one id queue on a lock of their own, and a stamp that was overtaken meanwhile is made once more.
     */

    private final Core core;
    private final Drafting drafting = new Drafting();

    LocalWriter(Core core) {
        this.core = core;
    }

    /** Makes a change. */
    Update write(Place place, Json change) {
        checkOutside();
        Update update = write(new Drafting.Draft(place, () -> change));
        if (update == null) {
            throw new AssertionError("a change that is given is always made");
        }
        return update;
    }

    /** Makes the change that is worked out from the state under the lock; null when there is none to make. */
    @Nullable
    Update writeWorkedOut(Place place, Supplier<? extends @Nullable Json> maker) {
        checkOutside();
        return write(new Drafting.Draft(place, maker));
    }

    /** Has the change that is being worked out stamped later than an update. Lock held. */
    void stampAbove(Update seen) {
        if (!core.lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("stampAbove is for use while a change is worked out");
        }
        drafting.stampAbove(seen);
    }

    private void checkOutside() {
        if (core.lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("a change cannot be made while an update is applied or the state is read");
        }
    }

    private @Nullable Update write(Drafting.Draft draft) {
        boolean alone = false;
        Update update = null;
        core.lock.lock();
        try {
            // The quick way: nothing is signed or asked, and nobody else writes under this id.
            alone = core.options.security == null
                    && core.options.authority == null
                    && !core.identity().isShared();
            if (alone) {
                update = writeAlone(draft);
            }
        } finally {
            core.lock.unlock();
            if (alone) {
                core.effects.drain();
            }
        }
        return alone ? update : writeQueued(draft);
    }

    private @Nullable Update writeAlone(Drafting.Draft draft) {
        Identity self = core.identity();
        JsonWriter line = drafting.begin();
        try {
            if (!drafting.run(draft, line)) {
                return null;
            }
            double timestamp = self.stamper.next(Math.max(core.latest(self.id), drafting.floor()));
            Update update = Update.complete(
                    line, timestamp, self.id, null, draft.place().depth());
            core.accept(Verified.stamped(update), null, true);
            return update;
        } finally {
            drafting.end();
        }
    }

    private @Nullable Update writeQueued(Drafting.Draft draft) {
        Update update = null;
        List<Core> cores = List.of();
        boolean done = false;
        while (!done) {
            Identity self = core.identity();
            self.writers.lock();
            try {
                if (self == core.identity()) {
                    cores = List.copyOf(self.cores());
                    JsonWriter change = new JsonWriter();
                    boolean made;
                    double above;
                    core.lock.lock();
                    try {
                        made = drafting.run(draft, change);
                        above = drafting.floor();
                    } finally {
                        core.lock.unlock();
                    }
                    update = made ? writeTo(cores, self, change.toBytes(), above) : null;
                    done = !made || update != null;
                }
            } finally {
                self.writers.unlock();
            }
        }
        for (Core each : cores) {
            each.effects.drain();
        }
        return update;
    }

    /** Null: an update with the own id came from outside between stamping and applying, so the stamp is too old. */
    private @Nullable Update writeTo(List<Core> cores, Identity self, byte[] change, double above) {
        Update update = stamp(cores, self, change, above);
        Verified verified = Verified.stamped(update);
        if (core.acceptLocal(verified) == Outcome.STALE) {
            return null;
        }
        for (Core each : cores) {
            if (each != core) {
                each.acceptLocal(verified);
            }
            each.settle(update);
        }
        return update;
    }

    private Update stamp(List<Core> cores, Identity self, byte[] change, double above) {
        double known = above;
        for (Core each : cores) {
            each.lock.lock();
            try {
                known = Math.max(known, each.latest(self.id));
            } finally {
                each.lock.unlock();
            }
        }
        double timestamp = self.stamper.next(known);
        Authority authority = core.options.authority;
        if (authority != null) {
            Update unsigned = Update.compose(change, timestamp, self.id, null);
            if (Vetting.allow(authority, Verified.stamped(unsigned)) instanceof Rejected refused) {
                throw new IllegalArgumentException("the change is not allowed: " + refused.reason());
            }
        }
        Security security = core.options.security;
        String signature = security == null ? null : security.sign(Update.signedText(change, timestamp, self.id));
        return Update.compose(change, timestamp, self.id, signature);
    }
}
