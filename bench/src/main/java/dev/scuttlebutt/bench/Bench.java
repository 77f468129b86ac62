package dev.scuttlebutt.bench;

import dev.scuttlebutt.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Runs scenarios: each repetition of each side in a process of its own, the two sides in turn. */
public final class Bench {
    /*
     * Fresh processes, because what a JVM has compiled and collected before decides what comes next; in turn, because on
     * a machine with other work to do the two sides would otherwise be measured in different weather. Every other
     * repetition starts with the other side.
     */

    /** What one process may take: several times what the slowest of them takes. */
    private static final Duration MOST = Duration.ofSeconds(100);

    private final int repetitions;
    private final Work base;
    private final Duration most;
    private final Originals originals;
    private final Progress progress;

    /** Is told how far it is. */
    @FunctionalInterface
    public interface Progress {
        /** A process is about to be started; {@code done} of {@code total} have ended. */
        void next(String what, int done, int total);
    }

    private Bench(int repetitions, Work base, Duration most, Originals originals, Progress progress) {
        this.repetitions = repetitions;
        this.base = base;
        this.most = most;
        this.originals = originals;
        this.progress = progress;
    }

    /** Returns one repetition of this work, silent. */
    static Bench once(Work base, Duration most, Originals originals) {
        return new Bench(1, base, most, originals, (what, done, total) -> {});
    }

    /** Returns the short form: three repetitions of about five seconds of processor time. */
    public static Bench brief(Originals originals, Progress progress) {
        return new Bench(3, Work.lasting(4_000, 1_000), MOST, originals, progress);
    }

    /** Returns the long form: seven repetitions of about eight seconds of processor time. */
    public static Bench thorough(Originals originals, Progress progress) {
        return new Bench(7, Work.lasting(5_000, 3_000), MOST.multipliedBy(3), originals, progress);
    }

    /** Returns so many repetitions of the same work. */
    public Bench repeated(int repetitions) {
        return new Bench(repetitions, base, most, originals, progress);
    }

    /**
     * Measures these scenarios. One that fails, or does not end within its time, is reported with the reason, and the others
     * are measured.
     *
     * @param soFar is given a report whenever a scenario is done
     * @throws IOException if nothing can be measured, for example for want of room for temporary files
     */
    public Report run(List<Scenario> scenarios, Consumer<Report> soFar) throws IOException, InterruptedException {
        boolean compared = originals.missing() == null;
        int total = scenarios.stream()
                .filter(scenario -> scenario.missing() == null)
                .mapToInt(scenario ->
                        scenario.repetitions(repetitions) * (compared && scenario.original() != null ? 2 : 1))
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
                results.add(run(scenario, scripts, done, total));
                done += scenario.missing() != null
                        ? 0
                        : scenario.repetitions(repetitions) * (compared && scenario.original() != null ? 2 : 1);
                soFar.accept(new Report(machine, results));
            }
            return new Report(machine, results);
        } finally {
            delete(scripts);
        }
    }

    private Result run(Scenario scenario, Path scripts, int done, int total) throws IOException, InterruptedException {
        List<Measurement> ours = new ArrayList<>();
        List<Measurement> theirs = new ArrayList<>();
        long start = System.nanoTime();
        String failure = null;
        try {
            if (scenario.missing() == null) {
                measure(scenario, scripts, done, total, ours, theirs);
            }
        } catch (ScenarioException failed) {
            failure = failed.getMessage();
        }
        return new Result(scenario, ours, theirs, (System.nanoTime() - start) / 1e9, failure);
    }

    private void measure(
            Scenario scenario, Path scripts, int done, int total, List<Measurement> ours, List<Measurement> theirs)
            throws IOException, InterruptedException, ScenarioException {
        Work work = scenario.work(base);
        String script = originals.missing() == null ? scenario.original() : null;
        for (int i = 0; i < scenario.repetitions(repetitions); i++) {
            for (int side = 0; side < 2; side++) {
                int soFar = done + ours.size() + theirs.size();
                if (side == i % 2) {
                    progress.next(scenario.name(), soFar, total);
                    ours.add(measure("", new ProcessBuilder(Worker.command(Worker.MEASURE, scenario, work))));
                } else if (script != null) {
                    progress.next(scenario.name() + ", original", soFar, total);
                    ProcessBuilder process = new ProcessBuilder(
                            scenario.loadsOriginal()
                                    ? Worker.command(Worker.ORIGINAL, scenario, work)
                                    : originals.command(scripts, script, work));
                    originals.prepare(process);
                    theirs.add(measure("original: ", process));
                }
            }
        }
    }

    private Measurement measure(String side, ProcessBuilder builder)
            throws IOException, InterruptedException, ScenarioException {
        // Files, as a pipe of a process that hangs would have to be read by somebody who can be called off.
        Path output = Files.createTempFile("scuttlebutt-bench", ".out");
        Path errors = Files.createTempFile("scuttlebutt-bench", ".err");
        Process process = builder.redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ScenarioException(side + "did not end within " + most.toSeconds() + " s" + complaint(errors));
            }
            int status = process.exitValue();
            if (status != 0) {
                throw new ScenarioException(
                        side + builder.command().get(0) + " ended with status " + status + complaint(errors));
            }
            return Measurement.of(Json.parse(Files.readString(output)));
        } catch (IllegalArgumentException unexpected) {
            throw new ScenarioException(side + "no measurement was printed" + complaint(errors));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            Files.delete(output);
            Files.delete(errors);
        }
    }

    /** Why a scenario is not measured to its end. */
    private static final class ScenarioException extends Exception {
        private static final long serialVersionUID = 1;

        ScenarioException(String message) {
            super(message);
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
