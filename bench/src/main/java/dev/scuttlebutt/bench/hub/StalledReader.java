package dev.scuttlebutt.bench.hub;

import dev.scuttlebutt.bench.Conversation;
import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A hundred readers of one document, and one more that shakes hands and reads nothing: how long the others wait for an
 * update, once the system's buffers for the one are full.
 */
public final class StalledReader implements Scenario {
    private static final Unit MILLIS = new Unit("ms", false);
    private static final int SMALL = 1 << 12;

    @Override
    public String name() {
        return "fan-out-stalled";
    }

    @Override
    public String title() {
        return "p99 until an update has reached 100 readers, beside one that stalls";
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
    public String original() {
        return "hub.js";
    }

    @Override
    public boolean loadsOriginal() {
        return true;
    }

    @Override
    public Work work(Work base) {
        return base.with("readers", 100)
                .with("filling", 8_000)
                .with("padding", 1_000)
                .with("steady", 1_000)
                .with("steadyMicros", 2_000);
    }

    @Override
    public Measurement measure(Work work) throws IOException {
        try (Server server = Server.ours(this, work)) {
            return load(server, work);
        }
    }

    @Override
    public Measurement measureOriginal(Work work) throws IOException {
        try (Server server = Server.script("hub.js", Dialect.SCUTTLEBUTT)) {
            return load(server, work);
        }
    }

    private static Measurement load(Server server, Work work) throws IOException {
        int count = work.count("readers");
        int steady = work.count("steady");
        int micros = work.count("steadyMicros");
        String padding = "x".repeat(work.count("padding"));
        Load.Latency[] without = new Load.Latency[3];
        Load.Latency[] with = new Load.Latency[3];
        double held = 0;
        for (int i = 0; i < with.length; i++) {
            // The same flood first, so that both have the same behind them.
            try (Load load = new Load(server, "free" + i, count, steady * count)) {
                load.flood(work.count("filling"), padding);
                without[i] = load.steady(steady, micros);
            }
            try (Load load = new Load(server, "stalled" + i, count, steady * count);
                    SocketChannel stalled =
                            Socket.open(server.port(), server.dialect().path("stalled" + i), SMALL)) {
                Socket.send(stalled, server.dialect().greeting("stalled"));
                load.flood(work.count("filling"), padding);
                with[i] = load.steady(steady, micros);
                held = server.memory();
            }
        }
        return new Measurement(
                FanOut.median(with, Load.Latency::p99),
                Double.NaN,
                Map.of(
                        "p50 ms", FanOut.median(with, Load.Latency::p50),
                        "without a stalled one: p50 ms", FanOut.median(without, Load.Latency::p50),
                        "without a stalled one: p99 ms", FanOut.median(without, Load.Latency::p99),
                        "MB held with the stalled one", held / (1 << 20)));
    }

    @Override
    public void peer(Work work, Conversation measuring) throws IOException {
        Server.be(measuring);
    }
}
