package dev.scuttlebutt.store;

import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonNumber;
import dev.scuttlebutt.json.JsonString;
import dev.scuttlebutt.json.JsonWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A line of a {@link Replication}: an array that begins with a word. */
final class ReplicationLine {
    /** Numbers of documents and questions are below it. */
    static final double MAX_NUMBER = 1L << 53;

    private ReplicationLine() {}

    /** Writes one. */
    static byte[] of(@Nullable Object... elements) {
        return encode(Json.of(Arrays.asList(elements)));
    }

    static byte[] encode(Json json) {
        JsonWriter line = new JsonWriter();
        line.write(json);
        line.writeByte('\n');
        return line.toBytes();
    }

    /** Returns an element, or null when there are not so many. */
    static @Nullable Json at(JsonArray line, int index) {
        return index < line.size() ? line.get(index) : null;
    }

    /** Returns the number of what a line is about, which comes second. */
    static long number(JsonArray line) throws ProtocolException {
        return count(line, 1, MAX_NUMBER);
    }

    static int count(JsonArray line, int index, int max) throws ProtocolException {
        return (int) count(line, index, (double) max);
    }

    private static long count(JsonArray line, int index, double max) throws ProtocolException {
        if (at(line, index) instanceof JsonNumber number
                && number.value() >= 0
                && number.value() <= max
                && number.value() == Math.rint(number.value())) {
            return (long) number.value();
        }
        throw new ProtocolException("expected a number up to " + (long) max + " at place " + index + " of a line");
    }

    static String text(JsonArray line, int index) throws ProtocolException {
        String text = textOrNull(line, index);
        if (text == null) {
            throw new ProtocolException("expected a text at place " + index + " of a line");
        }
        return text;
    }

    static @Nullable String textOrNull(JsonArray line, int index) throws ProtocolException {
        Json element = at(line, index);
        if (element == null || element.isNull()) {
            return null;
        }
        if (element instanceof JsonString text) {
            return text.value();
        }
        throw new ProtocolException("expected a text or null at place " + index + " of a line");
    }
}
