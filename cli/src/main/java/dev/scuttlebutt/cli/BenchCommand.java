package dev.scuttlebutt.cli;

import dev.scuttlebutt.bench.Bench;
import dev.scuttlebutt.bench.Originals;
import dev.scuttlebutt.bench.ProgressBar;
import dev.scuttlebutt.bench.Report;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Scenarios;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code scuttlebutt bench}: measures this and, where node and the npm packages are there, the original beside it. */
@Command(
        name = "bench",
        header = "Measures this implementation beside the npm original.",
        description =
                "Each repetition runs in a process of its own, both sides in turn; the table shows medians and their "
                        + "ratio. Without node or the packages only this side is measured, and the table says so.",
        footer = {"", "Examples:", "  scuttlebutt bench", "  scuttlebutt bench set --long --json figures.json"})
final class BenchCommand implements Callable<Integer> {
    private final Io io;

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "What to measure; everything when none is named.")
    private List<String> names = List.of();

    @Option(names = "--list", description = "Name what can be measured, and end.")
    private boolean list;

    @Option(names = "--long", description = "More repetitions of more work.")
    private boolean thorough;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write every measurement to this file.")
    private @Nullable Path json;

    @Option(
            names = "--originals",
            paramLabel = "DIR",
            description = "Folder with the node_modules of the originals; by default that of the checkout.")
    private @Nullable Path originals;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    BenchCommand(Io io) {
        this.io = io;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = new PrintWriter(io.out(), true, StandardCharsets.UTF_8);
        if (list) {
            Scenarios.all().forEach(scenario -> out.println(scenario.name()));
            return 0;
        }
        List<Scenario> chosen = chosen();
        if (json != null) {
            // Not after many minutes of measuring.
            Files.newByteChannel(json, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
        }
        Originals beside = Originals.find(originals);
        Report report;
        if (io.terminal()) {
            try (ProgressBar bar = new ProgressBar(out)) {
                report = bench(beside, bar).run(chosen);
            }
        } else {
            report = bench(beside, (what, done, total) -> {}).run(chosen);
        }
        out.print(report);
        out.flush();
        if (json != null) {
            Files.writeString(json, report.toJson() + "\n");
        }
        return 0;
    }

    private Bench bench(Originals beside, Bench.Progress progress) {
        return thorough ? Bench.thorough(beside, progress) : Bench.brief(beside, progress);
    }

    /** A name is that of one scenario, or otherwise the beginning of several. */
    private static boolean isMeant(String name, Scenario scenario) {
        boolean exact = Scenarios.all().stream().anyMatch(other -> other.name().equals(name));
        return exact ? scenario.name().equals(name) : scenario.name().startsWith(name);
    }

    private List<Scenario> chosen() {
        if (names.isEmpty()) {
            return Scenarios.all();
        }
        List<Scenario> chosen = Scenarios.all().stream()
                .filter(scenario -> names.stream().anyMatch(name -> isMeant(name, scenario)))
                .toList();
        if (chosen.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "nothing to measure is called " + String.join(" or ", names) + "; 'bench --list' names all");
        }
        return chosen;
    }
}
