package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Stopwatch;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes to a model with ten peers in the same process. When {@code set} returns, each of the ten has been sent a line,
 * has parsed it and has applied the update.
 */
public final class SetWithPeers implements Scenario {

    @Override
    public String name() {
        return "set-10-peers";
    }

    @Override
    public String title() {
        return "the same, ten JSON peers in this process";
    }

    @Override
    public Unit unit() {
        return LocalSet.SETS;
    }

    @Override
    public Goal goal() {
        return new Goal.TimesOriginal(10);
    }

    @Override
    public String original() {
        return "set-10-peers.js";
    }

    @Override
    public Work work(Work base) {
        return base.with("keys", 1_000).with("sets", 10_000).with("peers", 10);
    }

    @Override
    public Measurement measure(Work work) throws IOException {
        Model model = new Model("bench");
        List<Model> peers = new ArrayList<>();
        for (int i = 0; i < work.count("peers"); i++) {
            Model peer = new Model("peer" + i);
            WirePair.connect(model, peer);
            peers.add(peer);
        }
        String[] keys = Keys.of(work.count("keys"));
        int sets = work.count("sets");
        Stopwatch watch = new Stopwatch(work);
        while (watch.running()) {
            watch.start();
            for (int i = 0; i < sets; i++) {
                model.set(keys[i % keys.length], i);
            }
            watch.stop(sets);
            checkConverged(model, peers);
        }
        return watch.rate(Map.of());
    }

    private static void checkConverged(Model model, List<Model> peers) {
        for (Model peer : peers) {
            if (!peer.clock().equals(model.clock())) {
                throw new IllegalStateException(peer + " has not got what was set");
            }
        }
    }
}
