package dev.scuttlebutt.bench.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Many connections to one document, read by one thread, which counts what is delivered and how long it took. */
final class Readers implements AutoCloseable {
    private static final int BUFFER = 1 << 17;
    private static final int FIN = 0x80;
    private static final int OPCODE = 0x0F;
    private static final int CONTINUATION = 0;
    private static final int PATIENCE_SECONDS = 60;
    private static final byte[] NOTHING = new byte[0];

    private final Dialect dialect;
    private final Selector selector = Selector.open();
    private final List<SocketChannel> channels = new ArrayList<>();
    private final Thread thread = new Thread(this::read, "readers");
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final double[] millis;
    private volatile boolean over;
    private volatile @Nullable IOException failure;

    private volatile CountDownLatch greeted;
    private volatile CountDownLatch all = new CountDownLatch(0);
    private long left;
    private int measured;

    /** @param most how many deliveries are timed */
    Readers(int port, Dialect dialect, String document, int count, int most) throws IOException {
        this.dialect = dialect;
        this.millis = new double[most];
        this.greeted = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            SocketChannel channel = Socket.open(port, dialect.path(document), 0);
            Socket.send(channel, dialect.greeting("reader" + i));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, new Reader());
            channels.add(channel);
        }
        thread.setDaemon(true);
        thread.start();
        await(greeted);
    }

    private static final class Reader {
        /** The beginning of a frame whose end has not come. */
        byte[] rest = NOTHING;

        /** The frames of a message that came in several. */
        final ByteArrayOutputStream parts = new ByteArrayOutputStream(0);

        boolean greeted;
    }

    /** Counts from now on; the latch opens when so many updates have been delivered, to all together. */
    CountDownLatch expect(long updates) {
        measured = 0;
        left = updates;
        CountDownLatch latch = new CountDownLatch(1);
        // What was written before is seen by whoever reads this.
        all = latch;
        return latch;
    }

    void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("not everything was delivered within a minute", failure);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped", stopped);
        }
    }

    /** Returns how long the deliveries took, ascending. After the latch has opened. */
    double[] millis() {
        double[] found = Arrays.copyOf(millis, measured);
        Arrays.sort(found);
        return found;
    }

    private void read() {
        try {
            while (!over) {
                selector.select(this::read);
            }
        } catch (IOException | ClosedSelectorException closed) {
            over = true;
        }
    }

    private void read(SelectionKey key) {
        try {
            read((SocketChannel) key.channel(), (Reader) key.attachment());
        } catch (IOException lost) {
            failure = lost;
            key.cancel();
        }
    }

    private void read(SocketChannel channel, Reader reader) throws IOException {
        // One for all: the system copies into it, and nothing is allocated while time is taken.
        buffer.clear().put(reader.rest);
        reader.rest = NOTHING;
        if (channel.read(buffer) < 0) {
            throw new IOException("the server hung up");
        }
        buffer.flip();
        CountDownLatch expecting = all;
        while (isComplete(buffer)) {
            int first = buffer.get();
            int length = buffer.get() & 0x7F;
            length = length == 126 ? buffer.getShort() & 0xFFFF : length;
            int end = buffer.position() + length;
            if (!reader.greeted) {
                reader.greeted = true;
                greeted.countDown();
            }
            boolean last = (first & FIN) != 0;
            if (last && (first & OPCODE) != CONTINUATION) {
                take(buffer, buffer.position(), length, expecting);
            } else {
                byte[] part = new byte[length];
                buffer.get(buffer.position(), part);
                reader.parts.writeBytes(part);
                if (last) {
                    take(ByteBuffer.wrap(reader.parts.toByteArray()), 0, reader.parts.size(), expecting);
                    reader.parts.reset();
                }
            }
            buffer.position(end);
        }
        if (buffer.hasRemaining()) {
            reader.rest = new byte[buffer.remaining()];
            buffer.get(reader.rest);
        }
    }

    private static boolean isComplete(ByteBuffer buffer) {
        int there = buffer.remaining();
        if (there < 2) {
            return false;
        }
        int at = buffer.position();
        int length = buffer.get(at + 1) & 0x7F;
        if (length != 126) {
            return there >= 2 + length;
        }
        return there >= 4 && there >= 4 + (buffer.getShort(at + 2) & 0xFFFF);
    }

    private void take(ByteBuffer buffer, int at, int length, CountDownLatch expecting) {
        if (dialect.isUpdate(buffer, at, length)) {
            delivered(buffer, at, at + length, expecting);
        }
    }

    private void delivered(ByteBuffer buffer, int from, int end, CountDownLatch expecting) {
        int at = from;
        while (at < end && buffer.get(at) != Dialect.MARK) {
            at++;
        }
        if (at == end) {
            // Not one of ours.
            return;
        }
        long sent = 0;
        for (at++; buffer.get(at) != Dialect.MARK; at++) {
            sent = sent * 10 + buffer.get(at) - '0';
        }
        if (measured < millis.length) {
            millis[measured++] = (System.nanoTime() - sent) / 1e6;
        }
        if (--left == 0) {
            expecting.countDown();
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
