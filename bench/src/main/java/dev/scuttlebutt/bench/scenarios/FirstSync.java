package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.SessionEvent;
import dev.scuttlebutt.bench.Conversation;
import dev.scuttlebutt.bench.Goal;
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
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** An empty model connects to a process that has a full one; counted from before it connects until it is up to date. */
public final class FirstSync implements Scenario {
    static final Unit UPDATES = new Unit("updates/s", true);

    @Override
    public String name() {
        return "sync";
    }

    @Override
    public String title() {
        return "first sync of 100,000 keys over TCP";
    }

    @Override
    public Unit unit() {
        return UPDATES;
    }

    @Override
    public Goal goal() {
        return new Goal.TimesOriginal(5);
    }

    @Override
    public String original() {
        return "sync.js";
    }

    @Override
    public Work work(Work base) {
        return base.with("keys", 100_000);
    }

    @Override
    public Measurement measure(Work work) throws IOException, InterruptedException {
        int keys = work.count("keys");
        double first = 0;
        long bytes = 0;
        try (PeerProcess server = PeerProcess.start(this, work)) {
            int port = (int) server.ask(Json.object("listen", true)).asDouble();
            Stopwatch watch = new Stopwatch(work, () -> Stopwatch.ownCpuNanos() + SetWithTcpPeers.cpuNanos(server));
            while (watch.running()) {
                Model model = new Model("client");
                CountDownLatch synced = new CountDownLatch(1);
                model.on(SessionEvent.Synced.class, event -> synced.countDown());
                watch.start();
                long start = System.nanoTime();
                try (TcpClient client = TcpClient.connect(model, "127.0.0.1", port)) {
                    synced.await();
                    watch.stop(keys);
                    if (first == 0) {
                        first = keys * 1e9 / (System.nanoTime() - start);
                    }
                    bytes = bytesOfComplete(client.connection(), keys);
                }
            }
            return watch.rate(Map.of("first in a new process", first, "bytes", (double) bytes));
        }
    }

    private static long bytesOfComplete(@Nullable Connection connection, int keys) {
        long received = connection == null ? 0 : connection.session().stats().received();
        if (connection == null || received != keys) {
            throw new IllegalStateException("received " + received + " updates instead of " + keys);
        }
        return connection.bytesIn();
    }

    @Override
    public void peer(Work work, Conversation measuring) throws IOException {
        Model model = Keys.filled("server", work.count("keys"));
        try (TcpServer server = TcpServer.listen(model, "127.0.0.1", 0)) {
            Json order;
            while ((order = measuring.hear()) != null) {
                measuring.say(Json.of(
                        order.asObject().has("cpu")
                                ? (double) Stopwatch.ownCpuNanos()
                                : server.address().getPort()));
            }
        }
    }
}
