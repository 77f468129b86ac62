package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Stopwatch;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.types.RString;
import java.io.IOException;
import java.util.Map;

/** Somebody types a paper, nobody is connected. */
public final class TextLocal extends TextScenario {
    private static final double GOAL = 1e6;

    /** Creates the scenario. */
    public TextLocal() {
        super("text-local", "259,778 edits of a paper", EDITS, new Goal.AtLeast(GOAL, EDITS));
    }

    @Override
    public Measurement measure(Work work) throws IOException {
        EditingTrace trace = EditingTrace.read(work.count("edits"));
        Stopwatch watch = new Stopwatch(work);
        double held = 0;
        while (watch.running()) {
            RString text = new RString("bench");
            watch.start();
            trace.type(text);
            watch.stop(trace.size());
            trace.check(text.text());
            held = text.history().size();
        }
        return watch.rate(Map.of("updates held", held));
    }
}
