package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.bench.Conversation;
import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.PeerProcess;
import dev.scuttlebutt.bench.Stopwatch;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.journal.FileJournal;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.RString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A process starts on a journal of the paper. First in a JVM that has loaded nothing before, as a start is. */
public final class TextLoad extends TextScenario {
    private static final double GOAL = 0.3;
    private static final int AGAIN = 10;

    /** Creates the scenario. */
    public TextLoad() {
        super("text-load", "the paper from a file", SECONDS, new Goal.AtMost(GOAL, SECONDS));
    }

    @Override
    public Measurement measure(Work work) throws IOException {
        Path file = Files.createTempFile("text-load", "");
        EditingTrace trace = EditingTrace.read(work.count("edits"));
        try (PeerProcess writer = PeerProcess.start(this, work)) {
            writer.ask(Json.object("write", file.toString()));
            long cpu = Stopwatch.ownCpuNanos();
            double first = load(file, trace);
            double byCpu = (Stopwatch.ownCpuNanos() - cpu) / 1e9;
            double again = first;
            for (int i = 0; i < AGAIN; i++) {
                again = Math.min(again, load(file, trace));
            }
            return new Measurement(
                    first, byCpu, Map.of("best of ten more", again, "MB in the file", Files.size(file) / 1e6));
        } finally {
            Files.delete(file);
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".lock"));
        }
    }

    private static double load(Path file, EditingTrace trace) throws IOException {
        RString text = new RString();
        long start = System.nanoTime();
        try (FileJournal journal = FileJournal.open(file, text)) {
            String loaded = text.text();
            double seconds = (System.nanoTime() - start) / 1e9;
            trace.check(loaded);
            if (journal.size() == 0) {
                throw new IllegalStateException("the journal is empty");
            }
            return seconds;
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
            RString text = new RString("bench");
            EditingTrace.read(work.count("edits")).type(text);
            FileJournal.save(Path.of(file.asString()), text);
            measuring.say(Json.TRUE);
        }
    }
}
