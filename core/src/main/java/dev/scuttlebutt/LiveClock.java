package dev.scuttlebutt;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A {@link Clock} that moves. Guarded by its owner's lock. */
final class LiveClock {
    /*
     * Runs of updates of one source are the rule, so the entry used last is tried first, by identity: decoders hand
     * out one String object per source.
     */
    private final Map<String, Entry> entries = new HashMap<>();
    private @Nullable Entry recent;
    private @Nullable Clock snapshot = Clock.EMPTY;

    double latest(String source) {
        Entry entry = find(source);
        return entry == null ? Clock.NEVER : entry.latest;
    }

    boolean covers(Update update) {
        return latest(update.source()) >= update.timestamp();
    }

    /** Returns false, and changes nothing, when the timestamp is not newer. */
    boolean raise(String source, double timestamp) {
        Entry entry = find(source);
        if (entry == null) {
            entry = new Entry(source, timestamp);
            entries.put(source, entry);
            recent = entry;
        } else if (timestamp > entry.latest) {
            entry.latest = timestamp;
        } else {
            return false;
        }
        snapshot = null;
        return true;
    }

    /** Drops the entries that are not above this, except one. */
    void dropUntil(double until, String except) {
        if (entries.values().removeIf(entry -> entry.latest <= until && !entry.source.equals(except))) {
            recent = null;
            snapshot = null;
        }
    }

    void drop(String source) {
        if (entries.remove(source) != null) {
            recent = null;
            snapshot = null;
        }
    }

    void raise(Clock clock) {
        clock.toMap().forEach(this::raise);
    }

    int size() {
        return entries.size();
    }

    Clock snapshot() {
        Clock current = snapshot;
        if (current == null) {
            Map<String, Double> copy = new LinkedHashMap<>(entries.size() * 4 / 3 + 1);
            for (Entry entry : entries.values()) {
                copy.put(entry.source, entry.latest);
            }
            current = Clock.owning(copy);
            snapshot = current;
        }
        return current;
    }

    private @Nullable Entry find(String source) {
        Entry entry = recent;
        if (entry != null && entry.source == source) {
            return entry;
        }
        entry = entries.get(source);
        if (entry != null) {
            recent = entry;
        }
        return entry;
    }

    private static final class Entry {
        final String source;
        double latest;

        Entry(String source, double latest) {
            this.source = source;
            this.latest = latest;
        }
    }
}
