package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Stopwatch;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.wire.WireSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A peer that has everything shakes hands with a model of so many keys and leaves. In bytes, without sockets: the work of
 * the model's side.
 */
public final class ConnectUpToDate implements Scenario {
    private static final Unit MICROS = new Unit("µs", false);
    private static final int SMALL = 1_000;

    private final int keys;

    /** Creates the scenario for a model of so many keys. */
    public ConnectUpToDate(int keys) {
        this.keys = keys;
    }

    @Override
    public String name() {
        return "connect-" + keys;
    }

    @Override
    public String title() {
        return String.format(Locale.ROOT, "connect a peer that has all of %,d updates", keys);
    }

    @Override
    public Unit unit() {
        return MICROS;
    }

    @Override
    public @Nullable Goal goal() {
        // Some tens of microseconds are within what caches and the collector make of the larger heap.
        return keys == SMALL ? null : new Goal.TimesScenario(2, "connect-" + SMALL);
    }

    @Override
    public String original() {
        return "connect.js";
    }

    @Override
    public Work work(Work base) {
        return base.with("keys", keys);
    }

    @Override
    public Measurement measure(Work work) throws IOException, ProtocolException {
        Model model = Keys.filled("server", work.count("keys"));
        String hello = Json.object("id", "client", "clock", model.clock().toJson()) + "\n\"SYNC\"\n";
        ByteBuffer in = ByteBuffer.wrap(hello.getBytes(StandardCharsets.US_ASCII));
        ByteBuffer out = ByteBuffer.allocate(1 << 12);
        Stopwatch watch = new Stopwatch(work);
        while (watch.running()) {
            int connects = 0;
            watch.start();
            long until = System.nanoTime() + 10_000_000;
            do {
                connect(model, in.rewind(), out.clear());
                connects++;
            } while (System.nanoTime() < until);
            watch.stop(connects);
        }
        return watch.micros(Map.of("bytes in", (double) in.limit(), "bytes out", (double) out.position()));
    }

    private static void connect(Model model, ByteBuffer in, ByteBuffer out) throws ProtocolException {
        Session session = model.open();
        WireSession wire = new WireSession(session);
        wire.transmit(out);
        wire.receive(in);
        wire.transmit(out);
        if (session.state() != Session.State.LIVE) {
            throw new IllegalStateException("not synced: " + session);
        }
        wire.close();
    }
}
