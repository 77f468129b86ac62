package dev.scuttlebutt.bench;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one process found.
 *
 * @param value in the scenario's unit, by the clock on the wall
 * @param byCpu the same by the processor time of all processes that took part, compilers and collectors included; NaN
 *     where time is not what is measured
 * @param details further numbers by name, such as bytes
 */
public record Measurement(double value, double byCpu, Map<String, Double> details) {

    /** Sorts the details. */
    public Measurement {
        details = new TreeMap<>(details);
    }

    /** Reads what {@link #toJson} wrote, or a script in the same form. */
    public static Measurement of(Json json) {
        JsonObject fields = json.asObject();
        Map<String, Double> details = new TreeMap<>();
        for (String key : fields.keys()) {
            if (!key.equals("value") && !key.equals("byCpu")) {
                details.put(key, number(fields, key));
            }
        }
        return new Measurement(number(fields, "value"), number(fields, "byCpu"), details);
    }

    private static double number(JsonObject fields, String key) {
        Json number = fields.get(key);
        return number == null || number.isNull() ? Double.NaN : number.asDouble();
    }

    /** Returns it as one object. */
    public JsonObject toJson() {
        JsonObject.Builder fields = JsonObject.builder();
        fields.put("value", finite(value));
        fields.put("byCpu", finite(byCpu));
        details.forEach((name, number) -> fields.put(name, finite(number)));
        return fields.build();
    }

    private static Json finite(double number) {
        return Double.isFinite(number) ? Json.of(number) : Json.NULL;
    }
}
