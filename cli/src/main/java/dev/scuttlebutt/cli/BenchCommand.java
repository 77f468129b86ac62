package dev.scuttlebutt.cli;

import dev.scuttlebutt.bench.Bench;
import dev.scuttlebutt.bench.Originals;
import dev.scuttlebutt.bench.ProgressBar;
import dev.scuttlebutt.bench.ProgressLines;
import dev.scuttlebutt.bench.Report;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Scenarios;
import dev.scuttlebutt.bench.Section;
import dev.scuttlebutt.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
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
        description = "Each repetition runs in a process of its own, both sides in turn; the table "
                + "shows medians and their ratio, what failed, and what is not there to "
                + "compare with.",
        footer = {
            "",
            "Examples:",
            "  scuttlebutt bench set --long --json figures.json",
            "  scuttlebutt bench --from figures.json --markdown figures.md"
        })
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

    @Option(names = "--repetitions", paramLabel = "N", description = "How often everything is measured; by default 3.")
    private @Nullable Integer repetitions;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write every measurement to this file.")
    private @Nullable Path json;

    @Option(
            names = "--markdown",
            paramLabel = "FILE",
            description = "Also write the table between two marks of this file.")
    private @Nullable Path markdown;

    @Option(
            names = "--from",
            paramLabel = "FILE",
            description = "Measure nothing: report what is in this file of --json. May be given several times.")
    private List<Path> from = List.of();

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
        if (repetitions != null && repetitions < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--repetitions: expected a number from 1 on, found " + repetitions);
        }
        List<Scenario> chosen = chosen();
        // Not after many minutes of measuring.
        if (json != null) {
            Files.newByteChannel(json, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
        }
        Section section = markdown == null ? null : Section.in(markdown);
        Report report = from.isEmpty() ? measure(chosen, out) : measured(chosen);
        out.print(report);
        out.flush();
        keep(report);
        if (section != null) {
            section.write(report.toMarkdown());
        }
        return report.hasFailures() ? 1 : 0;
    }

    private Report measure(List<Scenario> chosen, PrintWriter out) throws IOException, InterruptedException {
        Originals beside = Originals.find(originals);
        if (io.terminal()) {
            try (ProgressBar bar = new ProgressBar(out)) {
                return bench(beside, bar).run(chosen, this::keep);
            }
        }
        return bench(beside, new ProgressLines(io.err())).run(chosen, this::keep);
    }

    /** What was measured before. */
    private Report measured(List<Scenario> chosen) throws IOException {
        Report all = null;
        for (Path file : from) {
            try {
                Report report = Report.of(Json.parse(Files.readString(file)));
                all = all == null ? report : all.and(report);
            } catch (IllegalArgumentException unreadable) {
                throw new IOException(file + ": " + unreadable.getMessage(), unreadable);
            }
        }
        return Objects.requireNonNull(all, "there are files").about(chosen);
    }

    private void keep(Report report) {
        if (json != null) {
            try {
                Files.writeString(json, report.toJson() + "\n");
            } catch (IOException unwritable) {
                throw new UncheckedIOException(unwritable);
            }
        }
    }

    private Bench bench(Originals beside, Bench.Progress progress) {
        Bench bench = thorough ? Bench.thorough(beside, progress) : Bench.brief(beside, progress);
        return repetitions == null ? bench : bench.repeated(repetitions);
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
