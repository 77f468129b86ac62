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
import dev.scuttlebutt.types.crdt.Doc;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** An empty document connects to a process that has what {@link DocWrites} leaves. */
public final class DocSync implements Scenario {

    @Override
    public String name() {
        return "doc-sync";
    }

    @Override
    public String title() {
        return "first sync of 100,000 rows over TCP";
    }

    @Override
    public Unit unit() {
        return DocRows.UPDATES;
    }

    @Override
    public @Nullable String original() {
        return null;
    }

    @Override
    public Work work(Work base) {
        return new DocWrites(1_000_000).work(base);
    }

    @Override
    public Measurement measure(Work work) throws IOException, InterruptedException {
        try (PeerProcess server = PeerProcess.start(this, work)) {
            int port = (int) server.ask(Json.object("listen", true)).asDouble();
            Stopwatch watch = new Stopwatch(work, () -> Stopwatch.ownCpuNanos() + SetWithTcpPeers.cpuNanos(server));
            double updates = 0;
            while (watch.running()) {
                Doc doc = new Doc("client");
                CountDownLatch synced = new CountDownLatch(1);
                doc.on(SessionEvent.Synced.class, event -> synced.countDown());
                watch.start();
                try (TcpClient client = TcpClient.connect(doc, "127.0.0.1", port)) {
                    synced.await();
                    updates = doc.history().size();
                    watch.stop((long) updates);
                }
                if (doc.size() < work.count("rows") * 9 / 10) {
                    throw new IllegalStateException("received no more than " + doc.size() + " rows");
                }
            }
            return watch.rate(Map.of("updates", updates));
        }
    }

    @Override
    public void peer(Work work, Conversation measuring) throws IOException {
        Doc doc = DocWrites.filled("server", work);
        try (TcpServer server = TcpServer.listen(doc, "127.0.0.1", 0)) {
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
