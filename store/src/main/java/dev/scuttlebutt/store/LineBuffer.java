package dev.scuttlebutt.store;

import dev.scuttlebutt.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Puts lines together from bytes, however the stream was cut. */
final class LineBuffer {
    private final int maxBytes;
    private byte[] part = new byte[1024];
    private int length;

    /** Takes in a line without its line feed. */
    @FunctionalInterface
    interface Reader {
        void read(byte[] bytes, int to) throws ProtocolException;
    }

    LineBuffer(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    void take(ByteBuffer in, Reader reader) throws ProtocolException {
        while (in.hasRemaining()) {
            byte next = in.get();
            if (next == '\n') {
                int to = length;
                length = 0;
                reader.read(part, to);
            } else {
                add(next);
            }
        }
    }

    private void add(byte next) throws ProtocolException {
        if (length == maxBytes) {
            throw new ProtocolException("a line may have at most " + maxBytes + " bytes, found more");
        }
        if (length == part.length) {
            part = Arrays.copyOf(part, (int) Math.min(maxBytes, 2L * length));
        }
        part[length++] = next;
    }

    boolean isEmpty() {
        return length == 0;
    }
}
