package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Stopwatch;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.types.RString;
import dev.scuttlebutt.wire.WireSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The lines that a peer sends while it types the paper, one for each edit, are read and applied. */
public final class TextRemote extends TextScenario {
    private static final double GOAL = 5e5;
    private static final int CHUNK = 1 << 16;
    private static final double MB = 1e6;

    /** Creates the scenario. */
    public TextRemote() {
        super("text-remote", "an update for each of the 259,778 edits arrives", EDITS, new Goal.AtLeast(GOAL, EDITS));
    }

    @Override
    public Measurement measure(Work work) throws IOException, ProtocolException {
        EditingTrace trace = EditingTrace.read(work.count("edits"));
        byte[] lines = lines(trace);
        Stopwatch watch = new Stopwatch(work);
        while (watch.running()) {
            RString text = new RString("reader");
            WireSession session = new WireSession(text.open());
            watch.start();
            receive(session, lines);
            watch.stop(trace.size());
            trace.check(text.text());
        }
        return watch.rate(
                Map.of("MB on the wire", lines.length / MB, "bytes an edit", (double) lines.length / trace.size()));
    }

    static void receive(WireSession session, byte[] lines) throws ProtocolException {
        for (int at = 0; at < lines.length; at += CHUNK) {
            session.receive(ByteBuffer.wrap(lines, at, Math.min(CHUNK, lines.length - at)));
        }
    }

    /** What a peer hears that is there from the beginning. */
    static byte[] lines(EditingTrace trace) throws ProtocolException {
        RString text = new RString("writer");
        WireSession session = new WireSession(text.open());
        session.receive(
                ByteBuffer.wrap("{\"id\":\"reader\",\"clock\":{}}\n\"SYNC\"\n".getBytes(StandardCharsets.US_ASCII)));
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
        drain(session, buffer, lines);
        for (EditingTrace.Edit edit : trace.edits()) {
            text.replace(edit.at(), edit.deleted(), edit.inserted());
            drain(session, buffer, lines);
        }
        return lines.toByteArray();
    }

    private static void drain(WireSession session, ByteBuffer buffer, ByteArrayOutputStream lines) {
        boolean more = true;
        while (more) {
            buffer.clear();
            more = session.transmit(buffer);
            lines.write(buffer.array(), 0, buffer.position());
        }
    }
}
