package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.types.RString;
import dev.scuttlebutt.wire.WireSession;
import java.io.IOException;
import java.util.Map;

/** What the paper takes in memory with all that a peer could still ask for. */
public final class TextHeap extends TextScenario {
    private static final double GOAL = 64;

    /** Creates the scenario. */
    public TextHeap() {
        super("text-heap", "memory for the paper with its history", MEGABYTES, new Goal.AtMost(GOAL, MEGABYTES));
    }

    @Override
    public int repetitions(int usual) {
        return 1;
    }

    @Override
    public Measurement measure(Work work) throws IOException, ProtocolException {
        EditingTrace trace = EditingTrace.read(work.count("edits"));
        byte[] lines = TextRemote.lines(trace);
        double before = Heap.megabytes();
        RString writer = new RString("writer");
        trace.type(writer);
        double written = Heap.megabytes();
        RString reader = new RString("reader");
        try (WireSession session = new WireSession(reader.open())) {
            TextRemote.receive(session, lines);
        }
        double received = Heap.megabytes();
        // Afterwards, so that both are still held.
        trace.check(writer.text());
        trace.check(reader.text());
        return new Measurement(
                written - before, Double.NaN, Map.of("MB at a reader", received - written, "updates held", (double)
                        writer.history().size()));
    }
}
