package dev.scuttlebutt.bench.hub;

import dev.scuttlebutt.bench.Conversation;
import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * One document, one writer, some readers: updates delivered per second in a flood; how long one takes at 1,000 per second, and
 * at a rate of about one and a half times what the original can deliver.
 * The same generator loads our hub and, beside it, a {@link Relay} that says what the machine can do; one of the originals
 * and, beside the latter, the server of y-websocket.
 */
public record FanOut(int readers) implements Scenario {
    private static final int MOST_DELIVERIES = 200_000;
    private static final int WARM = 300;
    private static final int WARMER = 2;

    /** For each reader, of the time from one update to the next: 200,000 deliveries per second. */
    private static final int BUSY_MICROS = 5;

    /** The generator cannot write more often. */
    private static final int LEAST_BUSY_MICROS = 10;

    /** What y-websocket keeps of a document makes each further update slower. */
    private static final int MOST_BUSY = 20_000;

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
    public int repetitions(int usual) {
        // Of what stands beside, a process takes a third of a minute.
        return (usual + 1) / 2;
    }

    @Override
    public Work work(Work base) {
        int busyMicros = Math.max(LEAST_BUSY_MICROS, BUSY_MICROS * readers);
        // A hub is being compiled for many seconds, and the compiler wants a processor.
        return base.with("warmUpMillis", base.warmUpMillis() * WARMER)
                .with("readers", readers)
                .with("updates", Math.min(20_000, MOST_DELIVERIES / readers))
                .with("steady", 1_000)
                .with("steadyMicros", 1_000)
                .with("busy", Math.min(MOST_BUSY, (int) TimeUnit.SECONDS.toMicros(1) / busyMicros))
                .with("busyMicros", busyMicros)
                .with("rounds", 3);
    }

    @Override
    public Measurement measure(Work work) throws IOException {
        try (Server server = Server.ours(this, work);
                Server relay = Server.relay(this, work)) {
            Found found = load(server, work);
            return found.measurement(Map.of("relay ", load(relay, work)));
        }
    }

    @Override
    public Measurement measureOriginal(Work work) throws IOException {
        try (Server original = Server.script("hub.js", Dialect.SCUTTLEBUTT);
                Server yjs = Server.script("y-websocket.js", Dialect.YJS)) {
            Found found = load(original, work);
            return found.measurement(Map.of("y-websocket ", load(yjs, work)));
        }
    }

    private record Found(Load.Flood flood, Load.Steady steady, Load.Steady busy) {
        Measurement measurement(Map<String, Found> beside) {
            Map<String, Double> details = new HashMap<>(steadyFigures(""));
            beside.forEach((name, other) -> {
                details.put(name + "updates/s", other.flood.perSecond());
                details.putAll(other.steadyFigures(name));
            });
            return new Measurement(flood.perSecond(), flood.perCpuSecond(), details);
        }

        private Map<String, Double> steadyFigures(String name) {
            Map<String, Double> figures = new HashMap<>();
            figures.put(name + "p50 ms", steady.p50());
            figures.put(name + "p99 ms", steady.p99());
            figures.put(name + "processor µs", steady.cpuMicros());
            figures.put(name + "busy p50 ms", busy.p50());
            figures.put(name + "busy p99 ms", busy.p99());
            return figures;
        }
    }

    /** Rounds, each with a document of its own; the medians of those after the warm-up. */
    private static Found load(Server server, Work work) throws IOException {
        int count = work.count("readers");
        int steady = work.count("steady");
        int busy = work.count("busy");
        Load.Flood[] floods = new Load.Flood[work.count("rounds")];
        Load.Steady[] steadies = new Load.Steady[floods.length];
        Load.Steady[] busies = new Load.Steady[floods.length];
        warmUp(server, work, "");
        for (int i = 0; i < floods.length; i++) {
            try (Load load = new Load(server, "round" + i, count, Math.max(steady, busy) * count)) {
                floods[i] = load.flood(work.count("updates"), "");
                steadies[i] = load.steady(steady, work.count("steadyMicros"));
                busies[i] = load.steady(busy, work.count("busyMicros"));
            }
        }
        return new Found(
                new Load.Flood(median(floods, Load.Flood::perSecond), median(floods, Load.Flood::perCpuSecond)),
                median(steadies),
                median(busies));
    }

    private static Load.Steady median(Load.Steady[] rounds) {
        return new Load.Steady(
                median(rounds, Load.Steady::p50),
                median(rounds, Load.Steady::p99),
                median(rounds, Load.Steady::cpuMicros));
    }

    /** Floods and writes steadily, as what is measured does, each time to a document of its own. */
    static void warmUp(Server server, Work work, String padding) throws IOException {
        long warm = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(work.warmUpMillis());
        for (int i = 0; System.nanoTime() < warm; i++) {
            try (Load load = new Load(server, "warm" + i, work.count("readers"), 1)) {
                load.flood(work.count("updates"), padding);
                // A single update takes another path than a flood, which is to be compiled too.
                load.steady(Math.min(work.count("steady"), WARM), work.count("steadyMicros"));
            }
        }
    }

    static <T> double median(T[] rounds, ToDoubleFunction<T> part) {
        double[] sorted = Arrays.stream(rounds).mapToDouble(part).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    @Override
    public void peer(Work work, Conversation measuring) throws IOException {
        Server.be(work, measuring);
    }
}
