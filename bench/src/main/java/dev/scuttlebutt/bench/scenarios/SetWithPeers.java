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
import org.jspecify.annotations.Nullable;

/**
 * Writes to a model with peers in the same process. When {@code set} returns, each of them has been sent a line, has
 * parsed it and has applied the update.
 */
public final class SetWithPeers implements Scenario {
    private static final int MANY = 10;

    private final int peers;

    /** Creates the scenario for so many peers. */
    public SetWithPeers(int peers) {
        this.peers = peers;
    }

    @Override
    public String name() {
        return "set-" + peers + (peers == 1 ? "-peer" : "-peers");
    }

    @Override
    public String title() {
        return "the same, JSON peers in this process: " + peers;
    }

    @Override
    public Unit unit() {
        return LocalSet.SETS;
    }

    @Override
    public @Nullable Goal goal() {
        return peers == MANY ? new Goal.TimesOriginal(10) : null;
    }

    @Override
    public String original() {
        return "set-peers.js";
    }

    @Override
    public Work work(Work base) {
        return base.with("keys", 1_000).with("sets", 10_000).with("peers", peers);
    }

    @Override
    public Measurement measure(Work work) throws IOException {
        Model model = new Model("bench");
        List<Model> others = new ArrayList<>();
        for (int i = 0; i < work.count("peers"); i++) {
            Model peer = new Model("peer" + i);
            WirePair.connect(model, peer);
            others.add(peer);
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
            checkConverged(model, others);
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
