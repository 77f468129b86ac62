package dev.scuttlebutt.types;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.History;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The records of an {@link ExpiryModel} as the JavaScript original keeps and sends them. Guarded by the model's lock. */
final class ExpiryCache implements History {
    /*
     * The history is worked out from the records whenever a peer shakes hands. What comes later is passed on to those who are
     * there and is not kept as an update: that is why nothing is ever appended here.
     *
     * The original looks through its records from the latest used on and stops when it has seen as many as there are by then.
     * So it stops early if it takes some out on its way, and misses others. It does so whenever it builds a history.
     */

    /** Up to here the sort of every JavaScript engine, and Java's, is one insertion sort, whatever the comparator says. */
    private static final int LONGEST_INSERTION_SORT = 31;

    /**
     * A key, its value, and the update it is sent as.
     *
     * @param value null if the update has none
     * @param since when it was written, by the clock here
     */
    record Entry(String key, @Nullable Json value, Update update, double since) {
        private boolean standsFor(Entry other) {
            return update.source().equals(other.update.source()) && update.timestamp() != other.update.timestamp();
        }
    }

    private final double maxAge;
    private final int maxKeys;

    /** Least recently used first. */
    private final Map<String, Entry> byUse = new LinkedHashMap<>(16, 0.75f, true);

    /** What the last look through the records saw that was young enough. */
    private List<Update> listed = List.of();

    private boolean inUse;

    /**
     * Creates an empty one.
     *
     * @param maxKeys 0 for any number
     */
    ExpiryCache(double maxAgeMillis, int maxKeys) {
        this.maxAge = maxAgeMillis;
        this.maxKeys = maxKeys;
    }

    /** Says that it is the history of its model. */
    History use() {
        inUse = true;
        return this;
    }

    boolean isInUse() {
        return inUse;
    }

    // Records

    /**
     * Merges an update.
     *
     * @param forgetSource is given the sources that leave the clock by it
     * @return what it came to, or null when it has no effect
     * @throws IllegalArgumentException if the change is null
     */
    @Nullable
    Entry apply(Update update, double now, Consumer<String> forgetSource) {
        Json change = update.change();
        String key = JsValues.asText(JsValues.element(change, 0));
        Json value = JsValues.element(change, 1);
        if (update.timestamp() <= now - maxAge) {
            return null;
        }
        Entry current = lookUp(key, now, forgetSource);
        Entry entry = new Entry(key, value, update, now);
        if (current != null) {
            boolean older = current.update.timestamp() > update.timestamp();
            Json union = older ? union(value, current.value) : union(current.value, value);
            if (union == null && older) {
                return null;
            }
            entry = rewritten(entry, union == null ? value : union);
        }
        if (value != null && value.isNull()) {
            remove(key, forgetSource);
        } else {
            put(entry, current, forgetSource);
        }
        return entry;
    }

    /** Returns both, or null when they are not such that they have members. */
    private static @Nullable Json union(@Nullable Json value, @Nullable Json over) {
        return value != null && over != null && isComposite(value) && isComposite(over)
                ? JsValues.extend(value, over)
                : null;
    }

    private static boolean isComposite(Json value) {
        return value instanceof JsonObject || value instanceof JsonArray;
    }

    /** As the arriving update, even if that is the older one. */
    private static Entry rewritten(Entry entry, @Nullable Json value) {
        Json change = value == null ? Json.array(entry.key) : Json.array(entry.key, value);
        Update update = Update.of(change, entry.update.timestamp(), entry.update.source());
        return new Entry(entry.key, value, update, entry.since);
    }

    private @Nullable Entry lookUp(String key, double now, Consumer<String> forgetSource) {
        Entry entry = byUse.get(key);
        if (entry != null && now - entry.since > maxAge) {
            remove(key, forgetSource);
            return null;
        }
        return entry;
    }

    private void put(Entry entry, @Nullable Entry old, Consumer<String> forgetSource) {
        if (old != null) {
            dispose(old, forgetSource);
        }
        byUse.put(entry.key, entry);
        while (maxKeys > 0 && byUse.size() > maxKeys) {
            remove(byUse.keySet().iterator().next(), forgetSource);
        }
    }

    private void remove(String key, Consumer<String> forgetSource) {
        Entry entry = byUse.get(key);
        if (entry != null) {
            dispose(entry, forgetSource);
            byUse.remove(key);
        }
    }

    /** A source leaves the clock unless another record stands for it. The record that replaces this one is not there yet. */
    private void dispose(Entry entry, Consumer<String> forgetSource) {
        if (byUse.values().stream().noneMatch(entry::standsFor)) {
            forgetSource.accept(entry.update.source());
        }
    }

    @Nullable
    Json get(String key, double now, Consumer<String> forgetSource) {
        Entry entry = lookUp(key, now, forgetSource);
        return entry == null ? null : entry.value;
    }

    /** Returns what there is, most recently used first, whatever its age. */
    JsonObject toJson() {
        JsonObject.Builder object = JsonObject.builder();
        for (Entry entry : latestFirst()) {
            if (entry.value != null) {
                object.put(entry.key, entry.value);
            }
        }
        return object.build();
    }

    /** Returns the keys, most recently used first, whatever their age. */
    List<String> keys() {
        return latestFirst().stream().map(Entry::key).toList();
    }

    private List<Entry> latestFirst() {
        List<Entry> entries = new ArrayList<>(byUse.values());
        Collections.reverse(entries);
        return entries;
    }

    // History

    /** Looks through the records for a history, and takes out what is too old. */
    void lapse(double now, Consumer<String> forgetSource) {
        List<Update> young = new ArrayList<>();
        int visited = 0;
        for (Entry entry : latestFirst()) {
            if (visited >= byUse.size()) {
                break;
            }
            visited++;
            if (entry.update.timestamp() > now - maxAge) {
                young.add(entry.update);
            } else {
                remove(entry.key, forgetSource);
            }
        }
        listed = young;
    }

    @Override
    public void append(Update update) {
        throw new AssertionError("passed on and not kept: " + update);
    }

    @Override
    public void forget(Update update) {
        // It has never been kept.
    }

    @Override
    public int size() {
        return byUse.size();
    }

    @Override
    public Cursor open(Clock peer) {
        List<Update> lacking = new ArrayList<>(listed);
        lacking.removeIf(update -> update.timestamp() <= peer.latest(update.source()));
        if (lacking.size() <= LONGEST_INSERTION_SORT) {
            lacking.sort((one, other) ->
                    !one.source().equals(other.source()) ? 0 : one.timestamp() < other.timestamp() ? -1 : 1);
        } else {
            // What the original's comparator, for which all sources are equal, makes of more depends on the engine.
            lacking.sort(Update.STAMP_ORDER);
        }
        return new HeldOnly(lacking, peer);
    }

    /** All of a history goes out, in its order, even what the peer will then refuse. */
    private static final class HeldOnly implements Cursor {
        private final Deque<Update> held;
        private final Map<String, Double> peer = new HashMap<>();

        HeldOnly(List<Update> held, Clock peer) {
            this.held = new ArrayDeque<>(held);
            this.peer.putAll(peer.toMap());
        }

        @Override
        public @Nullable Update nextHeld() {
            Update next = held.poll();
            if (next != null) {
                peerHas(next.source(), next.timestamp());
            }
            return next;
        }

        @Override
        public @Nullable Update nextLive() {
            return null;
        }

        @Override
        public boolean peerHas(String source, double timestamp) {
            Double known = peer.get(source);
            if (known != null && known >= timestamp) {
                return false;
            }
            peer.put(source, timestamp);
            return true;
        }

        @Override
        public boolean covers(Update update) {
            return peer.getOrDefault(update.source(), Clock.NEVER) >= update.timestamp();
        }

        @Override
        public int behind() {
            return held.size();
        }

        @Override
        public void stopAtEnd() {
            // Nothing is appended.
        }

        @Override
        public void close() {
            held.clear();
        }
    }
}
