package dev.scuttlebutt.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every scenario does what it says, in a form so small that nothing it finds means anything. */
class ScenariosTest {
    private static final int FEW = 60;

    /** Few enough that as many random writes as {@link #FEW} hit them all. */
    private static final int FEW_ROWS = 10;

    private static final int MILLIS = 10;
    private static final int PATIENCE_SECONDS = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(PATIENCE_SECONDS);

    /** Those that start the program are tested where it is. */
    static final List<Scenario> ALL = Scenarios.all().stream()
            .filter(scenario -> !scenario.name().startsWith("start-"))
            .toList();

    static final List<Scenario> COMPARED =
            ALL.stream().filter(scenario -> scenario.original() != null).toList();

    @TempDir
    Path scripts;

    @ParameterizedTest
    @FieldSource("ALL")
    @Timeout(PATIENCE_SECONDS)
    void measure_tinyWork_findsAFiniteValue(Scenario scenario) throws Exception {
        Measurement measurement = scenario.measure(tiny(scenario));

        assertThat(measurement.value()).isFinite();
        assertThat(measurement.details().values())
                .allSatisfy(detail -> assertThat(detail).isFinite());
        Measurement read = Measurement.of(measurement.toJson());
        assertThat(read.value()).isEqualTo(measurement.value());
        assertThat(read.details()).isEqualTo(measurement.details());
    }

    @ParameterizedTest
    @FieldSource("COMPARED")
    @Timeout(PATIENCE_SECONDS)
    void original_tinyWork_findsAFiniteValue(Scenario scenario) throws Exception {
        Originals originals = Originals.find(null);
        assumeThat(originals.missing()).as("node and the npm packages").isNull();
        if (scenario.loadsOriginal()) {
            assertThat(scenario.measureOriginal(tiny(scenario)).value()).isFinite();
            return;
        }
        String script = Objects.requireNonNull(scenario.original());
        Originals.unpack(List.of(scenario), scripts);
        ProcessBuilder builder = new ProcessBuilder(originals.command(scripts, script, tiny(scenario)));
        originals.prepare(builder);

        Measurement measurement = Measurement.of(Json.parse(output(builder)));

        assertThat(measurement.value()).isFinite();
    }

    @Test
    @Timeout(PATIENCE_SECONDS)
    void run_ofOneScenario_reportsBothSides() throws Exception {
        Scenario scenario = new Tiny(Scenarios.named("set"));
        Originals originals = Originals.find(null);

        List<Report> soFar = new ArrayList<>();
        Report report =
                Bench.once(Work.lasting(MILLIS, MILLIS), PATIENCE, originals).run(List.of(scenario), soFar::add);

        Result result = report.results().get(0);
        assertThat(result.ours()).hasSize(1);
        assertThat(result.originals()).hasSize(originals.missing() == null ? 1 : 0);
        assertThat(result.failure()).isNull();
        assertThat(soFar).containsExactly(report);
        assertThat(report.toString()).contains("set on 1,000 keys");
    }

    @Test
    @Timeout(PATIENCE_SECONDS)
    void run_ofOneThatDoesNotEnd_reportsItAndMeasuresTheNext() throws Exception {
        Scenario endless = new Tiny(Scenarios.named("set"), "sets", Integer.MAX_VALUE);
        Scenario next = new Tiny(Scenarios.named("bucket-set"));
        Bench bench = Bench.once(Work.lasting(MILLIS, MILLIS), Duration.ofSeconds(5), Originals.find(null));

        Report report = bench.run(List.of(endless, next), soFar -> {});

        assertThat(report.results().get(0).failure()).isEqualTo("did not end within 5 s");
        assertThat(report.results().get(1).failure()).isNull();
        assertThat(report.results().get(1).ours()).hasSize(1);
    }

    @Test
    @Timeout(PATIENCE_SECONDS)
    void run_ofOneThatFails_reportsWhatItSaid() throws Exception {
        Scenario failing = new Tiny(Scenarios.named("set"), "keys", -1);
        Bench bench = Bench.once(Work.lasting(MILLIS, MILLIS), PATIENCE, Originals.find(null));

        Report report = bench.run(List.of(failing), soFar -> {});

        assertThat(report.results().get(0).failure()).contains("ended with status 1", "Exception");
    }

    @Test
    void named_unknown_namesTheOthers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scenarios.named("nonsense"))
                .withMessageContainingAll("nonsense", "set-10-peers", "flood-forged");
    }

    @Test
    void names_areUniqueAndCanBeTyped() {
        assertThat(ALL).extracting(Scenario::name).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z0-9-]+"));
    }

    private static Work tiny(Scenario scenario) {
        JsonObject full = scenario.work(Work.lasting(MILLIS, MILLIS)).toJson();
        JsonObject.Builder few = JsonObject.builder();
        full.entries().forEach(count -> {
            int most = count.getKey().equals("rows") ? FEW_ROWS : FEW;
            few.put(count.getKey(), Json.of(Math.min(count.getValue().asDouble(), most)));
        });
        return Work.of(few.build());
    }

    private static String output(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(out).isZero();
            return out;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** A scenario with little to do, which another process finds by its name. */
    private record Tiny(Scenario full, String count, int value) implements Scenario {
        Tiny(Scenario full) {
            this(full, "keys", FEW);
        }

        @Override
        public String name() {
            return full.name();
        }

        @Override
        public String title() {
            return full.title();
        }

        @Override
        public Unit unit() {
            return full.unit();
        }

        @Override
        public @Nullable Goal goal() {
            return full.goal();
        }

        @Override
        public @Nullable String original() {
            return full.original();
        }

        @Override
        public Work work(Work base) {
            return tiny(full).with(count, value);
        }

        @Override
        public Measurement measure(Work work) throws Exception {
            return full.measure(work);
        }
    }
}
