package dev.scuttlebutt.wire;

import dev.scuttlebutt.Handshake;
import dev.scuttlebutt.Message;
import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Sync;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.JsonException;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonReader;
import dev.scuttlebutt.json.JsonWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The codec of the protocol: each message is one JSON text in UTF-8 and a line feed.
 *
 * @see "core-protocol, section 2"
 */
public final class JsonLines {
    private static final byte[] SYNC = "\"SYNC\"\n".getBytes(StandardCharsets.US_ASCII);

    private JsonLines() {}

    /** Returns the line of a message, ready to be read. That of an update is shared, not copied. */
    public static ByteBuffer encode(Message message) {
        if (message instanceof Update update) {
            return update.bytes();
        }
        if (message instanceof Handshake handshake) {
            JsonWriter line = new JsonWriter(256);
            line.write(handshake.fields());
            line.writeByte('\n');
            return ByteBuffer.wrap(line.toBytes());
        }
        return ByteBuffer.wrap(SYNC).asReadOnlyBuffer();
    }

    /**
     * Turns the bytes of one link into messages, however they are cut. Not safe for use by several threads at once.
     *
     * <p>Each byte is looked at once for its line feed and once by the JSON reader. A line that is complete in the input
     * is read in place.
     */
    public static final class Decoder {
        private static final byte[] NOTHING = new byte[0];

        private final Limits limits;
        private final Update.Parser updates;
        private byte[] part = NOTHING;
        private int partLength;
        private long line;

        /** Creates the decoder of one link. */
        public Decoder(Limits limits) {
            this.limits = limits;
            this.updates = new Update.Parser(limits.maxDepth());
        }

        /**
         * Takes all bytes of {@code in} and adds the messages they complete to {@code out}. What the original ignores is
         * left out: scalars, and arrays that are no update.
         *
         * @throws ProtocolException if a line is not JSON, is too long or nested too deeply, or is a handshake without
         *     a clock. The messages before it are in {@code out}; the decoder is not to be used any more.
         */
        public void decode(ByteBuffer in, List<? super Message> out) throws ProtocolException {
            byte[] bytes;
            int from;
            int to;
            if (in.hasArray()) {
                bytes = in.array();
                from = in.arrayOffset() + in.position();
                to = in.arrayOffset() + in.limit();
                in.position(in.limit());
            } else {
                bytes = new byte[in.remaining()];
                in.get(bytes);
                from = 0;
                to = bytes.length;
            }
            int start = from;
            int end;
            while ((end = LineFeeds.next(bytes, start, to)) < to) {
                line(bytes, start, end, out);
                start = end + 1;
            }
            keep(bytes, start, to, line + 1);
        }

        /**
         * Says that the peer has ended. A last line without a line feed counts.
         *
         * @throws ProtocolException as {@link #decode}
         */
        public void end(List<? super Message> out) throws ProtocolException {
            if (partLength > 0) {
                line(NOTHING, 0, 0, out);
            }
        }

        private void line(byte[] bytes, int from, int to, List<? super Message> out) throws ProtocolException {
            line++;
            Message message;
            if (partLength > 0) {
                keep(bytes, from, to, line);
                int length = partLength;
                partLength = 0;
                message = message(part, 0, length);
                if (part.length > 1 << 16) {
                    part = NOTHING;
                }
            } else {
                checkLength(to - from, line);
                message = message(bytes, from, to);
            }
            if (message != null) {
                out.add(message);
            }
        }

        private void keep(byte[] bytes, int from, int to, long number) throws ProtocolException {
            int length = partLength + to - from;
            checkLength(length, number);
            if (length > part.length) {
                part = Arrays.copyOf(part, Math.max(length, part.length * 2));
            }
            System.arraycopy(bytes, from, part, partLength, to - from);
            partLength = length;
        }

        private void checkLength(int length, long number) throws ProtocolException {
            if (length > limits.maxLineBytes() || length < 0) {
                throw new ProtocolException(
                        "a line may have at most " + limits.maxLineBytes() + " bytes, found more",
                        number,
                        limits.maxLineBytes());
            }
        }

        private @Nullable Message message(byte[] bytes, int from, int to) throws ProtocolException {
            try {
                int first = from;
                while (first < to && isWhitespace(bytes[first])) {
                    first++;
                }
                if (first == to && limits.skipBlankLines()) {
                    return null;
                }
                int kind = first == to ? -1 : bytes[first];
                if (kind == '[') {
                    return updates.parse(bytes, from, to);
                }
                JsonReader reader = new JsonReader(bytes, from, to, limits.maxDepth());
                if (kind == '{') {
                    JsonObject fields = (JsonObject) reader.read();
                    reader.end();
                    return Handshake.of(fields);
                }
                if (kind == '"') {
                    String text = reader.readString();
                    reader.end();
                    return text.equals("SYNC") ? Sync.SYNC : null;
                }
                reader.skip();
                reader.end();
                return null;
            } catch (JsonException notJson) {
                throw new ProtocolException(
                        "expected one JSON text per line: " + notJson.problem() + Strangers.hint(bytes, from, to),
                        line,
                        notJson.offset() - from);
            } catch (ProtocolException noClock) {
                throw new ProtocolException(noClock.getMessage() + "", line, 0);
            }
        }

        private static boolean isWhitespace(byte b) {
            return b == ' ' || b == '\t' || b == '\r';
        }
    }
}
