package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Libraries;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Stopwatch;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Pekko Distributed Data does what {@link TwoNodes} do, with its own defaults. */
public final class PekkoTwoNodes implements Scenario {
    private static final String JARS = "the jars of org.apache.pekko:pekko-distributed-data_2.13:1.1.3";

    /** Its documentation advises several maps rather than a large one: each has a life of its own. */
    private static final int MANY = 100;

    /** What it does. */
    public enum Kind {
        /** Writes with {@code WriteLocal}, keys spread over maps. */
        SET("10,000 sets on 1,000 keys, WriteLocal, 100 maps", MANY),
        /** The same, all keys in one map. */
        SET_ONE_MAP("the same, one map", 1),
        /** As {@link #SET}, until the second node has them: by deltas, which go out when it is time. */
        DELIVER("as first, until the second node has them", MANY),
        /** With {@code WriteAll}: each is sent at once and acknowledged. */
        DELIVER_EACH("the same, WriteAll", MANY);

        private final String title;
        private final int maps;

        Kind(String title, int maps) {
            this.title = title;
            this.maps = maps;
        }

        private boolean delivers() {
            return this == DELIVER || this == DELIVER_EACH;
        }
    }

    private final Kind kind;

    /** Creates the scenario. */
    public PekkoTwoNodes(Kind kind) {
        this.kind = kind;
    }

    @Override
    public String name() {
        return "nodes-" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-pekko";
    }

    @Override
    public String title() {
        return kind.title;
    }

    @Override
    public Unit unit() {
        return LocalSet.SETS;
    }

    @Override
    public @Nullable Goal goal() {
        return null;
    }

    @Override
    public @Nullable String original() {
        return null;
    }

    @Override
    public String beside() {
        return "Pekko";
    }

    @Override
    public String rivalTo() {
        return kind.delivers() ? "nodes-deliver" : "nodes-set";
    }

    @Override
    public @Nullable String missing() {
        return Libraries.missing("org.apache.pekko.cluster.ddata.LWWMap", JARS);
    }

    @Override
    public int repetitions(int usual) {
        return Math.max(1, usual / TwoNodes.PROCESSES_OF_OTHERS);
    }

    @Override
    public Work work(Work base) {
        return base.with("keys", 1_000).with("sets", 10_000).with("maps", kind.maps);
    }

    @Override
    public Measurement measure(Work work) throws Exception {
        String[] keys = Keys.of(work.count("keys"));
        int sets = work.count("sets");
        try (PekkoNode first = PekkoNode.start(work.count("maps"));
                PekkoNode second = PekkoNode.join(first)) {
            int[] latest = new int[keys.length];
            int value = 0;
            Stopwatch watch = new Stopwatch(work);
            while (watch.running()) {
                watch.start();
                first.expect(sets);
                for (int i = 0; i < sets; i++) {
                    latest[i % keys.length] = ++value;
                    first.set(i % keys.length, keys[i % keys.length], value, kind == Kind.DELIVER_EACH);
                }
                first.await();
                if (!kind.delivers()) {
                    watch.stop(sets);
                }
                while (!second.has(keys, latest, Math.min(sets, keys.length))) {
                    LockSupport.parkNanos(TwoNodes.POLL_NANOS);
                }
                if (kind.delivers()) {
                    watch.stop(sets);
                }
            }
            return watch.rate(Map.of());
        }
    }
}
