package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The program is started: until its first line, which it prints when it is ready. With the flags that its launcher gives it. */
public final class StartUp implements Scenario {
    private static final Unit MILLIS = new Unit("ms", false);
    private static final String MAIN = "dev.scuttlebutt.cli.Main";

    /** What is started. */
    public enum Kind {
        /** Something that is soon over. */
        VERSION("--version", List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")),
        /** A node, until it listens. */
        NODE("node --type model --listen 127.0.0.1:0", List.of()),
        /** A hub, until it is ready. */
        HUB("hub --memory --http 127.0.0.1:0", List.of());

        private final String arguments;
        private final List<String> flags;

        Kind(String arguments, List<String> flags) {
            this.arguments = arguments;
            this.flags = flags;
        }
    }

    private final Kind kind;

    /** Creates the scenario. */
    public StartUp(Kind kind) {
        this.kind = kind;
    }

    @Override
    public String name() {
        return "start-" + kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String title() {
        return "start of a process until the first line, `" + kind.arguments.replaceFirst(" --.*", "") + "`";
    }

    @Override
    public Unit unit() {
        return MILLIS;
    }

    @Override
    public @Nullable Goal goal() {
        return null;
    }

    @Override
    public @Nullable String original() {
        return null;
    }

    @Override
    public @Nullable String missing() {
        return StartUp.class.getClassLoader().getResource(MAIN.replace('.', '/') + ".class") == null
                ? "only the program can start itself"
                : null;
    }

    @Override
    public Work work(Work base) {
        return base.with("starts", 5);
    }

    @Override
    public Measurement measure(Work work) throws IOException, InterruptedException {
        // The first one reads the jar from the disk.
        start();
        double[] millis = new double[work.count("starts")];
        for (int i = 0; i < millis.length; i++) {
            millis[i] = start();
        }
        Arrays.sort(millis);
        return new Measurement(millis[millis.length / 2], Double.NaN, Map.of("longest", millis[millis.length - 1]));
    }

    private double start() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(kind.flags);
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), MAIN));
        command.addAll(List.of(kind.arguments.split(" ")));
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = out.readLine();
            double millis = (System.nanoTime() - start) / 1e6;
            if (line == null) {
                throw new IllegalStateException(String.join(" ", command) + " ended without a word");
            }
            return millis;
        } finally {
            process.destroy();
            process.waitFor();
        }
    }
}
