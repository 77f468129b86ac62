package dev.scuttlebutt.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.scuttlebutt.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each load runs and finds what it checks for; how fast it is does not matter here. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ScenariosTest {
    private static final Work SMALL = Work.lasting(0, 0);

    @Test
    void names_areUnique() {
        assertThat(Scenarios.all().stream().map(Scenario::name)).doesNotHaveDuplicates();
    }

    @Test
    void named_unknown_saysWhatThereIs() {
        assertThatThrownBy(() -> Scenarios.named("speed"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("speed")
                .hasMessageContaining("set-10-peers");
    }

    @ParameterizedTest
    @MethodSource("all")
    void scenario_withLittleWork_measuresSomething(String name) throws Exception {
        Scenario scenario = Scenarios.named(name);

        Measurement found = scenario.measure(little(scenario));

        assertThat(found.value()).isFinite();
    }

    @ParameterizedTest
    @MethodSource("withOriginal")
    void original_withLittleWork_measuresSomething(String name, @TempDir Path folder) throws Exception {
        Originals originals = Originals.find(null);
        assumeTrue(originals.missing() == null, originals::toString);
        Scenario scenario = Scenarios.named(name);
        String script = Objects.requireNonNull(scenario.original());
        Originals.unpack(List.of(script), folder);

        ProcessBuilder builder = new ProcessBuilder(originals.command(folder, script, little(scenario)))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        originals.prepare(builder);
        Process node = builder.start();
        String out = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(node.waitFor()).isZero();
        assertThat(Measurement.of(Json.parse(out)).value()).isFinite();
    }

    static Stream<String> all() {
        return Scenarios.all().stream().map(Scenario::name);
    }

    static Stream<String> withOriginal() {
        return Scenarios.all().stream()
                .filter(scenario -> scenario.original() != null)
                .map(Scenario::name);
    }

    private static Work little(Scenario scenario) {
        Work work = scenario.work(SMALL);
        for (String count : List.of("keys", "sets", "updates")) {
            if (work.toJson().has(count)) {
                // Enough to fill the system's buffers where a peer stalls.
                int most = count.equals("keys") ? 100 : scenario.name().equals("stall") ? 200_000 : 1_000;
                work = work.with(count, Math.min(work.count(count), most));
            }
        }
        return work;
    }
}
