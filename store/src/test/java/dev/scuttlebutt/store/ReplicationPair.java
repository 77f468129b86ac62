package dev.scuttlebutt.store;

import dev.scuttlebutt.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Two sides of a replication, joined by a wire that cuts the bytes anywhere and keeps a record of the lines. */
final class ReplicationPair implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    final Replication a;
    final Replication b;
    private final Semaphore work = new Semaphore(0);
    private final Random random;
    private final StringBuilder fromA = new StringBuilder();
    private final StringBuilder fromB = new StringBuilder();

    /** Of the nonces the greater one leads. */
    ReplicationPair(Replication a, Replication b, long seed) {
        this.a = a;
        this.b = b;
        this.random = new Random(seed);
        a.onReady(work::release);
        b.onReady(work::release);
    }

    static ReplicationPair of(Store leader, Store follower, ReplicationOptions options) {
        return new ReplicationPair(Replication.of(leader, options, "f"), Replication.of(follower, options, "0"), 4711);
    }

    /** Moves bytes until something is so. */
    void runUntil(BooleanSupplier end) throws ProtocolException, InterruptedException {
        while (!end.getAsBoolean()) {
            work.drainPermits();
            boolean moved = move(a, b, fromA) | move(b, a, fromB);
            if (!moved && !end.getAsBoolean() && !work.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("nothing moves any more; said: " + lines());
            }
        }
    }

    /** Moves bytes until both have everything, and returns what the first has done. */
    Replication.Report run() throws ProtocolException, InterruptedException {
        runUntil(() -> a.outputEnded() && b.outputEnded());
        a.receiveEnd();
        b.receiveEnd();
        b.synced().join();
        return a.synced().join();
    }

    private boolean move(Replication from, Replication to, StringBuilder record) throws ProtocolException {
        ByteBuffer buffer = ByteBuffer.allocate(random.nextInt(10) == 0 ? random.nextInt(40) + 1 : 1 << 14);
        from.transmit(buffer);
        buffer.flip();
        boolean any = buffer.hasRemaining();
        if (any) {
            record.append(StandardCharsets.ISO_8859_1.decode(buffer.duplicate()));
            to.receive(buffer);
        }
        return any;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        fromA.toString().lines().forEach(line -> lines.add("a " + line));
        fromB.toString().lines().forEach(line -> lines.add("b " + line));
        return lines;
    }

    int bytes() {
        return fromA.length() + fromB.length();
    }

    @Override
    public void close() {
        a.close();
        b.close();
    }
}
