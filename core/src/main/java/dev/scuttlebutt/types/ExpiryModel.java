package dev.scuttlebutt.types;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A replicated map that forgets: what was written longer ago than the maximal age is gone everywhere.
 * {@code expiry-model} in JavaScript.
 *
 * <p>Objects are merged field by field, each field with its latest write; anything else, arrays too, is replaced whole.
 * Age is measured from the timestamp of a write, by the clock of the replica that looks.
 *
 * <p>There is no timer: what has become too old is left out of every look at once, and its memory is given back at the
 * next write, exchange or call of {@link #expire}.
 *
 * <p>When there are more keys than {@link Bounds#maxKeys}, the least recently used is dropped here. That is no deletion: it
 * is not sent, and other replicas keep the key.
 *
 * @see "data-types, section 4"
 */
public final class ExpiryModel extends Replica {
    /*
     * Deletions are kept as long as writes. After that every older write is refused by its age, so nothing can come back:
     * that is what makes tombstones collectable. It is why age must be measured alike everywhere, from the timestamp.
     *
     * The same argument lets the clock forget sources that have been silent for so long. Were it to forget one earlier,
     * updates could be applied twice.
     */

    /**
     * What is kept.
     *
     * @param maxAge how long a write counts
     * @param maxKeys how many keys with a value are kept here, and as many deleted ones; 0 for any number
     * @param maxAhead updates from elsewhere whose timestamp is further ahead of the clock here are refused: they would
     *     outlive all others
     */
    public record Bounds(Duration maxAge, int maxKeys, Duration maxAhead) {
        private static final Bounds DEFAULTS = new Bounds(Duration.ofDays(1), 500, Duration.ofMinutes(5));

        /** Checks that they make sense. */
        public Bounds {
            if (maxAge.isNegative() || maxAge.isZero() || maxAhead.isNegative() || maxKeys < 0) {
                throw new IllegalArgumentException("bounds must not be negative and maxAge not zero, were maxAge "
                        + maxAge + ", maxKeys " + maxKeys + ", maxAhead " + maxAhead);
            }
        }

        /** Returns a day, 500 keys as in JavaScript, and five minutes. */
        public static Bounds defaults() {
            return DEFAULTS;
        }

        /** Returns the same with another maximal age. */
        public Bounds maxAge(Duration maxAge) {
            return new Bounds(maxAge, maxKeys, maxAhead);
        }

        /** Returns the same with another number of keys; 0 for any number. */
        public Bounds maxKeys(int maxKeys) {
            return new Bounds(maxAge, maxKeys, maxAhead);
        }

        /** Returns the same with another tolerance for clocks that run ahead. */
        public Bounds maxAhead(Duration maxAhead) {
            return new Bounds(maxAge, maxKeys, maxAhead);
        }
    }

    /**
     * A key has a new value. {@code update} in JavaScript.
     *
     * @param value merged; {@link Json#NULL} when it was deleted
     * @param update the update that did it
     */
    public record Changed(String key, Json value, Update update) implements ReplicaEvent {}

    /** The last that was known of a key has become too old. Told when it is noticed, see {@link #expire}. */
    public record Expired(String key) implements ReplicaEvent {}

    /** A key was dropped here because there are too many. */
    public record Evicted(String key) implements ReplicaEvent {}

    private final Bounds bounds;
    private final double maxAge;
    private final double maxAhead;

    /** All there is in the compatible mode; null in the convergent one. */
    private final @Nullable ExpiryCache original;

    /** Least recently used first. */
    private final Map<String, ExpiryEntry> live = new LinkedHashMap<>(16, 0.75f, true);

    /** Deleted keys, the first deleted first. */
    private final Map<String, ExpiryEntry> deleted = new LinkedHashMap<>();

    /** All updates held. */
    private final TreeSet<Update> byAge = new TreeSet<>(Update.STAMP_ORDER);

    private final List<Update> dropped = new ArrayList<>();
    private double sourcesForgotten = Double.NEGATIVE_INFINITY;

    /** Creates an empty model with a new random id. */
    public ExpiryModel() {
        this(ReplicaOptions.defaults());
    }

    /** Creates an empty model with this id. */
    public ExpiryModel(String id) {
        this(ReplicaOptions.defaults().id(id));
    }

    /** Creates an empty model. */
    public ExpiryModel(ReplicaOptions options) {
        this(options, Bounds.defaults());
    }

    /** Creates an empty model that keeps so much. Replicas of the same data need the same maximal age. */
    public ExpiryModel(ReplicaOptions options, Bounds bounds) {
        this(options, bounds, Resolution.CONVERGENT);
    }

    /**
     * Creates an empty model that resolves conflicts in this way. In the compatible mode {@link Bounds#maxAhead} does not
     * count and there are no events besides {@link Changed}.
     *
     * @throws IllegalArgumentException if it would be a part of a bucket in the compatible mode
     */
    public ExpiryModel(ReplicaOptions options, Bounds bounds, Resolution resolution) {
        this(
                options,
                bounds,
                resolution == Resolution.CONVERGENT
                        ? null
                        : new ExpiryCache(millis(bounds.maxAge()), bounds.maxKeys()));
    }

    private ExpiryModel(ReplicaOptions options, Bounds bounds, @Nullable ExpiryCache original) {
        super(original == null ? options : options.history(original::use));
        if (original != null && !original.isInUse()) {
            throw new IllegalArgumentException(
                    "the compatible mode has a history of its own, which a part cannot have");
        }
        this.bounds = bounds;
        this.maxAge = millis(bounds.maxAge());
        this.maxAhead = millis(bounds.maxAhead());
        this.original = original;
    }

    private static double millis(Duration duration) {
        return duration.getSeconds() * 1e3 + duration.getNano() / 1e6;
    }

    // Writing

    /**
     * Writes a key. An object is merged into the object that is there, field by field.
     *
     * <p>Arrays replace each other. JavaScript peers merge them by index: do not use arrays with them.
     *
     * @param value anything {@link Json#of(Object)} takes; copied. Null deletes.
     * @throws IllegalArgumentException for the key {@code __proto__}, and for values JSON cannot carry
     */
    public void set(String key, @Nullable Object value) {
        Json change = Json.array(KeyChange.checkKey(key), value);
        localUpdate(() -> {
            // In the compatible mode there are no entries.
            ExpiryEntry entry = entry(key);
            Update latest = entry == null ? null : entry.latest();
            if (latest != null) {
                stampAbove(latest);
            }
            return change;
        });
    }

    /** Deletes a key. The deletion spreads, and is kept as long as a write. */
    public void delete(String key) {
        set(key, null);
    }

    /** Gives back the memory of what has become too old, and tells of it. For a timer of yours, if you want one. */
    public void expire() {
        lapseNow();
    }

    // Reading

    /** Returns the value of a key, or null when there is none, or none that is young enough. Counts as a use of it. */
    public @Nullable Json get(String key) {
        return original != null
                ? getOriginal(original, key)
                : read(() -> {
                    ExpiryEntry entry = live.get(key);
                    return entry == null ? null : entry.value(cutoff());
                });
    }

    /**
     * Returns the value of a key as an object of this class, or null as {@link #get(String)}.
     *
     * @throws IllegalArgumentException if it cannot be one. See {@link Json#as}.
     */
    public <T> @Nullable T get(String key, Class<T> type) {
        Json value = get(key);
        return value == null ? null : value.as(type);
    }

    /** Tells whether a key has a value. Counts as a use of it. */
    public boolean has(String key) {
        return get(key) != null;
    }

    /** Returns the keys that have a value, most recently used first. */
    public List<String> keys() {
        return original != null
                ? read(original::keys)
                : read(() -> {
                    double cutoff = cutoff();
                    List<String> keys = new ArrayList<>();
                    live.forEach((key, entry) -> {
                        if (entry.value(cutoff) != null) {
                            keys.add(key);
                        }
                    });
                    Collections.reverse(keys);
                    return keys;
                });
    }

    /**
     * Returns the keys that have a value, with their values, most recently used first; names that look like array indexes
     * come before all others, as in every JSON object.
     */
    @Override
    public JsonObject toJson() {
        return original != null
                ? read(original::toJson)
                : read(() -> {
                    double cutoff = cutoff();
                    List<Map.Entry<String, ExpiryEntry>> all = new ArrayList<>(live.entrySet());
                    Collections.reverse(all);
                    JsonObject.Builder object = JsonObject.builder();
                    for (Map.Entry<String, ExpiryEntry> each : all) {
                        Json value = each.getValue().value(cutoff);
                        if (value != null) {
                            object.put(each.getKey(), value);
                        }
                    }
                    return object.build();
                });
    }

    /** For {@link Presence}. */
    double time() {
        return now();
    }

    /** For {@link Presence}. */
    void tell(ReplicaEvent event) {
        publish(event);
    }

    private double cutoff() {
        return now() - maxAge;
    }

    // Merging

    @Override
    protected boolean applyUpdate(Update update) {
        return original != null ? applyOriginal(original, update) : applyConvergent(update);
    }

    private boolean applyConvergent(Update update) {
        String key = KeyChange.checkKey(key(update));
        double now = now();
        double ahead = update.timestamp() - now;
        if (ahead > maxAhead && !isMadeHere()) {
            throw new IllegalArgumentException("timestamp is " + Math.round(ahead)
                    + " ms ahead of this machine's clock; at most "
                    + bounds.maxAhead().toMillis() + " are allowed");
        }
        lapse();
        if (update.timestamp() <= now - maxAge) {
            return false;
        }
        ExpiryEntry entry = entry(key);
        if (entry == null) {
            entry = new ExpiryEntry();
        }
        if (!entry.add(update, dropped)) {
            return false;
        }
        byAge.add(update);
        letGo();
        place(key, entry);
        if (listens(Changed.class)) {
            Json value = entry.value(now - maxAge);
            publish(new Changed(key, value == null ? Json.NULL : value, update));
        }
        return true;
    }

    private @Nullable ExpiryEntry entry(String key) {
        ExpiryEntry entry = live.get(key);
        return entry != null ? entry : deleted.get(key);
    }

    private void place(String key, ExpiryEntry entry) {
        Map<String, ExpiryEntry> mine = entry.isDeleted() ? deleted : live;
        (entry.isDeleted() ? live : deleted).remove(key);
        mine.put(key, entry);
        if (bounds.maxKeys() > 0 && mine.size() > bounds.maxKeys()) {
            String eldest = mine.keySet().iterator().next();
            ExpiryEntry evicted = mine.remove(eldest);
            if (evicted != null) {
                dropped.addAll(evicted.updates());
                letGo();
            }
            publish(new Evicted(eldest));
        }
    }

    private void letGo() {
        for (Update update : dropped) {
            byAge.remove(update);
            forget(update);
        }
        dropped.clear();
    }

    // Age

    @Override
    protected void lapse() {
        if (original != null) {
            original.lapse(now(), this::forgetSource);
            return;
        }
        double cutoff = cutoff();
        while (!byAge.isEmpty() && byAge.first().timestamp() <= cutoff) {
            lapse(byAge.first());
        }
        if (cutoff - sourcesForgotten > maxAge / 8) {
            sourcesForgotten = cutoff;
            forgetSources(cutoff);
        }
    }

    private void lapse(Update update) {
        String key = key(update);
        ExpiryEntry entry = entry(key);
        if (entry != null) {
            entry.remove(update);
            if (entry.isEmpty()) {
                boolean wasLive = live.remove(key) != null;
                deleted.remove(key);
                if (wasLive) {
                    publish(new Expired(key));
                }
            } else if (entry.isDeleted() && live.remove(key) != null) {
                deleted.put(key, entry);
            }
        }
        dropped.add(update);
        letGo();
    }

    private static String key(Update update) {
        JsonArray change = update.change().asArray();
        if (change.size() == 0 || !(change.get(0) instanceof JsonString key)) {
            throw new IllegalArgumentException("a change of a model is [key, value] with a text for key");
        }
        return key.value();
    }

    // As the original

    private @Nullable Json getOriginal(ExpiryCache cache, String key) {
        AtomicReference<@Nullable Json> found = new AtomicReference<>();
        adjust(() -> found.set(cache.get(key, now(), this::forgetSource)));
        return found.get();
    }

    private boolean applyOriginal(ExpiryCache cache, Update update) {
        ExpiryCache.Entry entry = cache.apply(update, now(), this::forgetSource);
        if (entry == null) {
            return false;
        }
        // Passed on to those who are there; the history is made of the records.
        forget(update);
        if (listens(Changed.class)) {
            publish(new Changed(entry.key(), entry.value() == null ? Json.NULL : entry.value(), update));
        }
        return true;
    }
}
