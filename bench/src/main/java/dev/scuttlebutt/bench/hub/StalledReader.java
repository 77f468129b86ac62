package dev.scuttlebutt.bench.hub;

import dev.scuttlebutt.bench.Conversation;
import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A hundred readers of one document, and one more that shakes hands and reads nothing: how long the others wait for an
 * update, once the system's buffers for the one are full. With and without it in turn, in the same process.
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
                // A megabyte: a socket that nobody reads from, with a small buffer at its other end, takes a few
                // hundred kB.
                .with("updates", 1_000)
                .with("padding", 1_000)
                // So many that a pause of the collector is not what a hundredth of them waits for.
                .with("steady", 2_000)
                .with("steadyMicros", 2_000)
                .with("pairs", 5);
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
        String padding = "x".repeat(work.count("padding"));
        Load.Steady[] without = new Load.Steady[work.count("pairs")];
        Load.Steady[] with = new Load.Steady[without.length];
        Double[] shares = new Double[without.length];
        FanOut.warmUp(server, work, padding);
        for (int i = 0; i < shares.length; i++) {
            // Whichever comes second has more behind it, so they take turns in that too.
            if (i % 2 == 0) {
                without[i] = load(server, work, padding, "round" + i, false);
            }
            with[i] = load(server, work, padding, "stalled" + i, true);
            if (i % 2 != 0) {
                without[i] = load(server, work, padding, "round" + i, false);
            }
            shares[i] = with[i].p99() / without[i].p99();
        }
        Arrays.sort(shares);
        return new Measurement(
                FanOut.median(with, Load.Steady::p99),
                Double.NaN,
                Map.of(
                        "p50 ms",
                        FanOut.median(with, Load.Steady::p50),
                        "without a stalled one: p50 ms",
                        FanOut.median(without, Load.Steady::p50),
                        "without a stalled one: p99 ms",
                        FanOut.median(without, Load.Steady::p99),
                        "p99 with, of that without: lowest",
                        shares[0],
                        "p99 with, of that without: median",
                        shares[shares.length / 2],
                        "p99 with, of that without: highest",
                        shares[shares.length - 1]));
    }

    private static Load.Steady load(Server server, Work work, String padding, String document, boolean stalling)
            throws IOException {
        int count = work.count("readers");
        int steady = work.count("steady");
        try (Load load = new Load(server, document, count, steady * count);
                SocketChannel stalled =
                        stalling ? Socket.open(server.port(), server.dialect().path(document), SMALL) : null) {
            if (stalled != null) {
                Socket.send(stalled, server.dialect().greeting("stalled"));
            }
            // The same flood with and without, so that both have the same behind them.
            load.flood(work.count("updates"), padding);
            return load.steady(steady, work.count("steadyMicros"));
        }
    }

    @Override
    public void peer(Work work, Conversation measuring) throws IOException {
        Server.be(work, measuring);
    }
}
