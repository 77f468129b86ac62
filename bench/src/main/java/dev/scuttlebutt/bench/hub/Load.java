package dev.scuttlebutt.bench.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One writer and some readers of one document. */
final class Load implements AutoCloseable {
    private static final int CHUNK = 1 << 16;
    private static final String WORDS = "some words as an ordinary update has";

    private final Server server;
    private final int count;
    private final Readers readers;
    private final SocketChannel writer;
    private int written;

    /**
     * How long deliveries took, in milliseconds.
     *
     * @param cpuMicros processor time of the server for each delivery, in microseconds
     */
    record Steady(double p50, double p99, double cpuMicros) {
        static Steady of(double[] ascending, double cpuMicros) {
            return new Steady(ascending[ascending.length / 2], ascending[(int) (ascending.length * 0.99)], cpuMicros);
        }
    }

    /** What a flood came to. */
    record Flood(double perSecond, double perCpuSecond) {}

    Load(Server server, String document, int count, int most) throws IOException {
        this.server = server;
        this.count = count;
        this.readers = new Readers(server.port(), server.dialect(), document, count, most);
        this.writer = Socket.open(server.port(), server.dialect().path(document), 0);
        Socket.send(writer, server.dialect().greeting("writer"));
        Thread drain = new Thread(this::drain, "drain");
        drain.setDaemon(true);
        drain.start();
    }

    private void drain() {
        ByteBuffer thrownAway = ByteBuffer.allocate(CHUNK);
        try {
            while (writer.read(thrownAway.clear()) >= 0) {
                // Others send everything back.
            }
        } catch (IOException closed) {
            // The round is over.
        }
    }

    private byte[] next(long due, String padding) {
        return server.dialect().update(written++, "" + Dialect.MARK + due + Dialect.MARK + WORDS + padding);
    }

    /** Writes as fast as the server takes it. */
    Flood flood(int updates, String padding) throws IOException {
        CountDownLatch all = readers.expect((long) updates * count);
        ByteBuffer[] chunks = new ByteBuffer[0];
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        for (int i = 0; i < updates; i++) {
            byte[] update = next(System.nanoTime(), padding);
            if (chunk.remaining() < update.length + 16) {
                chunks = Arrays.copyOf(chunks, chunks.length + 1);
                chunks[chunks.length - 1] = chunk.flip();
                chunk = ByteBuffer.allocate(CHUNK);
            }
            Socket.frame(chunk, update);
        }
        chunk.flip();
        long cpu = server.cpuNanos();
        long began = System.nanoTime();
        for (ByteBuffer full : chunks) {
            Socket.write(writer, full);
        }
        Socket.write(writer, chunk);
        readers.await(all);
        double seconds = (System.nanoTime() - began) / 1e9;
        double cpuSeconds = (server.cpuNanos() - cpu) / 1e9;
        return new Flood((double) updates * count / seconds, (double) updates * count / cpuSeconds);
    }

    /**
     * Writes updates one by one, with so many microseconds from one to the next. Each is timed from when it was due: what a
     * server that is slow keeps from being written in time counts too.
     */
    Steady steady(int updates, int micros) throws IOException {
        // What the flood has left behind is not collected while time is taken.
        System.gc();
        CountDownLatch all = readers.expect((long) updates * count);
        long cpu = server.cpuNanos();
        long due = System.nanoTime();
        for (int i = 0; i < updates; i++) {
            due += TimeUnit.MICROSECONDS.toNanos(micros);
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            Socket.send(writer, next(due, ""));
        }
        readers.await(all);
        double cpuMicros = (server.cpuNanos() - cpu) / 1e3 / updates / count;
        return Steady.of(readers.millis(), cpuMicros);
    }

    @Override
    public void close() throws IOException {
        readers.close();
        writer.close();
    }
}
