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

    /** How long deliveries took, in milliseconds. */
    record Latency(double p50, double p99) {
        static Latency of(double[] ascending) {
            return new Latency(ascending[ascending.length / 2], ascending[(int) (ascending.length * 0.99)]);
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

    private byte[] next(String padding) {
        return server.dialect()
                .update(written++, "" + Dialect.MARK + System.nanoTime() + Dialect.MARK + WORDS + padding);
    }

    /** Writes as fast as the server takes it. */
    Flood flood(int updates, String padding) throws IOException {
        CountDownLatch all = readers.expect((long) updates * count);
        ByteBuffer[] chunks = new ByteBuffer[0];
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        for (int i = 0; i < updates; i++) {
            byte[] update = next(padding);
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

    /** Writes updates one by one, with so many microseconds from the beginning of one to that of the next. */
    Latency steady(int updates, int micros) throws IOException {
        CountDownLatch all = readers.expect((long) updates * count);
        long next = System.nanoTime();
        for (int i = 0; i < updates; i++) {
            Socket.send(writer, next(""));
            next += TimeUnit.MICROSECONDS.toNanos(micros);
            LockSupport.parkNanos(next - System.nanoTime());
        }
        readers.await(all);
        return Latency.of(readers.millis());
    }

    @Override
    public void close() throws IOException {
        readers.close();
        writer.close();
    }
}
