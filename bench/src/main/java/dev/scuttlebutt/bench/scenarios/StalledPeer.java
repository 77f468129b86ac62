package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.netty.Connection;
import dev.scuttlebutt.netty.TcpServer;
import dev.scuttlebutt.types.Model;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A peer shakes hands over TCP and reads nothing more, while very many writes go to a few keys: what memory holds then. */
public final class StalledPeer implements Scenario {
    private static final Unit MEGABYTES = new Unit("MB", false);
    private static final double MB = 1 << 20;
    private static final int PATIENCE_SECONDS = 20;
    private static final int LARGE = 10_000;

    /** A peer that took nothing in so many looks will take nothing. */
    private static final int STILL = 50;

    @Override
    public String name() {
        return "stall";
    }

    @Override
    public String title() {
        return "heap gained in 1,000,000 sets past a stalled peer";
    }

    @Override
    public Unit unit() {
        return MEGABYTES;
    }

    @Override
    public Goal goal() {
        return new Goal.AtMost(20, MEGABYTES);
    }

    @Override
    public String original() {
        return "stall.js";
    }

    @Override
    public Work work(Work base) {
        return base.with("keys", 1_000).with("sets", 1_000_000);
    }

    @Override
    public Measurement measure(Work work) throws IOException {
        Model model = new Model("server");
        String[] keys = Keys.of(work.count("keys"));
        write(model, keys, keys.length);
        try (TcpServer server = TcpServer.listen(model, "127.0.0.1", 0);
                Socket peer = new Socket("127.0.0.1", server.address().getPort())) {
            peer.getOutputStream().write("{\"id\":\"peer\",\"clock\":{}}\n".getBytes(StandardCharsets.US_ASCII));
            while (server.connections().isEmpty()
                    || server.connections().get(0).session().peer() == null) {
                LockSupport.parkNanos(1_000_000);
            }
            double before = Heap.megabytes();
            double directBefore = directMegabytes();
            Connection connection = server.connections().get(0);
            stall(model, keys, connection);
            write(model, keys, work.count("sets"));
            double gained = Heap.megabytes() - before;
            return new Measurement(
                    gained,
                    Double.NaN,
                    Map.of(
                            "buffers MB", directMegabytes() - directBefore,
                            "updates held", (double) model.history().size(),
                            "bytes taken by the system", (double) connection.bytesOut()));
        }
    }

    /** Writes until the system takes no more. Of small writes most are superseded before it has taken them. */
    private static void stall(Model model, String[] keys, Connection connection) {
        String large = "x".repeat(LARGE);
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        long taken = 0;
        for (int still = 0; still < STILL; still++) {
            if (System.nanoTime() > patience) {
                throw new IllegalStateException("the system has taken " + taken + " bytes and takes more");
            }
            for (String key : keys) {
                model.set(key, large);
            }
            LockSupport.parkNanos(1_000_000);
            if (connection.bytesPending() == 0 || connection.bytesOut() != taken) {
                still = 0;
                taken = connection.bytesOut();
            }
        }
    }

    private static void write(Model model, String[] keys, int sets) {
        for (int i = 0; i < sets; i++) {
            model.set(keys[i % keys.length], i);
        }
    }

    private static double directMegabytes() {
        return PlatformDependent.usedDirectMemory() / MB;
    }
}
