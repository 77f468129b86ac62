package dev.scuttlebutt.json;

import java.util.Arrays;

/**
 * Reads one JSON text, a value at a time, with the grammar of {@code JSON.parse} (strict RFC 8259).
 *
 * <p>Values are either taken whole ({@link #read}), passed over ({@link #skip}), or entered:
 *
 * <pre>{@code
 * reader.beginArray();
 * while (reader.hasNext()) {
 *   handle(reader.readString());
 * }
 * reader.endArray();
 * reader.end();
 * }</pre>
 *
 * <p>Bytes that are not UTF-8 are read as U+FFFD inside strings, as Node decodes them, and refused elsewhere. Nothing
 * is copied from the bytes before it is asked for; they must not change while they are read.
 *
 * <p>Methods throw {@link JsonException} where the text is malformed, is nested too deeply, or holds something else than
 * was asked for, and {@code IllegalStateException} where the calls do not fit together; after either the reader is of no
 * further use. Any text costs time and memory linear in its length. Not safe for use by several threads.
 */
public final class JsonReader extends JsonScanner {
    /*
     * The state says what may come next. A comma is taken either by hasNext or by the read that follows, so that both
     * "while (hasNext()) read" and fixed sequences of reads work.
     *
     * read and skip share scanString and scanNumber, which check everything; they cannot disagree about the grammar. read
     * collects the children of open containers on one stack and copies them when the container ends, since only then the
     * exact size is known.
     */

    /** What a value is. */
    public enum Kind {
        /** {@code null}. */
        NULL("null"),
        /** {@code true} or {@code false}. */
        BOOLEAN("a boolean"),
        /** A number. */
        NUMBER("a number"),
        /** A string. */
        STRING("a string"),
        /** An array. */
        ARRAY("an array"),
        /** An object. */
        OBJECT("an object");

        private final String phrase;

        Kind(String phrase) {
            this.phrase = phrase;
        }
    }

    // States. Numbers, because storing a reference into an object that has become old costs more than all else here.
    private static final int VALUE = 0;
    private static final int ARRAY_FIRST = 1;
    private static final int ARRAY_NEXT = 2;
    private static final int OBJECT_FIRST = 3;
    private static final int OBJECT_NEXT = 4;
    private static final int NAME = 5;
    private static final int DONE = 6;
    private static final String[] STATES = {
        "a value",
        "the begin of an array",
        "the next element of an array",
        "the begin of an object",
        "the next member of an object",
        "the name of a member",
        "the end"
    };

    private static final int FIRST_CAPACITY = 8;
    private static final long[] NO_LEVELS = {};
    private static final Json[] NO_VALUES = {};
    private static final String[] NO_NAMES = {};

    private final int maxDepth;

    private int state = VALUE;
    /** For each open level whether it is an object, one bit each: the first 64 levels, and those below. */
    private long objects;

    private long[] deepObjects = NO_LEVELS;
    private int depth;

    private Json[] values = NO_VALUES;
    private String[] names = NO_NAMES;
    private int valueCount;
    private int nameCount;

    /**
     * Makes a reader of a part of an array.
     *
     * @param from index of the first byte
     * @param to index after the last byte
     * @param maxDepth levels of arrays and objects that are accepted, up to {@link Json#MAX_DEPTH}
     */
    public JsonReader(byte[] bytes, int from, int to, int maxDepth) {
        this(bytes, from, to, maxDepth, false);
    }

    /** Makes a reader of UTF-8 bytes that accepts {@link Json#MAX_DEPTH} levels. */
    public JsonReader(byte[] bytes) {
        this(bytes, 0, bytes.length, Json.MAX_DEPTH, false);
    }

    /** Makes a reader of a text that accepts {@link Json#MAX_DEPTH} levels. Unpaired surrogates survive. */
    public JsonReader(String text) {
        this(text, Json.MAX_DEPTH);
    }

    /**
     * Makes a reader of a text. Unpaired surrogates survive.
     *
     * @param maxDepth levels of arrays and objects that are accepted, up to {@link Json#MAX_DEPTH}
     */
    public JsonReader(String text, int maxDepth) {
        this(Utf8.encode(text), maxDepth);
    }

    private JsonReader(byte[] encoded, int maxDepth) {
        this(encoded, 0, encoded.length, maxDepth, true);
    }

    private JsonReader(byte[] bytes, int from, int to, int maxDepth, boolean text) {
        super(bytes, from, to, text);
        if (maxDepth < 0 || maxDepth > Json.MAX_DEPTH) {
            throw new IllegalArgumentException("maxDepth is " + maxDepth + ", not within 0 and " + Json.MAX_DEPTH);
        }
        this.maxDepth = maxDepth;
    }

    /**
     * Begins anew with a part of an array, whatever became of the text before. Spares those who read many short texts a
     * reader for each.
     *
     * @param from index of the first byte
     * @param to index after the last byte
     */
    public void reset(byte[] bytes, int from, int to) {
        restart(bytes, from, to);
        state = VALUE;
        depth = 0;
        if (values.length > 0) {
            values = NO_VALUES;
            names = NO_NAMES;
            valueCount = 0;
            nameCount = 0;
        }
    }

    /** Returns the kind of the next value, judged by its first character, without taking it. */
    public Kind peek() {
        beforeValue();
        return kind();
    }

    /** Takes the next value as a tree. */
    public Json read() {
        beforeValue();
        Json value = value(depth);
        afterValue();
        return value;
    }

    /** Passes over the next value. It is checked as thoroughly as by {@link #read}, but nothing is built. */
    public void skip() {
        beforeValue();
        skipValue(depth);
        afterValue();
    }

    /** Takes a string. */
    public String readString() {
        begin(Kind.STRING);
        String value = string();
        afterValue();
        return value;
    }

    /** Takes a number; it is infinite if it is too large for a double. */
    public double readNumber() {
        begin(Kind.NUMBER);
        double value = number();
        afterValue();
        return value;
    }

    /** Takes {@code true} or {@code false}. */
    public boolean readBoolean() {
        begin(Kind.BOOLEAN);
        boolean value = bytes[pos] == 't';
        literal(value ? "true" : "false");
        afterValue();
        return value;
    }

    /** Takes {@code null}. */
    public void readNull() {
        begin(Kind.NULL);
        literal("null");
        afterValue();
    }

    /** Enters an array. */
    public void beginArray() {
        begin(Kind.ARRAY);
        push(false);
        state = ARRAY_FIRST;
    }

    /** Leaves an array of which all elements have been taken. */
    public void endArray() {
        if (state != ARRAY_FIRST && state != ARRAY_NEXT) {
            throw misuse("endArray");
        }
        close(']', state == ARRAY_FIRST ? "a value or ']'" : "',' or ']'");
    }

    /** Enters an object. */
    public void beginObject() {
        begin(Kind.OBJECT);
        push(true);
        state = OBJECT_FIRST;
    }

    /** Leaves an object of which all members have been taken. */
    public void endObject() {
        if (state != OBJECT_FIRST && state != OBJECT_NEXT) {
            throw misuse("endObject");
        }
        close('}', state == OBJECT_FIRST ? "a member name or '}'" : "',' or '}'");
    }

    /** Returns whether the array or object that was entered last has another element or member. */
    public boolean hasNext() {
        switch (state) {
            case ARRAY_FIRST, OBJECT_FIRST -> {
                return !isNext(state == ARRAY_FIRST ? ']' : '}');
            }
            case ARRAY_NEXT -> {
                if (isNext(']')) {
                    return false;
                }
                comma("',' or ']'");
                if (isNext(']')) {
                    throw unexpected("a value after ','", pos);
                }
                state = VALUE;
                return true;
            }
            case OBJECT_NEXT -> {
                if (isNext('}')) {
                    return false;
                }
                comma("',' or '}'");
                if (isNext('}')) {
                    throw unexpected("a member name after ','", pos);
                }
                state = NAME;
                return true;
            }
            case NAME -> {
                return true;
            }
            default -> {
                if (state == VALUE && depth > 0 && !isInObject()) {
                    return true;
                }
                throw misuse("hasNext");
            }
        }
    }

    /** Takes the name of the next member; its value must be taken or skipped next. */
    public String readName() {
        switch (state) {
            case OBJECT_FIRST, NAME -> skipWhitespace();
            case OBJECT_NEXT -> {
                comma("',' or '}'");
                skipWhitespace();
            }
            default -> throw misuse("readName");
        }
        String name = name();
        state = VALUE;
        return name;
    }

    /**
     * Returns the index of the next byte that was not taken. For a reader of a {@code String} it is the index of a UTF-16
     * unit, at O(length).
     */
    public int offset() {
        return offset(pos);
    }

    /** Passes over white space. */
    @Override
    public void skipWhitespace() {
        super.skipWhitespace();
    }

    /** Checks that the text ends here, but for white space. */
    public void end() {
        if (state != DONE) {
            throw misuse("end");
        }
        skipWhitespace();
        if (pos < to) {
            throw unexpected("the end of the text", pos);
        }
    }

    /** Returns whether any string taken or skipped so far held bytes that are not UTF-8 and were read as U+FFFD. */
    public boolean sawMalformedUtf8() {
        return malformed;
    }

    private void beforeValue() {
        switch (state) {
            case ARRAY_NEXT -> {
                comma("',' or ']'");
                state = VALUE;
            }
            case VALUE, ARRAY_FIRST -> {}
            default -> throw misuse("a read");
        }
        skipWhitespace();
    }

    private void afterValue() {
        state = depth == 0 ? DONE : isInObject() ? OBJECT_NEXT : ARRAY_NEXT;
    }

    private void begin(Kind wanted) {
        beforeValue();
        if (pos == to) {
            throw unexpected(wanted.phrase, pos);
        }
        Kind found = kind();
        if (found != wanted) {
            throw new JsonException("expected " + wanted.phrase + ", found " + found.phrase, offset());
        }
    }

    private void push(boolean object) {
        enter(depth);
        long bit = 1L << depth;
        if (depth < Long.SIZE) {
            objects = object ? objects | bit : objects & ~bit;
        } else {
            int word = (depth >> 6) - 1;
            if (word == deepObjects.length) {
                deepObjects = Arrays.copyOf(deepObjects, word + 4);
            }
            deepObjects[word] = object ? deepObjects[word] | bit : deepObjects[word] & ~bit;
        }
        depth++;
    }

    private boolean isInObject() {
        int level = depth - 1;
        long word = level < Long.SIZE ? objects : deepObjects[(level >> 6) - 1];
        return (word >> level & 1) != 0;
    }

    private void close(char bracket, String expected) {
        if (!isNext(bracket)) {
            throw unexpected(expected, pos);
        }
        pos++;
        depth--;
        afterValue();
    }

    private Kind kind() {
        return switch (pos < to ? bytes[pos] : 0) {
            case '"' -> Kind.STRING;
            case '[' -> Kind.ARRAY;
            case '{' -> Kind.OBJECT;
            case 't', 'f' -> Kind.BOOLEAN;
            case 'n' -> Kind.NULL;
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> Kind.NUMBER;
            default -> throw unexpected("a value", pos);
        };
    }

    private Json value(int level) {
        switch (kind()) {
            case STRING -> {
                return new JsonString(string());
            }
            case NUMBER -> {
                return new JsonNumber(number());
            }
            case ARRAY -> {
                return array(level);
            }
            case OBJECT -> {
                return object(level);
            }
            case BOOLEAN -> {
                boolean value = bytes[pos] == 't';
                literal(value ? "true" : "false");
                return Json.of(value);
            }
            default -> {
                literal("null");
                return Json.NULL;
            }
        }
    }

    private void skipValue(int level) {
        switch (kind()) {
            case STRING -> pos = scanString() + 1;
            case NUMBER -> pos = scanNumber();
            case ARRAY -> skipArray(level);
            case OBJECT -> skipObject(level);
            case BOOLEAN -> literal(bytes[pos] == 't' ? "true" : "false");
            default -> literal("null");
        }
    }

    private Json array(int level) {
        enter(level);
        int base = valueCount;
        if (!isNext(']')) {
            while (true) {
                pushValue(value(level + 1));
                if (isNext(']')) {
                    break;
                }
                comma("',' or ']'");
                skipWhitespace();
            }
        }
        pos++;
        return JsonArray.ofOwned(popValues(base));
    }

    private void skipArray(int level) {
        enter(level);
        if (!isNext(']')) {
            while (true) {
                skipValue(level + 1);
                if (isNext(']')) {
                    break;
                }
                comma("',' or ']'");
                skipWhitespace();
            }
        }
        pos++;
    }

    private Json object(int level) {
        enter(level);
        int base = valueCount;
        int nameBase = nameCount;
        if (!isNext('}')) {
            while (true) {
                String name = name();
                skipWhitespace();
                Json value = value(level + 1);
                pushName(name);
                pushValue(value);
                if (isNext('}')) {
                    break;
                }
                comma("',' or '}'");
                skipWhitespace();
            }
        }
        pos++;
        return JsonObject.ofOwned(popNames(nameBase), popValues(base));
    }

    private void skipObject(int level) {
        enter(level);
        if (!isNext('}')) {
            while (true) {
                checkName();
                pos = scanString() + 1;
                colon();
                skipWhitespace();
                skipValue(level + 1);
                if (isNext('}')) {
                    break;
                }
                comma("',' or '}'");
                skipWhitespace();
            }
        }
        pos++;
    }

    /** Takes an opening bracket at a level that is counted from zero. */
    private void enter(int level) {
        if (level >= maxDepth) {
            throw new JsonException(
                    "expected at most " + maxDepth + " levels of arrays and objects, found more", offset());
        }
        pos++;
    }

    private void pushValue(Json value) {
        if (valueCount == values.length) {
            values = Arrays.copyOf(values, Math.max(FIRST_CAPACITY, valueCount * 2));
        }
        values[valueCount++] = value;
    }

    private void pushName(String name) {
        if (nameCount == names.length) {
            names = Arrays.copyOf(names, Math.max(FIRST_CAPACITY, nameCount * 2));
        }
        names[nameCount++] = name;
    }

    private Json[] popValues(int base) {
        Json[] popped = Arrays.copyOfRange(values, base, valueCount);
        valueCount = base;
        return popped;
    }

    private String[] popNames(int base) {
        String[] popped = Arrays.copyOfRange(names, base, nameCount);
        nameCount = base;
        return popped;
    }

    private IllegalStateException misuse(String call) {
        return new IllegalStateException(call + " does not fit here; the reader is at " + STATES[state]);
    }
}
