package dev.scuttlebutt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.bench.scenarios.StartUp;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BenchTest {
    private static final String MACHINE = """
            {"cpu":"a processor","cores":2,"system":"a system","load":0.1,"jdk":"a jdk","flags":"","commit":"%s","originals":"none"}
            """;

    @TempDir
    Path folder;

    @Test
    void from_severalFiles_reportsWhatIsChosenAndWritesItIntoADocument() throws Exception {
        Path first = report("first.json", "one", "{\"value\":3e6},{\"value\":2e6},{\"value\":1e6}", "");
        Path second = report("second.json", "two", "{\"value\":4e6}", "it hung");
        Path document = folder.resolve("performance.md");
        Files.writeString(document, "before\n<!-- figures -->\nold\n<!-- end of figures -->\nafter\n");

        Cli.Result good = Cli.run("bench", "set", "--from", "" + first, "--markdown", "" + document);

        assertThat(good.status()).isZero();
        assertThat(good.out()).contains("2.00 M sets/s ±50 %", "commit one");
        assertThat(document)
                .content()
                .startsWith("before\n<!-- figures -->\n\na processor")
                .contains("| `set` | set on 1,000 keys, no peers | 2.00 M sets/s ±50 % |")
                .doesNotContain("old")
                .endsWith("\n<!-- end of figures -->\nafter\n");

        Path both = folder.resolve("both.json");
        Cli.Result failed = Cli.run("bench", "set", "--from", "" + first, "--from", "" + second, "--json", "" + both);

        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.out()).contains("4.00 M sets/s", "commit one, two", "set failed: it hung");
        assertThat(Cli.run("bench", "--from", "" + both).out()).isEqualTo(failed.out());
    }

    private Path report(String name, String commit, String measurements, String failure) throws Exception {
        String result = """
                {"name":"set","seconds":1,"failure":%s,"measurements":[%s],"originalMeasurements":[]}
                """.formatted(failure.isEmpty() ? "null" : '"' + failure + '"', measurements);
        return Files.writeString(
                folder.resolve(name), "{\"machine\":" + MACHINE.formatted(commit) + ",\"results\":[" + result + "]}\n");
    }

    @ParameterizedTest
    @EnumSource(StartUp.Kind.class)
    @Timeout(60)
    void startUp_ofEachKind_isMeasured(StartUp.Kind kind) throws Exception {
        StartUp scenario = new StartUp(kind);
        assertThat(scenario.missing()).isNull();

        Measurement found = scenario.measure(Work.lasting(1, 1).with("starts", 1));

        assertThat(found.value()).isPositive().isFinite();
    }
}
