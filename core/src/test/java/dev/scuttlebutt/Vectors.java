package dev.scuttlebutt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Recordings of the JavaScript originals; {@code vectors/core/README.md} among the test resources explains them. */
public final class Vectors {
    private Vectors() {}

    /** Reads a {@code *.jsonl} file: one object per line. */
    public static List<JsonObject> lines(String file) {
        return objectPerLine("core/" + file);
    }

    /** Reads a {@code *.jsonl} file of the data types; {@code vectors/types/README.md} explains it. */
    public static List<JsonObject> typeLines(String file) {
        return objectPerLine("types/" + file);
    }

    /** Reads a {@code *.jsonl} file of the sequences; {@code vectors/sequences/README.md} explains it. */
    public static List<JsonObject> sequenceLines(String file) {
        return objectPerLine("sequences/" + file);
    }

    /** Reads a {@code *.jsonl} file of documents; {@code vectors/crdt/README.md} explains it. */
    public static List<JsonObject> crdtLines(String file) {
        return objectPerLine("crdt/" + file);
    }

    private static List<JsonObject> objectPerLine(String path) {
        // Not String.lines: a carriage return does not end a line.
        return Arrays.stream(text(path).split("\n"))
                .map(line -> Json.parse(line).asObject())
                .toList();
    }

    /** Reads a {@code *.json} file. */
    public static Json json(String file) {
        return Json.parse(text("core/" + file));
    }

    /** Reads a {@code *.json} file that holds an array of objects. */
    public static List<JsonObject> objects(String file) {
        return json(file).asArray().stream().map(Json::asObject).toList();
    }

    /** Returns the text of a string member that must be there. */
    public static String text(JsonObject vector, String key) {
        return member(vector, key).asString();
    }

    /** Returns a member that must be there. */
    public static Json member(JsonObject vector, String key) {
        Json member = vector.get(key);
        if (member == null) {
            throw new AssertionError("no member " + key + " in " + vector);
        }
        return member;
    }

    /** Returns the texts of an array of strings that must be there. */
    public static List<String> texts(JsonObject vector, String key) {
        return member(vector, key).asArray().stream().map(Json::asString).toList();
    }

    private static String text(String path) {
        try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + path)) {
            if (in == null) {
                throw new AssertionError("no vectors/" + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
