package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.bench.Conversation;
import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.PeerProcess;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Stopwatch;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.journal.FileJournal;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A process starts on a journal with so many live keys. Once, in a JVM that has loaded nothing before, as a start is. */
public final class JournalLoad implements Scenario {
    private static final Unit SECONDS = new Unit("s", false);
    private static final int MILLION = 1_000_000;

    /** The time in which the original writes such a file grows with the square of the keys. */
    private static final int MOST_OF_ORIGINAL = 100_000;

    private static final double MOST_SECONDS = 10;
    private static final double MOST_FOR_TWICE = 2.2;

    private final int keys;

    /** Creates the scenario for so many keys. */
    public JournalLoad(int keys) {
        this.keys = keys;
    }

    @Override
    public String name() {
        return "journal-load-" + keys;
    }

    @Override
    public String title() {
        return String.format(Locale.ROOT, "start from a journal with %,d live keys", keys);
    }

    @Override
    public Unit unit() {
        return SECONDS;
    }

    @Override
    public Goal goal() {
        return keys <= MILLION
                ? new Goal.AtMost(MOST_SECONDS, SECONDS)
                : new Goal.TimesScenario(MOST_FOR_TWICE, "journal-load-" + keys / 2);
    }

    @Override
    public @Nullable String original() {
        return keys <= MOST_OF_ORIGINAL ? "journal-load.js" : null;
    }

    @Override
    public Work work(Work base) {
        return base.with("keys", keys);
    }

    @Override
    public Measurement measure(Work work) throws IOException {
        Path file = Files.createTempFile("journal-load", "");
        try (PeerProcess writer = PeerProcess.start(this, work)) {
            writer.ask(Json.object("write", file.toString()));
            return load(file, work.count("keys"));
        } finally {
            Files.delete(file);
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".lock"));
        }
    }

    @Override
    public void peer(Work work, Conversation measuring) throws IOException {
        Json order;
        while ((order = measuring.hear()) != null) {
            Json file = order.asObject().get("write");
            if (file == null) {
                throw new IllegalArgumentException("nothing to write was named in " + order);
            }
            FileJournal.save(Path.of(file.asString()), Keys.filled("bench", work.count("keys")));
            measuring.say(Json.TRUE);
        }
    }

    private static Measurement load(Path file, int keys) throws IOException {
        Model model = new Model();
        long cpu = Stopwatch.ownCpuNanos();
        long start = System.nanoTime();
        try (FileJournal journal = FileJournal.open(file, model)) {
            double seconds = (System.nanoTime() - start) / 1e9;
            double cpuSeconds = (Stopwatch.ownCpuNanos() - cpu) / 1e9;
            if (model.keys().size() != keys || !model.id().equals("bench")) {
                throw new IllegalStateException(model.keys().size() + " keys were loaded under " + model.id());
            }
            return new Measurement(seconds, cpuSeconds, Map.of("MB", journal.size() / 1e6));
        }
    }
}
