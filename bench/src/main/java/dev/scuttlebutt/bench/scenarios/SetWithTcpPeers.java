package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.SessionEvent;
import dev.scuttlebutt.bench.Conversation;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.PeerProcess;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Stopwatch;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.netty.TcpClient;
import dev.scuttlebutt.netty.TcpServer;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes to a model with ten peers over TCP, all ten in one other process. Counted until every peer has the last write;
 * what is superseded before a peer could take it is skipped, so peers get fewer updates than were written.
 */
public final class SetWithTcpPeers implements Scenario {
    private static final String SOURCE = "bench";
    private static final long POLL_NANOS = 100_000;

    @Override
    public String name() {
        return "set-10-tcp";
    }

    @Override
    public String title() {
        return "the same, ten peers over TCP in one other process";
    }

    @Override
    public Unit unit() {
        return LocalSet.SETS;
    }

    @Override
    public String original() {
        return "set-10-tcp.js";
    }

    @Override
    public Work work(Work base) {
        return base.with("keys", 1_000).with("sets", 20_000).with("peers", 10);
    }

    @Override
    public Measurement measure(Work work) throws IOException, InterruptedException {
        Model model = new Model(SOURCE);
        String[] keys = Keys.of(work.count("keys"));
        int sets = work.count("sets");
        long all = 0;
        try (TcpServer server = TcpServer.listen(model, "127.0.0.1", 0);
                PeerProcess peers = PeerProcess.start(this, work)) {
            peers.ask(Json.object("port", server.address().getPort()));
            Stopwatch watch = new Stopwatch(work, () -> Stopwatch.ownCpuNanos() + cpuNanos(peers));
            while (watch.running()) {
                watch.start();
                for (int i = 0; i < sets; i++) {
                    model.set(keys[i % keys.length], i);
                }
                peers.ask(Json.object("until", model.clock().latest(SOURCE)));
                watch.stop(sets);
                all += sets;
            }
            double delivered = peers.ask(Json.object("received", true)).asDouble();
            return watch.rate(Map.of("delivered of written", delivered / work.count("peers") / all));
        }
    }

    static long cpuNanos(PeerProcess peer) throws IOException {
        return (long) peer.ask(Json.object("cpu", true)).asDouble();
    }

    @Override
    public void peer(Work work, Conversation measuring) throws IOException, InterruptedException {
        int port = port(measuring);
        int count = work.count("peers");
        List<Model> peers = new ArrayList<>();
        CountDownLatch synced = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            Model peer = new Model("peer" + i);
            peer.on(SessionEvent.Synced.class, event -> synced.countDown());
            TcpClient.connect(peer, "127.0.0.1", port);
            peers.add(peer);
        }
        synced.await();
        measuring.say(Json.TRUE);
        Json order;
        while ((order = measuring.hear()) != null) {
            Json until = order.asObject().get("until");
            if (until != null) {
                await(peers, until.asDouble());
                measuring.say(Json.TRUE);
            } else if (order.asObject().has("cpu")) {
                measuring.say(Json.of((double) Stopwatch.ownCpuNanos()));
            } else {
                measuring.say(Json.of((double) received(peers)));
            }
        }
    }

    static int port(Conversation measuring) throws IOException {
        Json order = measuring.hear();
        Json port = order == null ? null : order.asObject().get("port");
        if (port == null) {
            throw new IOException("the measuring process named no port");
        }
        return (int) port.asDouble();
    }

    private static void await(List<Model> peers, double timestamp) {
        for (Model peer : peers) {
            while (peer.clock().latest(SOURCE) < timestamp) {
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }

    private static long received(List<Model> peers) {
        return peers.stream()
                .flatMap(peer -> peer.sessions().stream())
                .mapToLong(session -> session.stats().received())
                .sum();
    }
}
