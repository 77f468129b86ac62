package dev.scuttlebutt.bench;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;

/**
 * How much is to be done, the same for both sides: processor time to warm up, processor time to measure, and counts that
 * each scenario names. It travels as JSON.
 *
 * <p>Durations rather than numbers of rounds make a slow side run fewer rounds, not longer ones.
 */
public final class Work {
    private static final String WARM_UP_MILLIS = "warmUpMillis";
    private static final String MEASURE_MILLIS = "measureMillis";

    private final JsonObject fields;

    private Work(JsonObject fields) {
        this.fields = fields;
    }

    /** Returns work of these durations, in milliseconds of processor time, without counts. */
    public static Work lasting(int warmUpMillis, int measureMillis) {
        return new Work(Json.object(WARM_UP_MILLIS, warmUpMillis, MEASURE_MILLIS, measureMillis));
    }

    /** Reads what {@link #toJson} wrote. */
    public static Work of(Json json) {
        return new Work(json.asObject());
    }

    /** Adds a count. */
    public Work with(String name, int count) {
        return new Work(fields.with(name, Json.of((double) count)));
    }

    /** Returns a count. */
    public int count(String name) {
        Json count = fields.get(name);
        if (count == null) {
            throw new IllegalArgumentException("this work has no count named " + name + ": " + fields);
        }
        return (int) count.asDouble();
    }

    /** Returns how much processor time to warm up. */
    public int warmUpMillis() {
        return count(WARM_UP_MILLIS);
    }

    /** Returns how much processor time to measure. */
    public int measureMillis() {
        return count(MEASURE_MILLIS);
    }

    /** Returns it as JSON. */
    public JsonObject toJson() {
        return fields;
    }
}
