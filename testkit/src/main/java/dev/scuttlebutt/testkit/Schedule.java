package dev.scuttlebutt.testkit;

import dev.scuttlebutt.testkit.Operation.Break;
import dev.scuttlebutt.testkit.Operation.Check;
import dev.scuttlebutt.testkit.Operation.Connect;
import dev.scuttlebutt.testkit.Operation.Crash;
import dev.scuttlebutt.testkit.Operation.Cut;
import dev.scuttlebutt.testkit.Operation.Ends;
import dev.scuttlebutt.testkit.Operation.LinkOptions;
import dev.scuttlebutt.testkit.Operation.Partition;
import dev.scuttlebutt.testkit.Operation.Return;
import dev.scuttlebutt.testkit.Operation.Skew;
import dev.scuttlebutt.testkit.Operation.Slow;
import dev.scuttlebutt.testkit.Operation.Write;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that happens in a simulation, drawn from the seed before it starts.
 *
 * @param replicas how many there are
 * @param answering one in how many updates from elsewhere makes a replica write something itself; 0 for none
 * @param tickMillis how coarse the replicas' clocks are; within a tick different replicas choose the same timestamps
 * @param skews by how much each replica's clock is wrong at the start, in milliseconds
 * @param healing how the replicas are linked at the end
 */
record Schedule(
        long seed,
        int replicas,
        int answering,
        int tickMillis,
        List<Integer> skews,
        Shape healing,
        String weather,
        List<Operation> operations) {

    /** How replicas are linked. */
    enum Shape {
        CHAIN,
        RING,
        STAR,
        MESH;

        /** Returns the links as pairs of replicas. */
        List<int[]> pairs(int replicas) {
            List<int[]> pairs = new ArrayList<>();
            for (int i = 1; i < replicas; i++) {
                switch (this) {
                    case STAR -> pairs.add(new int[] {0, i});
                    case MESH -> {
                        for (int j = 0; j < i; j++) {
                            pairs.add(new int[] {j, i});
                        }
                    }
                    default -> pairs.add(new int[] {i - 1, i});
                }
            }
            if (this == RING && replicas > 2) {
                pairs.add(new int[] {replicas - 1, 0});
            }
            return pairs;
        }
    }

    /** How often what goes wrong, as shares of all operations that are no write. */
    private enum Weather {
        FINE(95, 60, 20, 0, 0, 0, 0),
        FLAKY(85, 60, 25, 5, 2, 0, 3),
        SLOW(85, 45, 10, 35, 2, 0, 0),
        PARTITIONED(88, 65, 5, 5, 15, 0, 5),
        CRASHING(70, 60, 3, 4, 1, 28, 2),
        MISTIMED(85, 55, 8, 5, 2, 8, 17),
        STORM(75, 65, 8, 8, 3, 6, 6);

        final int writePercent;
        final int connect;
        final int cut;
        final int slow;
        final int partition;
        final int crash;
        final int skew;

        Weather(int writePercent, int connect, int cut, int slow, int partition, int crash, int skew) {
            this.writePercent = writePercent;
            this.connect = connect;
            this.cut = cut;
            this.slow = slow;
            this.partition = partition;
            this.crash = crash;
            this.skew = skew;
        }
    }

    private static final int HOUR = 3_600_000;

    /** Greatest distance of two operations, in milliseconds: from much faster than the links to much slower. */
    private static final List<Integer> PACES = List.of(0, 5, 20, 100, 100, 500);

    private static final List<Integer> TICKS = List.of(1, 1, 20, 100, 1000);

    /** Returns the same schedule with other operations. */
    Schedule with(List<Operation> others) {
        return new Schedule(seed, replicas, answering, tickMillis, skews, healing, weather, others);
    }

    /** Draws a schedule. Where the number of operations or of replicas is 0, the seed chooses. */
    static Schedule draw(long seed, int fixedOperations, int fixedReplicas) {
        Gen gen = Gen.seeded(seed);
        int count = fixedOperations > 0 ? fixedOperations : length(gen);
        int replicas = fixedReplicas > 0 ? fixedReplicas : gen.lowBetween(2, 9);
        Weather weather = gen.pick(List.of(Weather.values()));
        int answering = gen.oneIn(3) ? 20 * replicas : 0;
        int tick = gen.pick(TICKS);
        Shape healing = gen.pick(List.of(Shape.values()));
        List<Integer> skews = new ArrayList<>();
        for (int i = 0; i < replicas; i++) {
            skews.add(weather == Weather.FINE || gen.percent(60) ? 0 : skew(gen));
        }
        List<Operation> operations = new ArrayList<>(count);
        for (int[] pair : gen.pick(List.of(Shape.values())).pairs(replicas)) {
            if (operations.size() < count) {
                operations.add(new Connect(0, pair[0], pair[1], link(gen)));
            }
        }
        int pace = gen.pick(PACES);
        while (operations.size() < count) {
            operations.add(operation(gen, weather, gen.percent(25) ? 0 : gen.lowBetween(0, pace)));
        }
        return new Schedule(
                seed, replicas, answering, tick, List.copyOf(skews), healing, weather.name(), List.copyOf(operations));
    }

    /** Mostly short: a fault shows only as long as no later change covers it. */
    private static int length(Gen gen) {
        int kind = gen.below(100);
        if (kind < 80) {
            return gen.between(10, 150);
        }
        return kind < 95 ? gen.between(150, 1_500) : gen.between(1_500, 6_000);
    }

    private static Operation operation(Gen gen, Weather weather, int after) {
        if (gen.percent(weather.writePercent)) {
            return new Write(after, gen.below(1 << 16), gen.bits());
        }
        int share = gen.below(100);
        if ((share -= weather.connect) < 0) {
            return new Connect(after, gen.below(1 << 16), gen.below(1 << 16), link(gen));
        }
        if ((share -= weather.cut) < 0) {
            return new Cut(after, gen.below(1 << 16), gen.pick(List.of(Break.values())), gen.bits());
        }
        if ((share -= weather.slow) < 0) {
            return new Slow(
                    after, gen.below(1 << 16), gen.percent(50), gen.lowBetween(0, 5_000), gen.lowBetween(1, 400));
        }
        if ((share -= weather.partition) < 0) {
            return new Partition(after, gen.below(1 << 16), gen.lowBetween(10, 5_000), gen.percent(50));
        }
        if ((share -= weather.crash) < 0) {
            return new Crash(
                    after,
                    gen.below(1 << 16),
                    gen.pick(List.of(Return.values())),
                    gen.percent(60) ? 0 : gen.lowBetween(1, 2_000),
                    gen.percent(60) ? 0 : skew(gen),
                    gen.bits());
        }
        if ((share -= weather.skew) < 0) {
            return new Skew(after, gen.below(1 << 16), skew(gen));
        }
        return new Check(after, gen.below(1 << 16), gen.below(1 << 16));
    }

    private static int skew(Gen gen) {
        int by = gen.lowBetween(1, gen.percent(70) ? 100 : HOUR);
        return gen.percent(50) ? by : -by;
    }

    private static LinkOptions link(Gen gen) {
        boolean bytes = gen.percent(80);
        Ends ends = gen.percent(65) ? Ends.TWO_WAY : gen.pick(List.of(Ends.values()));
        int capacity = bytes ? gen.lowBetween(1, 8192) : gen.lowBetween(1, 64);
        return new LinkOptions(
                bytes,
                ends,
                capacity,
                gen.lowBetween(0, 200),
                gen.lowBetween(0, 50),
                gen.lowBetween(1, 2048),
                gen.bits());
    }

    @Override
    public String toString() {
        return replicas + " replicas, " + operations.size() + " operations, weather " + weather + ", clocks tick every "
                + tickMillis + " ms, healed as a " + healing
                + (answering == 0 ? "" : ", listeners answer one update in " + answering);
    }
}
