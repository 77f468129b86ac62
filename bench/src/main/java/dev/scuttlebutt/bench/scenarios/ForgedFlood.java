package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Subscription;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.bench.Conversation;
import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.PeerProcess;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Stopwatch;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.netty.TcpServer;
import dev.scuttlebutt.security.KeyRing;
import dev.scuttlebutt.security.RsaSecurity;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * An honest peer sends signed updates, alone and while another pours forged ones over the same replica. Forged ones bear
 * the name of a source whose key is known, so that each costs a verification.
 */
public final class ForgedFlood implements Scenario {
    private static final Unit TIMES = new Unit("× as long", false);

    @Override
    public String name() {
        return "flood-forged";
    }

    @Override
    public String title() {
        return "signed updates of one peer while another sends 100,000 forged ones";
    }

    @Override
    public Unit unit() {
        return TIMES;
    }

    @Override
    public Goal goal() {
        return new Goal.AtMost(2, TIMES);
    }

    @Override
    public @Nullable String original() {
        return null;
    }

    @Override
    public Work work(Work base) {
        return base.with("updates", 1_000).with("forged", 100_000);
    }

    @Override
    public Measurement measure(Work work) throws Exception {
        int updates = work.count("updates");
        try (PeerProcess peers = PeerProcess.start(this, work)) {
            KeyRing ring = KeyRing.create();
            String key = peers.ask(Json.object("key", true)).asString();
            ring.add(key);
            ring.add(ForgedFloodPeer.VICTIM, key);
            Stopwatch alone = new Stopwatch(work);
            Stopwatch flooded = new Stopwatch(work);
            while (alone.running() | flooded.running()) {
                round(peers, ring, alone, updates, 0);
                round(peers, ring, flooded, updates, Math.min(500, work.count("forged") / 2));
            }
            double rate = alone.rate(Map.of()).value();
            double rateInFlood = flooded.rate(Map.of()).value();
            return new Measurement(
                    rate / rateInFlood,
                    Double.NaN,
                    Map.of(
                            "updates/s alone", rate,
                            "updates/s in the flood", rateInFlood,
                            "heap MB gained by the flood", gainedBy(peers, ring, work.count("forged"))));
        }
    }

    /** Times the honest peer, once so many forged updates have been found out. */
    private static void round(PeerProcess peers, KeyRing ring, Stopwatch watch, int updates, int forged)
            throws IOException, InterruptedException {
        Model model = replica(ring);
        try (TcpServer server = TcpServer.listen(model, "127.0.0.1", 0)) {
            int port = server.address().getPort();
            if (forged > 0) {
                flood(peers, model, port, forged);
            }
            CountDownLatch done = new CountDownLatch(updates);
            model.on(ReplicaEvent.Applied.class, event -> done.countDown());
            watch.start();
            peers.ask(Json.object("honest", port));
            done.await();
            watch.stop(updates);
            peers.ask(Json.object("close", true));
        }
        checkNothingForged(model, updates);
    }

    private static void flood(PeerProcess peers, Model model, int port, int forged)
            throws IOException, InterruptedException {
        CountDownLatch foundOut = new CountDownLatch(forged);
        try (Subscription counting = model.on(ReplicaEvent.Unverified.class, event -> foundOut.countDown())) {
            peers.ask(Json.object("forged", port));
            foundOut.await();
        }
    }

    private static double gainedBy(PeerProcess peers, KeyRing ring, int forged)
            throws IOException, InterruptedException {
        Model model = replica(ring);
        try (TcpServer server = TcpServer.listen(model, "127.0.0.1", 0)) {
            double before = Heap.megabytes();
            flood(peers, model, server.address().getPort(), forged);
            double gained = Heap.megabytes() - before;
            peers.ask(Json.object("close", true));
            checkNothingForged(model, 0);
            return gained;
        }
    }

    private static Model replica(KeyRing ring) {
        return new Model(ReplicaOptions.defaults().id("server").security(RsaSecurity.verifying(ring)));
    }

    private static void checkNothingForged(Model model, int updates) {
        if (model.history().size() != updates
                || model.history().stream().map(Update::source).anyMatch(ForgedFloodPeer.VICTIM::equals)) {
            throw new IllegalStateException(model.history().size() + " updates are held instead of " + updates);
        }
    }

    @Override
    public void peer(Work work, Conversation measuring) throws Exception {
        new ForgedFloodPeer(work).run(measuring);
    }
}
