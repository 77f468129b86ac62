package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Stopwatch;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.types.ExpiryModel;
import java.io.IOException;
import java.util.Map;

/** Writes and deletions in a map that forgets, fewer keys than it keeps. One in ten is a deletion. */
public final class ExpirySets implements Scenario {
    private static final int DELETIONS = 10;

    @Override
    public String name() {
        return "expiry-set";
    }

    @Override
    public String title() {
        return "set and delete on 401 keys of an expiry-model";
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
        return "expiry-set.js";
    }

    /** The number of keys has no divisor in common with that of deletions, so each key is set and deleted in turn. */
    @Override
    public Work work(Work base) {
        return base.with("keys", 401).with("sets", 20_000);
    }

    @Override
    public Measurement measure(Work work) throws IOException {
        ExpiryModel model = new ExpiryModel("bench");
        String[] keys = Keys.of(work.count("keys"));
        int sets = work.count("sets");
        Stopwatch watch = new Stopwatch(work);
        while (watch.running()) {
            watch.start();
            for (int i = 0; i < sets; i++) {
                model.set(keys[i % keys.length], i % DELETIONS == 0 ? null : i);
            }
            watch.stop(sets);
        }
        return watch.rate(Map.of("keys with a value", (double) model.keys().size()));
    }
}
