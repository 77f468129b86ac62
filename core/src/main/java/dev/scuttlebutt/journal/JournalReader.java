package dev.scuttlebutt.journal;

import dev.scuttlebutt.Handshake;
import dev.scuttlebutt.Message;
import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Sync;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.wire.JsonLines;
import dev.scuttlebutt.wire.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of a journal, or of any file that a read stream of the originals wrote, one after the other.
 *
 * <p>A line that makes no sense does not keep the others from being read.
 *
 * @see "persistence, section 1.2"
 */
public final class JournalReader {
    private static final int BUFFER = 1 << 18;

    /** Is told what the lines are, in their order. All methods do nothing by default. */
    public interface Visitor {

        /** A header. A file that was put together from several has several. */
        default void handshake(Handshake handshake, long line, long offset) throws IOException {}

        /** An update. */
        default void update(Update update, long line, long offset) throws IOException {}

        /** The end of the history: what follows came later. */
        default void sync(long line, long offset) throws IOException {}

        /**
         * A line that is no message.
         *
         * @param bytes the line without its line feed
         */
        default void bad(BadLine bad, byte[] bytes) throws IOException {}

        /**
         * A last line that a cut-off write left behind: without line feed, and no message.
         *
         * @param bytes all there is of it
         */
        default void torn(BadLine torn, byte[] bytes) throws IOException {}
    }

    /**
     * What a file was like.
     *
     * @param bytes its length
     * @param lines how many lines it has
     * @param good where its last line that is not torn ends
     * @param open whether that line has no line feed
     */
    record End(long bytes, long lines, long good, boolean open) {}

    private final Path file;
    private final Limits limits;
    private final Visitor visitor;
    private final List<Message> messages = new ArrayList<>(1);
    private JsonLines.Decoder decoder;
    private byte[] buffer = new byte[BUFFER];
    private int used;
    private long base;
    private long line;

    private JournalReader(Path file, Limits limits, Visitor visitor) {
        this.file = file;
        this.limits = limits.skipBlankLines(true);
        this.visitor = visitor;
        this.decoder = new JsonLines.Decoder(this.limits);
    }

    /**
     * Reads a file to its end. It may be in use; what is written meanwhile may or may not be seen.
     *
     * @throws IOException if it cannot be read or has a line longer than the limit
     */
    public static void read(Path file, Limits limits, Visitor visitor) throws IOException {
        try (Disk.Handle handle = new Disk.ChannelHandle(FileChannel.open(file, StandardOpenOption.READ))) {
            read(file, handle, limits, visitor);
        }
    }

    static End read(Path file, Disk.Handle handle, Limits limits, Visitor visitor) throws IOException {
        return new JournalReader(file, limits, visitor).read(handle);
    }

    private End read(Disk.Handle handle) throws IOException {
        int scanned = 0;
        while (true) {
            if (used == buffer.length) {
                buffer = Arrays.copyOf(buffer, buffer.length * 2);
            }
            int count = handle.read(ByteBuffer.wrap(buffer, used, buffer.length - used), base + used);
            if (count < 0) {
                return last();
            }
            used += count;
            int start = 0;
            for (int i = scanned; i < used; i++) {
                if (buffer[i] == '\n') {
                    line(start, i);
                    start = i + 1;
                }
            }
            checkLength(used - start, base + start, line + 1);
            System.arraycopy(buffer, start, buffer, 0, used - start);
            base += start;
            used -= start;
            scanned = used;
        }
    }

    private void line(int from, int to) throws IOException {
        line++;
        long offset = base + from;
        checkLength(to - from, offset, line);
        try {
            decoder.decode(ByteBuffer.wrap(buffer, from, to - from + 1), messages);
        } catch (ProtocolException bad) {
            visitor.bad(bad(offset, to - from, bad.getMessage()), Arrays.copyOfRange(buffer, from, to));
            decoder = new JsonLines.Decoder(limits);
            return;
        }
        if (messages.isEmpty()) {
            if (isArray(from, to)) {
                visitor.bad(
                        bad(offset, to - from, "an update is [change, timestamp, source], with a number and a text"),
                        Arrays.copyOfRange(buffer, from, to));
            }
            return;
        }
        tell(offset);
    }

    private void tell(long offset) throws IOException {
        Message message = messages.remove(0);
        if (message instanceof Update update) {
            visitor.update(update, line, offset);
        } else if (message instanceof Handshake handshake) {
            visitor.handshake(handshake, line, offset);
        } else if (message == Sync.SYNC) {
            visitor.sync(line, offset);
        }
    }

    private BadLine bad(long offset, int length, @Nullable String reason) {
        // The decoder counts the lines it was given since the last bad one; the place in the file is said beside.
        String text = String.valueOf(reason).replaceFirst(" \\(line \\d+, byte (\\d+)\\)$", " (byte $1 of the line)");
        return new BadLine(line, offset, length, text);
    }

    private boolean isArray(int from, int to) {
        for (int i = from; i < to; i++) {
            if (buffer[i] > ' ') {
                return buffer[i] == '[';
            }
        }
        return false;
    }

    private End last() throws IOException {
        if (used == 0) {
            return new End(base, line, base, false);
        }
        if (used == buffer.length) {
            buffer = Arrays.copyOf(buffer, used + 1);
        }
        buffer[used] = '\n';
        line++;
        try {
            decoder.decode(ByteBuffer.wrap(buffer, 0, used + 1), messages);
        } catch (ProtocolException torn) {
            visitor.torn(bad(base, used, "the write of this line was cut off"), Arrays.copyOf(buffer, used));
            return new End(base + used, line, base, false);
        }
        if (!messages.isEmpty()) {
            tell(base);
        }
        return new End(base + used, line, base + used, true);
    }

    private void checkLength(int length, long offset, long number) throws FileSystemException {
        if (length > limits.maxLineBytes()) {
            throw new FileSystemException(
                    file.toString(),
                    null,
                    "line " + number + ", which begins at byte " + offset + ", is longer than " + limits.maxLineBytes()
                            + " bytes; nothing was changed");
        }
    }
}
