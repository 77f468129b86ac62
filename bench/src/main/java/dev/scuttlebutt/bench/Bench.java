package dev.scuttlebutt.bench;

import dev.scuttlebutt.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Runs scenarios: each repetition of each side in a process of its own, the two sides in turn. */
public final class Bench {
    /*
     * Fresh processes, because what a JVM has compiled and collected before decides what comes next; in turn, because on
     * a machine with other work to do the two sides would otherwise be measured in different weather. Every other
     * repetition starts with the other side.
     */

    private final int repetitions;
    private final Work base;
    private final Originals originals;
    private final Progress progress;

    /** Is told how far it is. */
    @FunctionalInterface
    public interface Progress {
        /** A process is about to be started; {@code done} of {@code total} have ended. */
        void next(String what, int done, int total);
    }

    private Bench(int repetitions, Work base, Originals originals, Progress progress) {
        this.repetitions = repetitions;
        this.base = base;
        this.originals = originals;
        this.progress = progress;
    }

    /** Returns one repetition of this work, silent. */
    static Bench once(Work base, Originals originals) {
        return new Bench(1, base, originals, (what, done, total) -> {});
    }

    /** Returns the short form: three repetitions of about five seconds of processor time. */
    public static Bench brief(Originals originals, Progress progress) {
        return new Bench(3, Work.lasting(4_000, 1_000), originals, progress);
    }

    /** Returns the long form: seven repetitions of about eight seconds of processor time. */
    public static Bench thorough(Originals originals, Progress progress) {
        return new Bench(7, Work.lasting(5_000, 3_000), originals, progress);
    }

    /**
     * Measures these scenarios.
     *
     * @throws IOException if a process fails; the message has the last line it said
     */
    public Report run(List<Scenario> scenarios) throws IOException, InterruptedException {
        boolean compared = originals.missing() == null;
        int total = scenarios.stream()
                .filter(scenario -> scenario.missing() == null)
                .mapToInt(scenario -> repetitions * (compared && scenario.original() != null ? 2 : 1))
                .sum();
        Machine machine = Machine.here(originals);
        Path scripts = Files.createTempDirectory("scuttlebutt-bench");
        try {
            if (compared) {
                Originals.unpack(scenarios, scripts);
            }
            List<Result> results = new ArrayList<>();
            int done = 0;
            for (Scenario scenario : scenarios) {
                Result result = run(scenario, scripts, done, total);
                done += result.ours().size() + result.originals().size();
                results.add(result);
            }
            return new Report(machine, results);
        } finally {
            delete(scripts);
        }
    }

    private Result run(Scenario scenario, Path scripts, int done, int total) throws IOException, InterruptedException {
        if (scenario.missing() != null) {
            return new Result(scenario, List.of(), List.of());
        }
        Work work = scenario.work(base);
        String script = originals.missing() == null ? scenario.original() : null;
        List<Measurement> ours = new ArrayList<>();
        List<Measurement> theirs = new ArrayList<>();
        for (int i = 0; i < repetitions; i++) {
            for (int side = 0; side < 2; side++) {
                int soFar = done + ours.size() + theirs.size();
                if (side == i % 2) {
                    progress.next(scenario.name(), soFar, total);
                    ours.add(measure(scenario, new ProcessBuilder(Worker.command(Worker.MEASURE, scenario, work))));
                } else if (script != null) {
                    progress.next(scenario.name() + ", original", soFar, total);
                    ProcessBuilder process = new ProcessBuilder(
                            scenario.loadsOriginal()
                                    ? Worker.command(Worker.ORIGINAL, scenario, work)
                                    : originals.command(scripts, script, work));
                    originals.prepare(process);
                    theirs.add(measure(scenario, process));
                }
            }
        }
        return new Result(scenario, ours, theirs);
    }

    private static Measurement measure(Scenario scenario, ProcessBuilder builder)
            throws IOException, InterruptedException {
        Path errors = Files.createTempFile("scuttlebutt-bench", ".err");
        Process process = builder.redirectError(errors.toFile()).start();
        try {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(scenario.name() + ": " + builder.command().get(0) + " ended with status " + status
                        + complaint(errors));
            }
            return Measurement.of(Json.parse(out));
        } catch (IllegalArgumentException unexpected) {
            throw new IOException(scenario.name() + ": no measurement was printed" + complaint(errors), unexpected);
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            Files.delete(errors);
        }
    }

    private static String complaint(Path errors) throws IOException {
        return Files.readAllLines(errors).stream()
                .filter(line -> line.contains("Error") || line.contains("Exception"))
                .findFirst()
                .map(line -> ": " + line.strip())
                .orElse("");
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
