package dev.scuttlebutt.bench;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What was found, and where.
 *
 * @param machine where
 * @param results one for each scenario
 */
public record Report(Machine machine, List<Result> results) {

    /** Copies the list. */
    public Report {
        results = List.copyOf(results);
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws IllegalArgumentException if it did not, or if a scenario is not there any more
     */
    public static Report of(Json json) {
        Json machine = json.asObject().get("machine");
        Json results = json.asObject().get("results");
        if (machine == null || results == null) {
            throw new IllegalArgumentException("no report of a benchmark");
        }
        return new Report(
                Machine.of(machine), results.asArray().stream().map(Result::of).toList());
    }

    /**
     * Returns both together, in the order of {@link Scenarios}. What was measured in both is that of the other.
     *
     * @throws IllegalArgumentException if they come from different machines
     */
    public Report and(Report other) {
        Map<String, Result> all = new TreeMap<>();
        results.forEach(result -> all.put(result.scenario().name(), result));
        other.results.forEach(result -> all.put(result.scenario().name(), result));
        return new Report(
                machine.and(other.machine),
                Scenarios.all().stream()
                        .map(scenario -> all.get(scenario.name()))
                        .filter(Objects::nonNull)
                        .toList());
    }

    /** Returns the part of it that is about these scenarios. */
    public Report about(List<Scenario> scenarios) {
        return new Report(
                machine,
                results.stream()
                        .filter(result -> scenarios.contains(result.scenario()))
                        .toList());
    }

    /** Returns it for a program: the machine, and each scenario with all its measurements. */
    public JsonObject toJson() {
        return Json.object(
                "machine",
                machine.toJson(),
                "results",
                JsonArray.of(results.stream()
                        .map(result -> result.toJson(verdict(result)))
                        .toList()));
    }

    /** Returns whether the goal of a result was reached. */
    public Verdict verdict(Result result) {
        Goal goal = result.scenario().goal();
        if (goal instanceof Goal.TimesOriginal times) {
            return judge(result.ratio(), -times.factor(), -1);
        }
        if (goal instanceof Goal.AtMost most) {
            return judge(result.value(), most.value(), 1);
        }
        if (goal instanceof Goal.AtLeast least) {
            return judge(result.value(), -least.value(), -1);
        }
        if (goal instanceof Goal.TimesScenario times) {
            return judge(result.value(), times.factor() * valueOf(times.scenario()), 1);
        }
        return Verdict.OPEN;
    }

    private static Verdict judge(double value, double most, int sign) {
        if (Double.isNaN(value) || Double.isNaN(most)) {
            return Verdict.OPEN;
        }
        return sign * value <= most ? Verdict.MET : Verdict.MISSED;
    }

    private double valueOf(String scenario) {
        return results.stream()
                .filter(other -> other.scenario().name().equals(scenario))
                .mapToDouble(Result::value)
                .findFirst()
                .orElse(Double.NaN);
    }

    /** Returns it as part of a document, in Markdown: where it was measured, a table, and what its columns say. */
    public String toMarkdown() {
        return new MarkdownReport(this).toString();
    }

    /** Returns it for people: where it was measured, a table, and what its columns say. */
    @Override
    public String toString() {
        return new TextReport(this).toString();
    }

    /**
     * Returns what this implementation and what it is compared with did, for each result one row. Of a rival's, the first is
     * what the scenario of ours found in the same report.
     */
    List<Result> rows() {
        return results.stream().map(this::row).toList();
    }

    private Result row(Result result) {
        String rivalTo = result.scenario().rivalTo();
        if (rivalTo == null) {
            return result;
        }
        List<Measurement> ours = results.stream()
                .filter(other -> other.scenario().name().equals(rivalTo))
                .findFirst()
                .map(Result::ours)
                .orElse(List.of());
        return new Result(result.scenario(), ours, result.ours(), result.seconds(), result.failure());
    }

    /** Returns what to say below the table: what failed, and what could not be measured. */
    List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        for (Result result : results) {
            String name = result.scenario().name();
            if (result.failure() != null) {
                remarks.add(name + " failed: " + result.failure());
            } else if (result.ours().isEmpty()) {
                remarks.add(name + " not measured: " + result.scenario().missing());
            }
        }
        return remarks;
    }

    /** Tells whether a scenario failed. */
    public boolean hasFailures() {
        return results.stream().anyMatch(result -> result.failure() != null);
    }

    /** Returns how often the most often repeated scenario was. */
    int runs() {
        return results.stream().mapToInt(result -> result.ours().size()).max().orElse(0);
    }

    /** Returns how long it took to measure all this, one after the other. */
    double seconds() {
        return results.stream().mapToDouble(Result::seconds).sum();
    }

    /** Returns a value as it stands in a table, with half of the distance between best and worst. */
    static String value(Scenario scenario, List<Measurement> measurements) {
        if (measurements.isEmpty()) {
            return "";
        }
        String median = scenario.unit().format(Result.median(measurements, Measurement::value));
        return measurements.size() == 1
                ? median
                : median + String.format(Locale.ROOT, " ±%.0f %%", Result.spread(measurements) / 2);
    }

    /** Returns the further numbers that were found, or nothing. */
    static String details(Result row) {
        String ours = details(row.ours());
        String theirs = details(row.originals());
        return theirs.isEmpty()
                ? ours
                : ours + (ours.isEmpty() ? "" : "; ") + row.scenario().beside() + ": " + theirs;
    }

    private static String details(List<Measurement> measurements) {
        Map<String, String> medians = new TreeMap<>();
        for (Measurement measurement : measurements) {
            for (String name : measurement.details().keySet()) {
                double median =
                        Result.median(measurements, other -> other.details().getOrDefault(name, Double.NaN));
                medians.put(name, Unit.digits(median));
            }
        }
        return medians.entrySet().stream()
                .map(detail -> detail.getKey() + " " + detail.getValue())
                .collect(Collectors.joining(", "));
    }
}
