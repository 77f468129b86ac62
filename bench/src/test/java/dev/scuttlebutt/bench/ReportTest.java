package dev.scuttlebutt.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.scuttlebutt.json.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Unit RATE = new Unit("sets/s", true);
    private static final Unit TIME = new Unit("µs", false);

    @Test
    void ratio_ofRates_isOursOverTheirs() {
        assertThat(result("a", RATE, null, List.of(30.0), List.of(10.0)).ratio())
                .isEqualTo(3);
    }

    @Test
    void ratio_ofTimes_isTheirsOverOurs() {
        assertThat(result("a", TIME, null, List.of(30.0), List.of(10.0)).ratio())
                .isEqualTo(1 / 3.0);
    }

    @Test
    void value_ofSeveral_isTheMedian() {
        assertThat(result("a", RATE, null, List.of(100.0, 1.0, 2.0), List.of()).value())
                .isEqualTo(2);
        assertThat(result("a", RATE, null, List.of(1.0, 4.0, 2.0, 100.0), List.of())
                        .value())
                .isEqualTo(3);
    }

    @Test
    void verdict_againstOriginal_comparesRatio() {
        Goal twice = new Goal.TimesOriginal(2);

        assertThat(verdictOfOnly(result("a", RATE, twice, List.of(20.0), List.of(10.0))))
                .isEqualTo(Verdict.MET);
        assertThat(verdictOfOnly(result("a", RATE, twice, List.of(19.0), List.of(10.0))))
                .isEqualTo(Verdict.MISSED);
    }

    @Test
    void verdict_againstOriginalNotMeasured_isOpen() {
        assertThat(verdictOfOnly(result("a", RATE, new Goal.TimesOriginal(2), List.of(20.0), List.of())))
                .isEqualTo(Verdict.OPEN);
    }

    @Test
    void verdict_againstBound_comparesValue() {
        Goal most = new Goal.AtMost(20, TIME);

        assertThat(verdictOfOnly(result("a", TIME, most, List.of(20.0), List.of())))
                .isEqualTo(Verdict.MET);
        assertThat(verdictOfOnly(result("a", TIME, most, List.of(20.5), List.of())))
                .isEqualTo(Verdict.MISSED);
    }

    @Test
    void verdict_againstOtherScenario_comparesValues() {
        Result small = result("small", TIME, null, List.of(10.0), List.of());
        Result large = result("large", TIME, new Goal.TimesScenario(2, "small"), List.of(21.0), List.of());

        assertThat(report(small, large).verdict(large)).isEqualTo(Verdict.MISSED);
        assertThat(report(large).verdict(large)).isEqualTo(Verdict.OPEN);
    }

    @Test
    void text_hasRowAndSaysWhyOriginalIsMissing() {
        String text = report(result("quick", RATE, new Goal.TimesOriginal(2), List.of(2_500_000.0), List.of()))
                .toString();

        assertThat(text).contains("quick").contains("2.50 M sets/s").contains("≥ 2 × original");
        assertThat(text).contains("not measured");
    }

    @Test
    void json_hasEveryMeasurement() {
        Json json = report(result("quick", RATE, null, List.of(1.0, 2.0, 3.0), List.of(1.0)))
                .toJson();

        Json result = json.asObject().get("results").asArray().get(0);
        assertThat(result.asObject().get("measurements").asArray().size()).isEqualTo(3);
        assertThat(result.asObject().get("ratio").asDouble()).isEqualTo(2);
    }

    @Test
    void measurement_survivesJson() {
        Measurement measurement = new Measurement(1.5, Double.NaN, Map.of("bytes", 12.0));

        assertThat(Measurement.of(Json.parse(measurement.toJson().toString()))).isEqualTo(measurement);
    }

    @Test
    void rows_ofARival_haveOursFromItsCounterpart() {
        Report report = report(
                found("text-local", List.of(30.0)),
                found("text-local-automerge", List.of(10.0)),
                found("set", List.of(1.0)));

        Result row = report.rows().get(1);

        assertThat(row.value()).isEqualTo(30);
        assertThat(row.ratio()).isEqualTo(3);
        assertThat(report.toMarkdown()).contains("(Automerge) | 3.00 |");
    }

    @Test
    void remarks_nameWhatFailedAndWhy() {
        Report report = report(new Result(Scenarios.named("set"), List.of(), List.of(), 1, "it was stuck"));

        assertThat(report.hasFailures()).isTrue();
        assertThat(report.toString()).contains("set failed: it was stuck");
        assertThat(report.toMarkdown()).contains("set failed: it was stuck");
    }

    @Test
    void report_survivesJson() {
        Report report = report(
                found("set", List.of(1.0, 2.5)), new Result(Scenarios.named("sync"), List.of(), List.of(), 2, "stuck"));

        Report read = Report.of(Json.parse(report.toJson().toString()));

        assertThat(read).isEqualTo(report);
        assertThat(read.toMarkdown()).isEqualTo(report.toMarkdown());
    }

    @Test
    void and_ofTwo_hasTheLaterOfEachInOrder() {
        Report first =
                new Report(machine("one", 0.5), List.of(found("sync", List.of(1.0)), found("set", List.of(1.0))));
        Report second =
                new Report(machine("two", 0.1), List.of(found("sync", List.of(2.0)), found("flood", List.of(3.0))));

        Report both = first.and(second);

        assertThat(both.results())
                .extracting(result -> result.scenario().name())
                .containsExactly("set", "sync", "flood");
        assertThat(both.results()).extracting(Result::value).containsExactly(1.0, 2.0, 3.0);
        assertThat(both.machine()).isEqualTo(machine("one, two", 0.5));
    }

    @Test
    void and_ofOtherMachines_isRefused() {
        Machine other = new Machine("another", 2, "a system", 0.1, "a jdk", "", "a commit", "none");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> report().and(new Report(other, List.of())))
                .withMessageContaining("another");
    }

    private static Result found(String name, List<Double> ours) {
        return new Result(Scenarios.named(name), measurements(ours), List.of(), 1, null);
    }

    private static Verdict verdictOfOnly(Result result) {
        return report(result).verdict(result);
    }

    private static Report report(Result... results) {
        return new Report(machine("a commit", 0.1), List.of(results));
    }

    private static Machine machine(String commit, double load) {
        String nowhere = Originals.find(Path.of("no", "such", "folder")).toString();
        return new Machine("a processor", 2, "a system", load, "a jdk", "", commit, nowhere);
    }

    private static Result result(
            String name, Unit unit, @Nullable Goal goal, List<Double> ours, List<Double> originals) {
        return new Result(new Named(name, unit, goal), measurements(ours), measurements(originals), 1, null);
    }

    private static List<Measurement> measurements(List<Double> values) {
        return values.stream()
                .flatMapToDouble(DoubleStream::of)
                .mapToObj(value -> new Measurement(value, value, Map.of()))
                .toList();
    }

    private record Named(String name, Unit unit, @Nullable Goal goal) implements Scenario {
        @Override
        public String title() {
            return "a thing called " + name;
        }

        @Override
        public @Nullable String original() {
            return null;
        }

        @Override
        public Work work(Work base) {
            return base;
        }

        @Override
        public Measurement measure(Work work) {
            return new Measurement(1, 1, Map.of());
        }
    }
}
