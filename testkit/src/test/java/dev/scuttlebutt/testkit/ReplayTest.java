package dev.scuttlebutt.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.ReplicaOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private int replay(String... args) {
        return Replay.run(args, new PrintStream(bytes, true, StandardCharsets.UTF_8));
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void soundType_printsTraceAndConverges() {
        assertThat(replay("value", "3")).isZero();
        assertThat(printed())
                .startsWith("seed 3: ")
                .containsPattern("\n\\+\\d{6} ms  n0 starts as ")
                .containsPattern("\nconverged: .*writes=[1-9]");
    }

    @Test
    void workloadOfOnesOwn_isMadeByItsName(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("trace.txt");
        assertThat(replay(TallyWorkload.class.getName(), "3", file.toString())).isZero();
        assertThat(Files.readAllLines(file)).anyMatch(line -> line.matches("\\+\\d{6} ms  n\\d+'* add -?\\d+"));
        assertThat(printed()).contains("lines of trace are in ").doesNotContain(" starts as ");
    }

    /** Public, so that it can be made by its name. */
    public static class Broken implements Workload<BrokenTypes.Putting> {
        private final Workload<BrokenTypes.Putting> workload =
                BrokenTypes.workload(options -> new BrokenTypes.WithoutTieBreak(options));

        @Override
        public BrokenTypes.Putting create(ReplicaOptions options) {
            return workload.create(options);
        }

        @Override
        public String step(Gen random, BrokenTypes.Putting replica) {
            return workload.step(random, replica);
        }
    }

    @Test
    void seedThatFailedInASimulation_failsAgain() {
        long seed = 1;
        while (!fails(seed)) {
            seed++;
        }
        assertThat(replay(Broken.class.getName(), String.valueOf(seed))).isEqualTo(1);
        assertThat(printed()).contains("\nfailed: ");
    }

    @Test
    void failure_namesTheReplayOfAWorkloadThatCanBeMadeByItsName() {
        long seed = 1;
        while (!fails(seed)) {
            seed++;
        }
        long failing = seed;
        assertThatThrownBy(() -> Simulation.of(new Broken()).shrinking(false).run(failing))
                .hasMessageContaining(Replay.class.getName() + " " + Broken.class.getName() + " " + failing + "\n");
        assertThatThrownBy(() -> Simulation.of(BrokenTypes.withHistory(BrokenTypes::echoing))
                        .shrinking(false)
                        .runAll(1, 20_000))
                .hasMessageContaining("Simulation.of(…).run(");
    }

    private static boolean fails(long seed) {
        try {
            Simulation.of(new Broken()).shrinking(false).run(seed);
            return false;
        } catch (AssertionError found) {
            return true;
        }
    }

    @Test
    void argumentsWithoutSense_areExplained() {
        assertThat(replay("value")).isEqualTo(2);
        assertThat(replay("value", "three")).isEqualTo(2);
        assertThat(replay("java.lang.Object", "3")).isEqualTo(2);
        assertThat(replay("no.such.Workload", "3")).isEqualTo(2);
        assertThat(printed())
                .contains("usage: ")
                .contains("SEED must be a whole number, was three")
                .contains("java.lang.Object is neither")
                .contains("no.such.Workload is neither");
    }
}
