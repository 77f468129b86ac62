package dev.scuttlebutt.store;

import dev.scuttlebutt.Update;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Puts the lines of updates together. */
final class Blocks {
    /** A block is made no longer than this, unless a single line is. */
    static final int MAX_BYTES = 1 << 20;

    private Blocks() {}

    static List<byte[]> of(List<Update> updates) {
        List<byte[]> blocks = new ArrayList<>();
        if (!updates.isEmpty()) {
            lazily(updates).forEach(blocks::add);
        }
        return blocks;
    }

    /** Makes each block when it is asked for, so that a long history is not in memory twice. At least one, maybe empty. */
    static Iterable<byte[]> lazily(List<Update> updates) {
        return () -> new Iterator<>() {
            private int next;
            private boolean begun;

            @Override
            public boolean hasNext() {
                return !begun || next < updates.size();
            }

            @Override
            public byte[] next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                begun = true;
                int from = next;
                int bytes = 0;
                while (next < updates.size()
                        && (next == from || bytes + updates.get(next).length() <= MAX_BYTES)) {
                    bytes += updates.get(next).length();
                    next++;
                }
                byte[] block = new byte[bytes];
                ByteBuffer out = ByteBuffer.wrap(block);
                for (int i = from; i < next; i++) {
                    updates.get(i).copyTo(out, 0);
                }
                return block;
            }
        };
    }
}
