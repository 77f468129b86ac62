package dev.scuttlebutt.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * Prints JSON as UTF-8 into a growing buffer, exactly as {@code JSON.stringify} spells it.
 *
 * <p>One writer may serve many texts: {@link #reset} keeps the buffer. Not safe for use by several threads. Where a
 * text would exceed the largest array of the JVM, methods throw {@code OutOfMemoryError}.
 */
public final class JsonWriter {
    private static final int DEFAULT_CAPACITY = 256;
    private static final int MAX_CAPACITY = Integer.MAX_VALUE - 8;
    private static final int ESCAPE_LENGTH = 6;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.ISO_8859_1);

    private byte[] buffer;
    private int length;

    /** Makes an empty writer. */
    public JsonWriter() {
        this(DEFAULT_CAPACITY);
    }

    /**
     * Makes an empty writer.
     *
     * @param capacity bytes that fit before the buffer grows
     */
    public JsonWriter(int capacity) {
        buffer = new byte[capacity];
    }

    /** Returns the UTF-8 bytes of a value's text. */
    public static byte[] encode(Json value) {
        JsonWriter writer = new JsonWriter();
        writer.write(value);
        return writer.toBytes();
    }

    /**
     * Returns what ECMAScript's {@code String(value)} gives: the shortest digits that read back as the same double. This
     * includes {@code NaN} and {@code Infinity}, which are not JSON; negative zero gives {@code 0}.
     */
    public static String text(double value) {
        return EcmaNumber.text(value);
    }

    /** Forgets what was written and keeps the buffer. */
    public void reset() {
        length = 0;
    }

    /** Writes a value. O(length of its text). */
    public void write(Json value) {
        // Recursion is safe: no tree is deeper than Json.MAX_DEPTH.
        if (value instanceof JsonString string) {
            writeString(string.value());
        } else if (value instanceof JsonNumber number) {
            writeNumber(number.value());
        } else if (value instanceof JsonArray array) {
            writeArray(array);
        } else if (value instanceof JsonObject object) {
            writeObject(object);
        } else if (value instanceof JsonBoolean bool) {
            writeRaw(bool.value() ? TRUE : FALSE);
        } else {
            writeRaw(NULL);
        }
    }

    /** Writes a string with its quotes; unpaired surrogates become escapes with lower-case digits. */
    public void writeString(String value) {
        int size = value.length();
        reserve(size + 2L);
        byte[] out = buffer;
        int at = length;
        out[at++] = '"';
        int i = 0;
        for (; i < size; i++) {
            char unit = value.charAt(i);
            if (unit >= 0x7F || unit < ' ' || unit == '"' || unit == '\\') {
                break;
            }
            out[at++] = (byte) unit;
        }
        length = at;
        if (i < size) {
            writeUnits(value, i);
        }
        writeByte('"');
    }

    /** Writes a number; {@code null} if it is infinite or NaN, as {@code JSON.stringify} does. */
    public void writeNumber(double value) {
        if (!Double.isFinite(value)) {
            writeRaw(NULL);
            return;
        }
        reserve(EcmaNumber.MAX_LENGTH);
        length = EcmaNumber.write(value, buffer, length);
    }

    /** Writes bytes as they are. */
    public void writeRaw(byte[] bytes) {
        writeRaw(bytes, 0, bytes.length);
    }

    /**
     * Writes bytes as they are.
     *
     * @param from index of the first
     * @param to index after the last
     * @throws IndexOutOfBoundsException if the range is not within the array
     */
    public void writeRaw(byte[] bytes, int from, int to) {
        Objects.checkFromToIndex(from, to, bytes.length);
        reserve(to - from);
        System.arraycopy(bytes, from, buffer, length, to - from);
        length += to - from;
    }

    /** Writes the low eight bits of an integer as they are. */
    public void writeByte(int value) {
        if (length == buffer.length) {
            reserve(1);
        }
        buffer[length++] = (byte) value;
    }

    /** Returns how many bytes were written since the last {@link #reset}. */
    public int length() {
        return length;
    }

    /** Returns a copy of what was written. */
    public byte[] toBytes() {
        return Arrays.copyOf(buffer, length);
    }

    /** Returns the buffer itself; its first {@link #length} bytes count, and the next write may replace it. */
    public byte[] buffer() {
        return buffer;
    }

    /** Returns what was written as text. */
    @Override
    public String toString() {
        return new String(buffer, 0, length, StandardCharsets.UTF_8);
    }

    private void writeArray(JsonArray array) {
        writeByte('[');
        for (int i = 0; i < array.size(); i++) {
            if (i > 0) {
                writeByte(',');
            }
            write(array.get(i));
        }
        writeByte(']');
    }

    private void writeObject(JsonObject object) {
        writeByte('{');
        for (int i = 0; i < object.size(); i++) {
            if (i > 0) {
                writeByte(',');
            }
            writeString(object.keyAt(i));
            writeByte(':');
            write(object.valueAt(i));
        }
        writeByte('}');
    }

    private void writeUnits(String value, int from) {
        int size = value.length();
        for (int i = from; i < size; i++) {
            reserve(ESCAPE_LENGTH);
            char unit = value.charAt(i);
            if (unit < 0x80) {
                writeAscii(unit);
            } else if (unit < 0x800) {
                buffer[length++] = (byte) (0xC0 | unit >> 6);
                buffer[length++] = (byte) (0x80 | unit & 0x3F);
            } else if (!Character.isSurrogate(unit)) {
                buffer[length++] = (byte) (0xE0 | unit >> 12);
                buffer[length++] = (byte) (0x80 | unit >> 6 & 0x3F);
                buffer[length++] = (byte) (0x80 | unit & 0x3F);
            } else if (Character.isHighSurrogate(unit)
                    && i + 1 < size
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                int point = Character.toCodePoint(unit, value.charAt(++i));
                buffer[length++] = (byte) (0xF0 | point >> 18);
                buffer[length++] = (byte) (0x80 | point >> 12 & 0x3F);
                buffer[length++] = (byte) (0x80 | point >> 6 & 0x3F);
                buffer[length++] = (byte) (0x80 | point & 0x3F);
            } else {
                writeEscape(unit);
            }
        }
    }

    private void writeAscii(char unit) {
        switch (unit) {
            case '"', '\\' -> writeShort(unit);
            case '\b' -> writeShort('b');
            case '\t' -> writeShort('t');
            case '\n' -> writeShort('n');
            case '\f' -> writeShort('f');
            case '\r' -> writeShort('r');
            default -> {
                if (unit < ' ') {
                    writeEscape(unit);
                } else {
                    buffer[length++] = (byte) unit;
                }
            }
        }
    }

    private void writeShort(char letter) {
        buffer[length++] = '\\';
        buffer[length++] = (byte) letter;
    }

    private void writeEscape(char unit) {
        buffer[length++] = '\\';
        buffer[length++] = 'u';
        for (int shift = 12; shift >= 0; shift -= 4) {
            buffer[length++] = HEX[unit >> shift & 0xF];
        }
    }

    private void reserve(long more) {
        long needed = length + more;
        if (needed > buffer.length) {
            if (needed > MAX_CAPACITY) {
                throw new OutOfMemoryError("JSON text of more than " + MAX_CAPACITY + " bytes");
            }
            long doubled = Math.max(needed, buffer.length * 2L);
            buffer = Arrays.copyOf(buffer, (int) Math.min(doubled, MAX_CAPACITY));
        }
    }
}
