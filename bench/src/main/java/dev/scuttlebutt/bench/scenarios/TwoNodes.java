package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.SessionEvent;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Stopwatch;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.netty.TcpClient;
import dev.scuttlebutt.netty.TcpServer;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Writes to a model with a second one in the same process, behind a socket; {@link PekkoTwoNodes} does the same. */
public final class TwoNodes implements Scenario {
    static final long POLL_NANOS = 100_000;

    /**
     * Of so many processes as others get these get one: Pekko waits between rounds until it is time to send, and needs all of
     * the warm-up, so that one takes a quarter of a minute.
     */
    static final int PROCESSES_OF_OTHERS = 3;

    private final boolean delivered;

    /** Counts until the writes are done, or until the other one has them. */
    public TwoNodes(boolean delivered) {
        this.delivered = delivered;
    }

    @Override
    public String name() {
        return delivered ? "nodes-deliver" : "nodes-set";
    }

    @Override
    public String title() {
        return delivered ? "the same, until the second has them" : "10,000 sets on 1,000 keys, a second node over TCP";
    }

    @Override
    public Unit unit() {
        return LocalSet.SETS;
    }

    @Override
    public @Nullable String original() {
        return null;
    }

    @Override
    public int repetitions(int usual) {
        return Math.max(1, usual / PROCESSES_OF_OTHERS);
    }

    @Override
    public Work work(Work base) {
        return base.with("keys", 1_000).with("sets", 10_000);
    }

    @Override
    public Measurement measure(Work work) throws IOException, InterruptedException {
        String[] keys = Keys.of(work.count("keys"));
        int sets = work.count("sets");
        Model first = new Model("first");
        Model second = new Model("second");
        CountDownLatch synced = new CountDownLatch(1);
        second.on(SessionEvent.Synced.class, event -> synced.countDown());
        try (TcpServer server = TcpServer.listen(first, "127.0.0.1", 0);
                TcpClient client =
                        TcpClient.connect(second, "127.0.0.1", server.address().getPort())) {
            synced.await();
            Stopwatch watch = new Stopwatch(work);
            while (watch.running()) {
                watch.start();
                for (int i = 0; i < sets; i++) {
                    first.set(keys[i % keys.length], i);
                }
                if (!delivered) {
                    watch.stop(sets);
                }
                while (!second.clock().equals(first.clock())) {
                    LockSupport.parkNanos(POLL_NANOS);
                }
                if (delivered) {
                    watch.stop(sets);
                }
            }
            if (!second.toJson().equals(first.toJson())) {
                throw new IllegalStateException(client + " has something else");
            }
            return watch.rate(Map.of());
        }
    }
}
