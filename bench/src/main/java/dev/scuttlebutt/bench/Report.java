package dev.scuttlebutt.bench;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

    /** Returns it for people: where it was measured, a table, and what its columns say. */
    @Override
    public String toString() {
        Table table = new Table("", "", "this", "original", "ratio", "by CPU", "goal", "");
        for (Result result : results) {
            Scenario scenario = result.scenario();
            Goal goal = scenario.goal();
            table.add(
                    scenario.name(),
                    scenario.title(),
                    value(scenario, result.ours()),
                    value(scenario, result.originals()),
                    times(result.ratio()),
                    times(result.ratioByCpu()),
                    goal == null ? "" : goal.toString(),
                    verdict(result).word());
        }
        StringBuilder text = new StringBuilder();
        text.append(machine).append("\n\n").append(table).append('\n');
        results.forEach(result -> appendDetails(result, text));
        int runs =
                results.stream().mapToInt(result -> result.ours().size()).max().orElse(0);
        text.append("Medians of ")
                .append(runs)
                .append(" runs, each in a process of its own, both sides in turn; ± is ")
                .append(
                        "half of the distance between best and worst.\nRatio: how many times better than the original. ")
                .append(
                        "By CPU: the same by the processor time of the processes measured,\nwith compilers and collectors; ")
                .append("other load on the machine disturbs it less.\n");
        for (Result result : results) {
            if (result.scenario().missing() != null) {
                text.append('\n')
                        .append(result.scenario().name())
                        .append(" not measured: ")
                        .append(result.scenario().missing())
                        .append('\n');
            }
        }
        String missing = machine.originals().missing();
        if (missing != null) {
            text.append('\n').append(missing).append('\n');
        }
        return text.toString();
    }

    private static String value(Scenario scenario, List<Measurement> measurements) {
        if (measurements.isEmpty()) {
            return "not measured";
        }
        return scenario.unit().format(Result.median(measurements, Measurement::value))
                + String.format(" ±%.0f %%", Result.spread(measurements) / 2);
    }

    private static String times(double ratio) {
        return Double.isNaN(ratio) ? "" : "× " + Unit.digits(ratio);
    }

    private static void appendDetails(Result result, StringBuilder text) {
        String ours = details(result.ours());
        String theirs = details(result.originals());
        if (!ours.isEmpty()) {
            text.append(result.scenario().name()).append(": ").append(ours);
            text.append(theirs.isEmpty() ? "" : "; original: " + theirs).append('\n');
        }
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
        StringBuilder text = new StringBuilder();
        medians.forEach((name, median) ->
                text.append(text.isEmpty() ? "" : ", ").append(name).append(' ').append(median));
        return text.toString();
    }
}
