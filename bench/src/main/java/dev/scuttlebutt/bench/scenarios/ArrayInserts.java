package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Stopwatch;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.types.RArray;
import java.io.IOException;
import java.util.Map;
import java.util.SplittableRandom;

/** Fills an array one item at a time, at its end or anywhere. The original's cost grows with the square. */
public final class ArrayInserts implements Scenario {
    private static final Unit INSERTS = new Unit("inserts/s", true);
    private static final int ITEMS = 10_000;
    private static final double GOAL = 100;

    private final boolean anywhere;

    /** At the end, or anywhere. */
    public ArrayInserts(boolean anywhere) {
        this.anywhere = anywhere;
    }

    @Override
    public String name() {
        return anywhere ? "array-insert" : "array-push";
    }

    @Override
    public String title() {
        return "%,d items into an array, ".formatted(ITEMS) + (anywhere ? "anywhere" : "at the end");
    }

    @Override
    public Unit unit() {
        return INSERTS;
    }

    @Override
    public Goal goal() {
        return new Goal.TimesOriginal(GOAL);
    }

    @Override
    public String original() {
        return name() + ".js";
    }

    @Override
    public Work work(Work base) {
        return base.with("items", ITEMS);
    }

    @Override
    public Measurement measure(Work work) throws IOException {
        int items = work.count("items");
        Stopwatch watch = new Stopwatch(work);
        double bytes = 0;
        while (watch.running()) {
            RArray array = new RArray("bench");
            SplittableRandom random = new SplittableRandom(1);
            watch.start();
            for (int i = 0; i < items; i++) {
                if (anywhere) {
                    array.splice(random.nextInt(i + 1), 0, "item " + i);
                } else {
                    array.push("item " + i);
                }
            }
            watch.stop(items);
            if (array.size() != items) {
                throw new IllegalStateException("there are " + array.size() + " items instead of " + items);
            }
            bytes = array.history().stream()
                    .mapToDouble(update -> update.length())
                    .sum();
        }
        return watch.rate(Map.of("bytes an insert", bytes / items));
    }
}
