package dev.scuttlebutt.hub;

import dev.scuttlebutt.store.MemoryStorage;
import dev.scuttlebutt.store.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How fast one document reaches its readers: updates delivered per second in a flood, and how long one takes at a steady
 * rate. The same load for our hub and for one made of the originals, each in a process of its own.
 *
 * <pre>
 * ./mvnw -q -pl hub -am test-compile
 * ./mvnw -q -pl hub exec:java -Dexec.classpathScope=test -Dexec.mainClass=dev.scuttlebutt.hub.FanOutLoad
 * </pre>
 */
final class FanOutLoad {
    private static final int[] READERS = {1, 10, 100};
    private static final int ROUNDS = 3;
    private static final int DELIVERIES = 200_000;
    private static final int MOST = 20_000;
    private static final int STEADY = 400;
    private static final long STEADY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private FanOutLoad() {}

    /** What one round found. */
    private record Round(double perSecond, double p50Millis, double p99Millis) {}

    public static void main(String... args) throws Exception {
        if (args.length == 1) {
            serve();
            return;
        }
        List<String> ours = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FanOutLoad.class.getName(),
                "serve");
        List<String> originals = List.of("node", "src/test/js/original-hub.js");
        System.out.printf("%-10s %8s %14s %10s %10s%n", "hub", "readers", "delivered/s", "p50 ms", "p99 ms");
        for (int readers : READERS) {
            measure("ours", ours, readers);
            measure("original", originals, readers);
        }
    }

    /** Our hub, until its standard input ends. */
    private static void serve() throws Exception {
        try (Store store = Store.open(new MemoryStorage(), DocumentTypes.schema());
                Hub hub = Hub.start(
                        store,
                        HubOptions.defaults()
                                .http("127.0.0.1", 0)
                                .maxLinesPerSecond(0)
                                .maxBytesPerSecond(0))) {
            System.out.println(hub.address().getPort());
            while (System.in.read() >= 0) {
                // Nothing is said; the end counts.
            }
        }
    }

    private static void measure(String name, List<String> command, int readers) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment()
                .put(
                        "NODE_PATH",
                        Path.of("..", "interop", "src", "test", "js", "node_modules")
                                .toAbsolutePath()
                                .toString());
        Process process = builder.start();
        try (BufferedReader said = process.inputReader()) {
            int port = Integer.parseInt(said.readLine().strip());
            List<Round> rounds = new ArrayList<>();
            for (int round = -1; round < ROUNDS; round++) {
                Round found = round(port, "/replicate/events/round" + readers + "-" + round, readers);
                if (round >= 0) {
                    rounds.add(found);
                }
            }
            System.out.printf(
                    "%-10s %8d %14.0f %10.2f %10.2f%n",
                    name,
                    readers,
                    median(rounds.stream().mapToDouble(Round::perSecond).toArray()),
                    median(rounds.stream().mapToDouble(Round::p50Millis).toArray()),
                    median(rounds.stream().mapToDouble(Round::p99Millis).toArray()));
        } finally {
            process.getOutputStream().close();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static Round round(int port, String path, int count) throws Exception {
        int flood = Math.min(MOST, DELIVERIES / count);
        try (Readers readers = new Readers(port, path, count);
                SocketChannel writer = open(port, path)) {
            frame(writer, "{\"id\":\"writer\",\"clock\":{}}\n");
            Thread drain = new Thread(() -> drain(writer));
            drain.setDaemon(true);
            drain.start();

            CountDownLatch all = readers.expect((long) flood * count);
            long began = System.nanoTime();
            for (int i = 0; i < flood; i++) {
                update(writer, i + 1);
            }
            await(all);
            double seconds = (System.nanoTime() - began) / 1e9;

            all = readers.expect((long) STEADY * count);
            readers.forget();
            long next = System.nanoTime();
            for (int i = 0; i < STEADY; i++) {
                update(writer, flood + i + 1);
                next += STEADY_NANOS;
                LockSupport.parkNanos(next - System.nanoTime());
            }
            await(all);
            double[] millis = readers.millis();
            return new Round(
                    flood * (double) count / seconds, millis[millis.length / 2], millis[(int) (millis.length * 0.99)]);
        }
    }

    private static void await(CountDownLatch all) throws Exception {
        if (!all.await(60, TimeUnit.SECONDS)) {
            throw new IOException("not everything was delivered within a minute");
        }
    }

    private static void drain(SocketChannel writer) {
        ByteBuffer thrownAway = ByteBuffer.allocate(1 << 16);
        try {
            while (writer.read(thrownAway.clear()) >= 0) {
                // The hub of the originals sends everything back.
            }
        } catch (IOException closed) {
            // The round is over.
        }
    }

    private static void update(SocketChannel writer, int timestamp) throws IOException {
        frame(
                writer,
                "[[\"tick\",\"" + System.nanoTime() + "\",\"some words as an ordinary update has\"]," + timestamp
                        + ",\"writer\"]\n");
    }

    private static SocketChannel open(int port, String path) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        channel.socket().setTcpNoDelay(true);
        String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        ByteBuffer one = ByteBuffer.allocate(1);
        int ends = 0;
        while (ends < 4) {
            one.clear();
            if (channel.read(one) < 0) {
                throw new IOException("the hub hung up");
            }
            ends = one.get(0) == "\r\n\r\n".charAt(ends) ? ends + 1 : one.get(0) == '\r' ? 1 : 0;
        }
        return channel;
    }

    /** Writes a masked frame; the mask is zero, which leaves the text as it is. */
    private static void frame(SocketChannel channel, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(bytes.length + 14);
        frame.put((byte) 0x81);
        if (bytes.length < 126) {
            frame.put((byte) (0x80 | bytes.length));
        } else {
            frame.put((byte) (0x80 | 126)).putShort((short) bytes.length);
        }
        frame.putInt(0).put(bytes).flip();
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }

    /** Many connections, read by one thread. */
    private static final class Readers implements AutoCloseable {
        private final Selector selector = Selector.open();
        private final List<SocketChannel> channels = new ArrayList<>();
        private final Thread thread = new Thread(this::read);
        private volatile boolean over;
        private volatile long left;
        private volatile CountDownLatch all = new CountDownLatch(0);
        private double[] millis = new double[DELIVERIES];
        private int measured;

        /** Frames are counted by their payloads: one line each. */
        private static final class Frames {
            final ByteBuffer buffer = ByteBuffer.allocate(1 << 17);
        }

        Readers(int port, String path, int count) throws IOException {
            for (int i = 0; i < count; i++) {
                SocketChannel channel = open(port, path);
                frame(channel, "{\"id\":\"reader" + i + "\",\"clock\":{}}\n");
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, new Frames());
                channels.add(channel);
            }
            thread.setDaemon(true);
            thread.start();
        }

        CountDownLatch expect(long updates) {
            left = updates;
            all = new CountDownLatch(1);
            return all;
        }

        void forget() {
            measured = 0;
        }

        double[] millis() {
            double[] found = Arrays.copyOf(millis, measured);
            Arrays.sort(found);
            return found;
        }

        private void read() {
            try {
                while (!over) {
                    selector.select(key -> {
                        try {
                            read((SocketChannel) key.channel(), ((Frames) key.attachment()).buffer);
                        } catch (IOException lost) {
                            key.cancel();
                        }
                    });
                }
            } catch (IOException closed) {
                over = true;
            }
        }

        private void read(SocketChannel channel, ByteBuffer buffer) throws IOException {
            if (channel.read(buffer) < 0) {
                throw new IOException("the hub hung up");
            }
            buffer.flip();
            while (complete(buffer)) {
                buffer.get();
                int length = buffer.get() & 0x7F;
                length = length == 126 ? buffer.getShort() & 0xFFFF : length;
                int end = buffer.position() + length;
                if (length > 2 && buffer.get(buffer.position()) == '[' && buffer.get(buffer.position() + 1) == '[') {
                    delivered(buffer, buffer.position() + "[[\"tick\",\"".length());
                }
                buffer.position(end);
            }
            buffer.compact();
        }

        private static boolean complete(ByteBuffer buffer) {
            if (buffer.remaining() < 4) {
                return false;
            }
            int at = buffer.position();
            int length = buffer.get(at + 1) & 0x7F;
            int head = length == 126 ? 4 : 2;
            length = length == 126 ? buffer.getShort(at + 2) & 0xFFFF : length;
            return buffer.remaining() >= head + length;
        }

        private void delivered(ByteBuffer buffer, int at) {
            long sent = 0;
            for (int i = at; buffer.get(i) != '"'; i++) {
                sent = sent * 10 + buffer.get(i) - '0';
            }
            if (measured < millis.length) {
                millis[measured++] = (System.nanoTime() - sent) / 1e6;
            }
            if (--left == 0) {
                all.countDown();
            }
        }

        @Override
        public void close() throws IOException {
            over = true;
            selector.close();
            for (SocketChannel channel : channels) {
                channel.close();
            }
        }
    }
}
