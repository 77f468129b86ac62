package dev.scuttlebutt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonNumber;
import dev.scuttlebutt.json.JsonObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a replica has seen: source → latest timestamp. Everything of a source up to its timestamp has been seen, whether
 * or not it was kept. Immutable.
 *
 * @see <a href="http://www.cs.cornell.edu/home/rvr/papers/flowgossip.pdf">Efficient Reconciliation and Flow Control for
 *     Anti-Entropy Protocols</a>
 */
public final class Clock {
    /** The clock that has seen nothing. */
    public static final Clock EMPTY = new Clock(Map.of());

    /** What {@link #latest} answers for a source that is not there: less than every timestamp. */
    public static final double NEVER = Double.NEGATIVE_INFINITY;

    private final Map<String, Double> latest;

    private Clock(Map<String, Double> latest) {
        this.latest = latest;
    }

    /**
     * Returns a clock with these entries.
     *
     * @throws IllegalArgumentException if a timestamp is not finite
     */
    public static Clock of(Map<String, Double> latest) {
        latest.forEach((source, timestamp) -> {
            if (!Double.isFinite(timestamp)) {
                throw new IllegalArgumentException("timestamp of " + source + " must be finite, was " + timestamp);
            }
        });
        return owning(new LinkedHashMap<>(latest));
    }

    /** Takes the map over: the caller must not keep it. */
    static Clock owning(Map<String, Double> latest) {
        return latest.isEmpty() ? EMPTY : new Clock(Collections.unmodifiableMap(latest));
    }

    /** Reads a clock as it stands in a handshake. Entries that are not finite numbers are left out. */
    public static Clock of(JsonObject json) {
        Map<String, Double> latest = new LinkedHashMap<>();
        for (Map.Entry<String, Json> entry : json.entries()) {
            if (entry.getValue() instanceof JsonNumber number && Double.isFinite(number.value())) {
                latest.put(entry.getKey(), number.value());
            }
        }
        return owning(latest);
    }

    /** Returns the latest timestamp seen from a source, or {@link #NEVER}. */
    public double latest(String source) {
        Double timestamp = latest.get(source);
        return timestamp == null ? NEVER : timestamp;
    }

    /** Tells whether this clock has seen the update or a later one of its source. */
    public boolean covers(Update update) {
        return latest(update.source()) >= update.timestamp();
    }

    /** Tells whether this clock has seen everything the other has. O(sources). */
    public boolean covers(Clock other) {
        for (Map.Entry<String, Double> entry : other.latest.entrySet()) {
            if (latest(entry.getKey()) < entry.getValue()) {
                return false;
            }
        }
        return true;
    }

    /** Returns the smallest clock that covers both. O(sources). */
    public Clock merge(Clock other) {
        Map<String, Double> merged = new LinkedHashMap<>(latest);
        other.latest.forEach((source, timestamp) -> merged.merge(source, timestamp, Math::max));
        return owning(merged);
    }

    /** Returns the sources, unmodifiable. */
    public Set<String> sources() {
        return latest.keySet();
    }

    /** Returns the entries, unmodifiable. */
    public Map<String, Double> toMap() {
        return latest;
    }

    /** Returns the number of sources. */
    public int size() {
        return latest.size();
    }

    /** Tells whether nothing has been seen. */
    public boolean isEmpty() {
        return latest.isEmpty();
    }

    /** Returns this clock as it stands in a handshake. */
    public JsonObject toJson() {
        JsonObject.Builder json = JsonObject.builder();
        latest.forEach((source, timestamp) -> json.put(source, Json.of(timestamp.doubleValue())));
        return json.build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Clock clock && latest.equals(clock.latest);
    }

    @Override
    public int hashCode() {
        return latest.hashCode();
    }

    @Override
    public String toString() {
        return toJson().toString();
    }
}
