package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Stopwatch;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.types.Scuttlebucket;
import java.io.IOException;
import java.util.Map;

/** Writes to a model that is a part of a bucket in a bucket. */
public final class BucketSets implements Scenario {
    @Override
    public String name() {
        return "bucket-set";
    }

    @Override
    public String title() {
        return "set on 1,000 keys of a part of a part";
    }

    @Override
    public Unit unit() {
        return LocalSet.SETS;
    }

    @Override
    public Goal goal() {
        return new Goal.TimesOriginal(1);
    }

    @Override
    public String original() {
        return "bucket-set.js";
    }

    @Override
    public Work work(Work base) {
        return base.with("keys", 1_000).with("sets", 100_000);
    }

    @Override
    public Measurement measure(Work work) throws IOException {
        Model model = new Scuttlebucket("bench").add("sub", Scuttlebucket::new).add("model", Model::new);
        String[] keys = Keys.of(work.count("keys"));
        int sets = work.count("sets");
        Stopwatch watch = new Stopwatch(work);
        while (watch.running()) {
            watch.start();
            for (int i = 0; i < sets; i++) {
                model.set(keys[i % keys.length], i);
            }
            watch.stop(sets);
        }
        return watch.rate(Map.of("updates held", (double) model.history().size()));
    }
}
