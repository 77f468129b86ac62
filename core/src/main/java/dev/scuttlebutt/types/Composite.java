package dev.scuttlebutt.types;

import dev.scuttlebutt.Part;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A replica made of named parts, and updates for parts that are not there yet. */
abstract class Composite extends Replica {
    /*
     * An update for a part that is not there is kept and passed on like any other, and applied when the part comes. So parts
     * may be added in any order and at any time, and one that knows fewer parts still carries those of others.
     *
     * Peers decide how many such updates there are. Beyond a limit the oldest of a name are dropped, and of new names
     * everything: what is dropped may still come back from a peer to one that starts anew, not to this replica.
     */
    static final int MAX_PENDING_OF_A_NAME = 10_000;
    static final int MAX_PENDING = 100_000;

    private final int maxPending;
    private final int maxPendingOfAName;
    private final Map<String, Part<?>> parts = new LinkedHashMap<>();
    private final Map<String, List<Update>> pending = new LinkedHashMap<>();
    private int pendingCount;

    Composite(ReplicaOptions options) {
        this(options, MAX_PENDING, MAX_PENDING_OF_A_NAME);
    }

    Composite(ReplicaOptions options, int maxPending, int maxPendingOfAName) {
        super(options);
        if (maxPending < 0) {
            throw new IllegalArgumentException("maxPending must not be negative, was " + maxPending);
        }
        this.maxPending = maxPending;
        this.maxPendingOfAName = maxPendingOfAName;
    }

    static String checkName(String name) {
        if (name.equals("__proto__")) {
            throw new IllegalArgumentException(
                    "__proto__ cannot be the name of a part: it brings JavaScript peers down");
        }
        return name;
    }

    // Parts

    /** Puts a new part in its place and applies what came for it before. Lock held, inside adjust or applyUpdate. */
    final void place(String name, Part<?> part) {
        parts.put(name, part);
        List<Update> waiting = pending.remove(name);
        if (waiting == null) {
            return;
        }
        pendingCount -= waiting.size();
        waiting.sort(Update.STAMP_ORDER);
        for (Update update : waiting) {
            try {
                if (!part.apply(update)) {
                    forget(update);
                }
            } catch (IllegalArgumentException malformed) {
                misfit(name, update, malformed);
            }
        }
    }

    /** What waited for a part turns out not to be for it. */
    void misfit(String name, Update update, IllegalArgumentException why) {
        forget(update);
        publish(new ReplicaEvent.Invalid(update, String.valueOf(why.getMessage())));
    }

    /** Takes a part away: what is held for it waits again. Lock held, as for {@link #place}. */
    final void displace(String name) {
        if (parts.remove(name) != null) {
            // All are in the history, also those that wait because they did not fit.
            List<Update> misfits = pending.remove(name);
            pendingCount -= misfits == null ? 0 : misfits.size();
            for (Update update : history()) {
                if (update.partName().equals(name)) {
                    pending.computeIfAbsent(name, first -> new ArrayList<>()).add(update);
                    pendingCount++;
                }
            }
        }
    }

    /** Tells whether a part that is in its place is one that users see. Lock held. */
    boolean shows(String name) {
        return true;
    }

    final @Nullable Part<?> find(String name) {
        return parts.get(name);
    }

    final @Nullable Replica findReplica(String name) {
        return read(() -> {
            Part<?> part = parts.get(name);
            return part == null || !shows(name) ? null : part.replica();
        });
    }

    final Map<String, Replica> replicas() {
        return read(() -> {
            Map<String, Replica> all = new LinkedHashMap<>();
            forEachShown((name, replica) -> all.put(name, replica));
            return all;
        });
    }

    /** Returns a part of this class. */
    final <R extends Replica> R typed(String name, Class<R> type) {
        Replica part = findReplica(name);
        if (!type.isInstance(part)) {
            throw new IllegalArgumentException("the part \"" + name + "\" is "
                    + (part == null ? "not there" : "of " + part.getClass()) + "; wanted " + type);
        }
        return type.cast(part);
    }

    /** Returns how many updates wait for parts that are not there. */
    public final int pending() {
        return read(() -> pendingCount);
    }

    // Merging

    @Override
    protected boolean applyUpdate(Update update) {
        String name = checkName(update.partName());
        Part<?> part = parts.get(name);
        return part == null ? hold(name, update) : handOn(part, update);
    }

    /** What has no effect in its part is passed on all the same, as originals do, whose parts may see it otherwise. */
    final boolean handOn(Part<?> part, Update update) {
        if (!part.apply(update)) {
            forget(update);
        }
        return true;
    }

    /** Keeps an update for a part that is not there, or does not take it. */
    final boolean hold(String name, Update update) {
        if (pendingCount >= maxPending && !pending.containsKey(name)) {
            publish(new Scuttlebucket.Dropped(name, update));
            return false;
        }
        List<Update> waiting = pending.get(name);
        if (waiting == null) {
            waiting = new ArrayList<>();
            pending.put(name, waiting);
            if (!parts.containsKey(name)) {
                publish(new Scuttlebucket.Missing(name, update));
            }
        }
        waiting.add(update);
        pendingCount++;
        if (waiting.size() > maxPendingOfAName || pendingCount > maxPending) {
            Update oldest = waiting.remove(0);
            pendingCount--;
            forget(oldest);
            publish(new Scuttlebucket.Dropped(name, oldest));
        }
        return true;
    }

    /** What a part may announce is announced always: a part may come later. */
    @Override
    protected JsonObject announcement() {
        return AppendOnly.ANNOUNCEMENT;
    }

    @Override
    protected boolean isFor(Update update, Session session) {
        Part<?> part = parts.get(update.partName());
        return part == null || part.isFor(update, session);
    }

    @Override
    protected void lapse() {
        parts.values().forEach(Part::lapse);
    }

    /** Returns the visible state of each part by its name. */
    @Override
    public JsonObject toJson() {
        // Under one lock, so that it is the state of one moment.
        return read(() -> {
            JsonObject.Builder object = JsonObject.builder();
            forEachShown((name, replica) -> object.put(name, replica.toJson()));
            return object.build();
        });
    }

    private void forEachShown(BiConsumer<String, Replica> action) {
        parts.forEach((name, part) -> {
            if (shows(name)) {
                action.accept(name, part.replica());
            }
        });
    }

    final void refuse(String name) {
        throw new IllegalArgumentException("there is a part \"" + name + "\" already");
    }
}
