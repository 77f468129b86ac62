package dev.scuttlebutt.bench.hub;

import dev.scuttlebutt.bench.Conversation;
import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * One document, one writer, some readers: updates delivered per second in a flood, and how long one takes at 1,000 per second.
 * The same generator loads our hub, one of the originals and, beside the latter, the server of y-websocket.
 */
public record FanOut(int readers) implements Scenario {
    private static final int MOST_DELIVERIES = 200_000;
    private static final int WARM = 100;
    private static final Unit DELIVERED = new Unit("updates/s", true);

    @Override
    public String name() {
        return "fan-out-" + readers;
    }

    @Override
    public String title() {
        return "updates of one document delivered by a hub, " + (readers == 1 ? "1 reader" : readers + " readers");
    }

    @Override
    public Unit unit() {
        return DELIVERED;
    }

    @Override
    public Goal goal() {
        return new Goal.TimesOriginal(10);
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
        return base.with("readers", readers)
                .with("updates", Math.min(20_000, MOST_DELIVERIES / readers))
                .with("steady", 1_000)
                .with("steadyMicros", 1_000)
                .with("rounds", 3);
    }

    @Override
    public Measurement measure(Work work) throws IOException {
        try (Server server = Server.ours(this, work)) {
            Found found = load(server, work);
            return new Measurement(
                    found.flood().perSecond(),
                    found.flood().perCpuSecond(),
                    Map.of(
                            "p50 ms",
                            found.latency().p50(),
                            "p99 ms",
                            found.latency().p99()));
        }
    }

    @Override
    public Measurement measureOriginal(Work work) throws IOException {
        try (Server original = Server.script("hub.js", Dialect.SCUTTLEBUTT);
                Server yjs = Server.script("y-websocket.js", Dialect.YJS)) {
            Found found = load(original, work);
            Found beside = load(yjs, work);
            return new Measurement(
                    found.flood().perSecond(),
                    found.flood().perCpuSecond(),
                    Map.of(
                            "p50 ms", found.latency().p50(),
                            "p99 ms", found.latency().p99(),
                            "y-websocket updates/s", beside.flood().perSecond(),
                            "y-websocket p50 ms", beside.latency().p50(),
                            "y-websocket p99 ms", beside.latency().p99()));
        }
    }

    private record Found(Load.Flood flood, Load.Latency latency) {}

    /** Rounds, each with a document of its own; the medians of those after the warm-up. */
    private static Found load(Server server, Work work) throws IOException {
        int count = work.count("readers");
        int steady = work.count("steady");
        int micros = work.count("steadyMicros");
        Load.Flood[] floods = new Load.Flood[work.count("rounds")];
        Load.Latency[] latencies = new Load.Latency[floods.length];
        long warm = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(work.warmUpMillis());
        for (int i = 0; System.nanoTime() < warm; i++) {
            try (Load load = new Load(server, "warm" + i, count, 1)) {
                load.flood(work.count("updates"), "");
                // A single update takes another path than a flood, which is to be compiled too.
                load.steady(Math.min(steady, WARM), micros);
            }
        }
        for (int i = 0; i < floods.length; i++) {
            try (Load load = new Load(server, "round" + i, count, steady * count)) {
                floods[i] = load.flood(work.count("updates"), "");
                latencies[i] = load.steady(steady, micros);
            }
        }
        return new Found(
                new Load.Flood(median(floods, Load.Flood::perSecond), median(floods, Load.Flood::perCpuSecond)),
                new Load.Latency(median(latencies, Load.Latency::p50), median(latencies, Load.Latency::p99)));
    }

    static <T> double median(T[] rounds, ToDoubleFunction<T> part) {
        double[] sorted = Arrays.stream(rounds).mapToDouble(part).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    @Override
    public void peer(Work work, Conversation measuring) throws IOException {
        Server.be(measuring);
    }
}
