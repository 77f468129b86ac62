package dev.scuttlebutt.bench;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What was found for one scenario.
 *
 * @param ours one measurement for each repetition
 * @param originals likewise, or empty
 * @param seconds how long all of it took, by the clock on the wall
 * @param failure why there are fewer measurements than there should be, or null
 */
public record Result(
        Scenario scenario,
        List<Measurement> ours,
        List<Measurement> originals,
        double seconds,
        @Nullable String failure) {

    /** Copies the lists. */
    public Result {
        ours = List.copyOf(ours);
        originals = List.copyOf(originals);
    }

    /** Returns the median of our values. */
    public double value() {
        return median(ours, Measurement::value);
    }

    /** Returns the median of the original's values, or NaN. */
    public double originalValue() {
        return median(originals, Measurement::value);
    }

    /** Returns how many times better ours is, or NaN. */
    public double ratio() {
        return scenario.unit().ratio(value(), originalValue());
    }

    /** Returns the same by processor time, or NaN. */
    public double ratioByCpu() {
        return scenario.unit().ratio(median(ours, Measurement::byCpu), median(originals, Measurement::byCpu));
    }

    /** Returns the middle, or the mean of both middles; NaN when there is none. */
    static double median(List<Measurement> measurements, ToDoubleFunction<Measurement> part) {
        double[] sorted = measurements.stream().mapToDouble(part).sorted().toArray();
        int half = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** Returns the distance between the best and the worst value, in per cent of the median. */
    static double spread(List<Measurement> measurements) {
        double least =
                measurements.stream().mapToDouble(Measurement::value).min().orElse(Double.NaN);
        double most =
                measurements.stream().mapToDouble(Measurement::value).max().orElse(Double.NaN);
        return (most - least) * 100 / Math.abs(median(measurements, Measurement::value));
    }

    /**
     * Reads what {@link #toJson} wrote: the measurements. What follows from them is computed again.
     *
     * @throws IllegalArgumentException if there is no such scenario any more
     */
    static Result of(Json json) {
        JsonObject fields = json.asObject();
        Json failure = fields.get("failure");
        return new Result(
                Scenarios.named(field(fields, "name").asString()),
                measurements(field(fields, "measurements")),
                measurements(field(fields, "originalMeasurements")),
                field(fields, "seconds").asDouble(),
                failure == null || failure.isNull() ? null : failure.asString());
    }

    private static Json field(JsonObject fields, String name) {
        Json field = fields.get(name);
        if (field == null) {
            throw new IllegalArgumentException("a result without \"" + name + "\"");
        }
        return field;
    }

    private static List<Measurement> measurements(Json list) {
        return list.asArray().stream().map(Measurement::of).toList();
    }

    JsonObject toJson(Verdict verdict) {
        Goal goal = scenario.goal();
        return Json.object(
                "name", scenario.name(),
                "title", scenario.title(),
                "unit", scenario.unit().name(),
                "value", finite(value()),
                "original", finite(originalValue()),
                "ratio", finite(ratio()),
                "ratioByCpu", finite(ratioByCpu()),
                "goal", goal == null ? null : goal.toString(),
                "verdict", verdict.word(),
                "seconds", finite(seconds),
                "failure", failure,
                "measurements", list(ours),
                "originalMeasurements", list(originals));
    }

    private static Json finite(double number) {
        return Double.isFinite(number) ? Json.of(number) : Json.NULL;
    }

    private static JsonArray list(List<Measurement> measurements) {
        return JsonArray.of(measurements.stream().map(Measurement::toJson).toList());
    }
}
