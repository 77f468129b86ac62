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
        // Not String.lines: a carriage return does not end a line.
        return Arrays.stream(text(file).split("\n"))
                .map(line -> Json.parse(line).asObject())
                .toList();
    }

    /** Reads a {@code *.json} file. */
    public static Json json(String file) {
        return Json.parse(text(file));
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

    private static String text(String file) {
        try (InputStream in = Vectors.class.getResourceAsStream("/vectors/core/" + file)) {
            if (in == null) {
                throw new AssertionError("no vectors/core/" + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
