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
import dev.scuttlebutt.netty.Connection;
import dev.scuttlebutt.netty.TcpClient;
import dev.scuttlebutt.netty.TcpServer;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;

/**
 * A model that was away while one key in a hundred was written elsewhere comes back; counted from before it connects until it
 * is up to date.
 */
public final class Difference implements Scenario {
    private static final Unit MICROS = new Unit("µs", false);

    @Override
    public String name() {
        return "difference";
    }

    @Override
    public String title() {
        return "1 % of 100,000 keys to one that was away, over TCP";
    }

    @Override
    public Unit unit() {
        return MICROS;
    }

    @Override
    public String original() {
        return "difference.js";
    }

    @Override
    public Work work(Work base) {
        return base.with("keys", 100_000).with("changed", 1_000);
    }

    @Override
    public Measurement measure(Work work) throws IOException, InterruptedException {
        int changed = work.count("changed");
        long in = 0;
        long out = 0;
        Model model = new Model("client");
        Semaphore synced = new Semaphore(0);
        model.on(SessionEvent.Synced.class, event -> synced.release());
        try (PeerProcess server = PeerProcess.start(this, work)) {
            int port = (int) server.ask(Json.object("listen", true)).asDouble();
            try (TcpClient first = TcpClient.connect(model, "127.0.0.1", port)) {
                synced.acquire();
                check(first, work.count("keys"));
            }
            Stopwatch watch = new Stopwatch(work, () -> Stopwatch.ownCpuNanos() + SetWithTcpPeers.cpuNanos(server));
            while (watch.running()) {
                server.ask(Json.object("write", true));
                watch.start();
                try (TcpClient client = TcpClient.connect(model, "127.0.0.1", port)) {
                    synced.acquire();
                    watch.stop(1);
                    Connection connection = check(client, changed);
                    in = connection.bytesIn();
                    out = connection.bytesOut();
                }
            }
            return watch.micros(Map.of("bytes in", (double) in, "bytes out", (double) out));
        }
    }

    private static Connection check(TcpClient client, int updates) {
        Connection connection = Objects.requireNonNull(client.connection(), "synced, so connected");
        long received = connection.session().stats().received();
        if (received != updates) {
            throw new IllegalStateException("received " + received + " updates instead of " + updates);
        }
        return connection;
    }

    @Override
    public void peer(Work work, Conversation measuring) throws IOException {
        int keys = work.count("keys");
        int changed = work.count("changed");
        Model model = Keys.filled("server", keys);
        int round = 0;
        try (TcpServer server = TcpServer.listen(model, "127.0.0.1", 0)) {
            Json order;
            while ((order = measuring.hear()) != null) {
                if (order.asObject().has("write")) {
                    round++;
                    for (int i = 0; i < changed; i++) {
                        model.set("key" + (i * (keys / changed) + round) % keys, -round);
                    }
                }
                measuring.say(Json.of(
                        order.asObject().has("cpu")
                                ? (double) Stopwatch.ownCpuNanos()
                                : server.address().getPort()));
            }
        }
    }
}
