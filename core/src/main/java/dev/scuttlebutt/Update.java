package dev.scuttlebutt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonException;
import dev.scuttlebutt.json.JsonReader;
import dev.scuttlebutt.json.JsonWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What is replicated: a change, its timestamp and its source, on the wire {@code [change, timestamp, source]} and, when
 * signed, a signature behind them.
 *
 * <p>Source and timestamp identify an update. It is immutable, carries its own line of bytes and may be shared by any
 * number of threads, sessions and replicas. Nobody encodes it again.
 *
 * @see "core-protocol, section 1"
 */
public final class Update implements Message {
    /*
     * The bytes are those that arrived, or those that were made when the change was stamped. The change is read from
     * them when someone looks, because a relay never looks.
     */

    /** By timestamp, then by source in UTF-16 order. The order in which a JavaScript replica sorts its history. */
    public static final Comparator<Update> STAMP_ORDER =
            Comparator.comparingDouble(Update::timestamp).thenComparing(Update::source);

    /**
     * The largest magnitude a timestamp may have. Far beyond any date; it leaves a replica whose own entry was pushed
     * there by a forger room for more changes than it can ever make.
     */
    public static final double MAX_TIMESTAMP = 1e300;

    /** JSON text and a line feed. */
    private final byte[] line;

    private final int changeFrom;
    private final int changeTo;
    private final int lastFrom;
    private final int lastTo;
    private final int elements;
    private final double timestamp;
    private final String source;
    private @Nullable Json change;

    /** Whether the line is that of an update around this one. */
    private boolean isView;

    /** So many times the change is {@code [name, change]} for certain, because it was put together here. */
    private byte parts;

    private Update(
            byte[] line,
            int changeFrom,
            int changeTo,
            int lastFrom,
            int lastTo,
            double timestamp,
            String source,
            int elements) {
        this.line = line;
        this.changeFrom = changeFrom;
        this.changeTo = changeTo;
        this.lastFrom = lastFrom;
        this.lastTo = lastTo;
        // Folds -0 into 0, so that comparing, hashing and printing agree.
        this.timestamp = timestamp + 0.0;
        this.source = source;
        this.elements = elements;
    }

    /**
     * Builds an unsigned update, for tests and tools: a replica stamps its own.
     *
     * @throws IllegalArgumentException if the timestamp is not finite or the source is {@code __proto__}
     */
    public static Update of(@Nullable Object change, double timestamp, String source) {
        if (!Double.isFinite(timestamp)) {
            throw new IllegalArgumentException("a timestamp must be finite, was " + timestamp);
        }
        if (source.equals("__proto__")) {
            throw new IllegalArgumentException("__proto__ cannot be a source");
        }
        return compose(JsonWriter.encode(Json.of(change)), timestamp, source, null);
    }

    /**
     * Reads an update from JSON text.
     *
     * @throws IllegalArgumentException if the text is not JSON, or no update
     */
    public static Update parse(String text) {
        byte[] bytes = JsonWriter.encode(Json.parse(text));
        Update update = new Parser(Json.MAX_DEPTH).parse(bytes, 0, bytes.length);
        if (update == null) {
            throw new IllegalArgumentException(
                    "an update is [change, timestamp, source], with a number and a text; found " + text);
        }
        return update;
    }

    /** Puts the line together from an encoded change. The signature is the only further element. */
    static Update compose(byte[] change, double timestamp, String source, @Nullable String signature) {
        JsonWriter line =
                new JsonWriter(change.length + source.length() + 32 + (signature == null ? 0 : signature.length()));
        line.writeByte('[');
        line.writeRaw(change);
        return complete(line, timestamp, source, signature, 0);
    }

    /**
     * Completes a line of which there is the opening bracket and the change.
     *
     * @param parts how many times the change is {@code [name, change]} for certain
     */
    static Update complete(JsonWriter line, double timestamp, String source, @Nullable String signature, int parts) {
        int changeTo = line.length();
        line.writeByte(',');
        line.writeNumber(timestamp);
        line.writeByte(',');
        int lastFrom = line.length();
        line.writeString(source);
        if (signature != null) {
            line.writeByte(',');
            lastFrom = line.length();
            line.writeString(signature);
        }
        int lastTo = line.length();
        line.writeByte(']');
        line.writeByte('\n');
        int elements = signature == null ? 3 : 4;
        Update update = new Update(line.toBytes(), 1, changeTo, lastFrom, lastTo, timestamp, source, elements);
        update.parts = (byte) Math.min(parts, Byte.MAX_VALUE);
        return update;
    }

    /** The canonical text of the first three elements: what is signed. */
    static byte[] signedText(byte[] change, double timestamp, String source) {
        JsonWriter text = new JsonWriter(change.length + source.length() + 32);
        text.writeByte('[');
        text.writeRaw(change);
        text.writeByte(',');
        text.writeNumber(timestamp);
        text.writeByte(',');
        text.writeString(source);
        text.writeByte(']');
        return text.toBytes();
    }

    /** Returns the payload, whose shape belongs to the data type. Read from the bytes at the first call, then kept. */
    public Json change() {
        Json known = change;
        if (known == null) {
            known = changeReader().read();
            change = known;
        }
        return known;
    }

    /** Returns a reader placed before the change, for types that need only a part of it. */
    public JsonReader changeReader() {
        return new JsonReader(line, changeFrom, changeTo, Json.MAX_DEPTH);
    }

    /**
     * Returns the first element of a change {@code [name, change]}: the name of the part that it is for.
     *
     * @throws IllegalArgumentException if the change has another form
     */
    public String partName() {
        String name = firstText();
        if (name == null) {
            throw notOfAPart();
        }
        if (parts > 0) {
            return name;
        }
        JsonReader reader = changeReader();
        reader.beginArray();
        reader.hasNext();
        reader.skip();
        if (!reader.hasNext()) {
            throw notOfAPart();
        }
        reader.skip();
        if (reader.hasNext()) {
            throw notOfAPart();
        }
        return name;
    }

    private static IllegalArgumentException notOfAPart() {
        return new IllegalArgumentException("a change of a part is [name, change] with a text for name");
    }

    /** Returns the update of the part, which shares these bytes. The change has been found to be {@code [name, change]}. */
    Update inner() {
        // There is one more element, so it ends with the array; blanks behind it do no harm.
        int to = changeTo - 1;
        Update inner = new Update(line, innerFrom(), to, lastFrom, lastTo, timestamp, source, elements);
        inner.isView = true;
        inner.parts = (byte) Math.max(parts - 1, 0);
        return inner;
    }

    private int innerFrom() {
        if (parts > 0) {
            int to = plainTextTo(firstTextFrom());
            if (to > 0) {
                // Behind the quote and the comma: no blanks are written here.
                return to + 2;
            }
        }
        JsonReader reader = changeReader();
        reader.beginArray();
        reader.hasNext();
        reader.skip();
        reader.hasNext();
        reader.peek();
        return reader.offset();
    }

    /** Returns a line of its own for what is only seen in the line of another one. */
    private byte[] ownLine() {
        return isView ? compose(JsonWriter.encode(change()), timestamp, source, null).line : line;
    }

    /** Index in the line of the first byte of the text with which the change begins, or -1 where it is not so simple. */
    int firstTextFrom() {
        return line[changeFrom] == '[' && line[changeFrom + 1] == '"' ? changeFrom + 2 : -1;
    }

    /** The line that the change stands in. Not to be changed. */
    byte[] line() {
        return line;
    }

    /**
     * Returns the text with which a change begins that is an array, such as the key in {@code [key, value]}; null when it
     * begins with something else. Spares types that read many updates a reader for each. Reads no further.
     */
    public @Nullable String firstText() {
        int from = firstTextFrom();
        if (from > 0) {
            int to = plainTextTo(from);
            if (to > 0) {
                return new String(line, from, to - from, StandardCharsets.ISO_8859_1);
            }
        }
        JsonReader reader = changeReader();
        if (reader.peek() != JsonReader.Kind.ARRAY) {
            return null;
        }
        reader.beginArray();
        return reader.hasNext() && reader.peek() == JsonReader.Kind.STRING ? reader.readString() : null;
    }

    /** Index of the quote behind a text of ASCII without escapes, or -1 if it is another one. */
    private int plainTextTo(int from) {
        int to = from;
        while (line[to] >= ' ' && line[to] != '"' && line[to] != '\\') {
            to++;
        }
        return line[to] == '"' ? to : -1;
    }

    /** Returns the timestamp: milliseconds since 1970, fractional, ascending per source. */
    public double timestamp() {
        return timestamp;
    }

    /** Returns the id of the replica that made the change. */
    public String source() {
        return source;
    }

    /** Returns the last element when there are more than three and it is a text, otherwise null. */
    public @Nullable String signature() {
        if (elements < 4 || isView || line[lastFrom] != '"') {
            return null;
        }
        return new JsonReader(line, lastFrom, lastTo, 1).readString();
    }

    /**
     * Returns what a {@link #signature} covers: the canonical JSON text, in UTF-8, of all elements but the last.
     *
     * <p>It is made anew at each call, from the values and not from the bytes that arrived, which may be spelled
     * differently. O(length).
     *
     * @throws IllegalStateException if there are only three elements, so that nothing is signed
     */
    public byte[] signedText() {
        if (elements < 4 || isView) {
            throw new IllegalStateException("an update of three elements is not signed");
        }
        JsonReader reader = new JsonReader(line, 0, line.length, Json.MAX_DEPTH);
        JsonWriter text = new JsonWriter(lastFrom + 32);
        reader.beginArray();
        for (int i = 0; i < elements - 1; i++) {
            text.writeByte(i == 0 ? '[' : ',');
            if (i == 1) {
                reader.skip();
                text.writeNumber(timestamp);
            } else if (i == 2) {
                reader.skip();
                text.writeString(source);
            } else {
                text.write(reader.read());
            }
        }
        text.writeByte(']');
        return text.toBytes();
    }

    /** Tells whether this one wins over the other: later timestamp, or the same and the greater source. */
    public boolean isAfter(Update other) {
        return timestamp > other.timestamp || (timestamp == other.timestamp && source.compareTo(other.source) > 0);
    }

    /** Returns the number of bytes on the wire, the line feed included. */
    public int length() {
        return ownLine().length;
    }

    /**
     * Copies a part of the line.
     *
     * @param from first byte to copy
     * @return the number of bytes copied: what is left of the line or of the room in {@code out}
     */
    public int copyTo(ByteBuffer out, int from) {
        byte[] bytes = ownLine();
        int count = Math.min(out.remaining(), bytes.length - from);
        out.put(bytes, from, count);
        return count;
    }

    /** Returns the line, shared and read-only, with its line feed. */
    public ByteBuffer bytes() {
        return ByteBuffer.wrap(ownLine()).asReadOnlyBuffer();
    }

    /** Returns all elements. */
    public JsonArray toJson() {
        return isView
                ? Json.array(change(), timestamp, source)
                : (JsonArray) new JsonReader(line, 0, line.length, Json.MAX_DEPTH).read();
    }

    /** Two updates are equal when all their elements are. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || (other instanceof Update update
                        && timestamp == update.timestamp
                        && source.equals(update.source)
                        && toString().equals(update.toString()));
    }

    @Override
    public int hashCode() {
        return 31 * source.hashCode() + Double.hashCode(timestamp);
    }

    /** Returns the canonical JSON text: what {@code JSON.stringify} prints. */
    @Override
    public String toString() {
        return toJson().toString();
    }

    /**
     * Reads updates from the bytes of one link. Not safe for use by several threads at once.
     *
     * <p>It hands out the same {@code String} for the same source, so that maps keyed by source are quick and memory is
     * not filled with copies of ids.
     */
    public static final class Parser {
        /** Most peers speak of few sources. */
        private static final int FIRST_KNOWN = 8;

        private static final int MAX_KNOWN = 256;

        private static final byte[] NOTHING = new byte[0];

        /** An array up to this size may be held until the next line comes. */
        private static final int MAX_KEPT = 1 << 16;

        private final int maxDepth;
        private final JsonReader reader;
        private byte[][] knownTokens = new byte[FIRST_KNOWN][];
        private @Nullable String[] knownSources = new String[FIRST_KNOWN];
        private int recent;

        /** Creates a parser that refuses JSON nested deeper than this. */
        public Parser(int maxDepth) {
            this.maxDepth = maxDepth;
            this.reader = new JsonReader(NOTHING, 0, 0, maxDepth);
        }

        /**
         * Reads one JSON text.
         *
         * @return null when the text is good JSON but no update: not an array, or without a number and a text in the
         *     second and third place. Such a message is to be ignored, as the original does.
         * @throws JsonException if the text is not JSON
         */
        public @Nullable Update parse(byte[] bytes, int from, int to) {
            try {
                return read(bytes, from, to);
            } finally {
                if (bytes.length > MAX_KEPT) {
                    reader.reset(NOTHING, 0, 0);
                }
            }
        }

        private @Nullable Update read(byte[] bytes, int from, int to) {
            reader.reset(bytes, from, to);
            if (reader.peek() != JsonReader.Kind.ARRAY) {
                reader.skip();
                reader.end();
                return null;
            }
            reader.beginArray();
            int changeFrom = 0;
            int changeTo = 0;
            int lastFrom = 0;
            int lastTo = 0;
            double timestamp = Double.NaN;
            String source = null;
            int elements = 0;
            while (reader.hasNext()) {
                JsonReader.Kind kind = reader.peek();
                lastFrom = reader.offset();
                if (elements == 0) {
                    changeFrom = lastFrom;
                    reader.skip();
                    changeTo = reader.offset();
                } else if (elements == 1 && kind == JsonReader.Kind.NUMBER) {
                    timestamp = reader.readNumber();
                } else if (elements == 2 && kind == JsonReader.Kind.STRING) {
                    source = readSource(bytes);
                } else {
                    reader.skip();
                }
                lastTo = reader.offset();
                elements++;
            }
            reader.endArray();
            int end = reader.offset();
            reader.end();
            if (Double.isNaN(timestamp) || source == null || source.equals("__proto__")) {
                return null;
            }
            if (reader.sawMalformedUtf8()) {
                byte[] mended = JsonWriter.encode(new JsonReader(bytes, from, to, maxDepth).read());
                return read(mended, 0, mended.length);
            }
            int start = from;
            while (bytes[start] != '[') {
                start++;
            }
            byte[] line = new byte[end - start + 1];
            System.arraycopy(bytes, start, line, 0, end - start);
            line[end - start] = '\n';
            return new Update(
                    line,
                    changeFrom - start,
                    changeTo - start,
                    lastFrom - start,
                    lastTo - start,
                    timestamp,
                    source,
                    elements);
        }

        private String readSource(byte[] bytes) {
            int from = reader.offset();
            reader.skip();
            int to = reader.offset();
            String last = knownSources[recent];
            if (last != null && isToken(recent, bytes, from, to)) {
                return last;
            }
            int hash = to - from;
            for (int i = from; i < to; i++) {
                hash = 31 * hash + bytes[i];
            }
            hash ^= hash >>> 8 ^ hash >>> 16;
            int slot = hash & knownSources.length - 1;
            String known = knownSources[slot];
            if (known != null) {
                if (isToken(slot, bytes, from, to)) {
                    recent = slot;
                    return known;
                }
                if (knownSources.length < MAX_KNOWN) {
                    knownTokens = new byte[knownTokens.length * 4][];
                    knownSources = new String[knownTokens.length];
                    slot = hash & knownSources.length - 1;
                }
            }
            String source = new JsonReader(bytes, from, to, 1).readString();
            knownTokens[slot] = Arrays.copyOfRange(bytes, from, to);
            knownSources[slot] = source;
            recent = slot;
            return source;
        }

        private boolean isToken(int slot, byte[] bytes, int from, int to) {
            byte[] token = knownTokens[slot];
            return Arrays.equals(token, 0, token.length, bytes, from, to);
        }
    }
}
