package dev.scuttlebutt.types;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One change of a {@link GossipObject}: a path gets a value, or loses it.
 *
 * @param path keys from the outside in
 * @param value null for a deletion; {@link Json#NULL} is a value
 */
record PathChange(List<String> path, @Nullable Json value) {
    /** The visible state is nested as deeply as paths are long. */
    static final int MAX_LENGTH = Json.MAX_DEPTH - 1;

    /** Checks a change that is made here. */
    static PathChange of(List<String> path, @Nullable Json value) {
        checkPath(path);
        if (value instanceof JsonArray || value instanceof JsonObject) {
            throw new IllegalArgumentException(
                    "a value is null, a boolean, a number or a text; write the members of an object one by one, found "
                            + value);
        }
        return new PathChange(List.copyOf(path), value);
    }

    private static void checkPath(List<String> path) {
        if (path.isEmpty() || path.size() > MAX_LENGTH) {
            throw new IllegalArgumentException("a path has 1 to " + MAX_LENGTH + " keys, found " + path.size());
        }
        for (String key : path) {
            if (key.isEmpty() || key.equals("__proto__")) {
                throw new IllegalArgumentException("\"" + key + "\" cannot be a key: JavaScript peers refuse it");
            }
        }
    }

    /**
     * Reads the changes of an update.
     *
     * @throws IllegalArgumentException if one of them is malformed
     */
    static List<PathChange> read(Json change) {
        JsonArray list = change.asArray();
        if (list.size() == 0) {
            throw new IllegalArgumentException("an update of an object has at least one change");
        }
        List<PathChange> changes = new ArrayList<>(list.size());
        for (Json each : list) {
            JsonArray parts = each.asArray();
            if (parts.size() < 1 || parts.size() > 2) {
                throw new IllegalArgumentException("a change of an object is [path] or [path, value], found " + each);
            }
            List<String> path = new ArrayList<>();
            for (Json key : parts.get(0).asArray()) {
                if (!(key instanceof JsonString text)) {
                    throw new IllegalArgumentException("a path is an array of texts, found " + parts.get(0));
                }
                path.add(text.value());
            }
            changes.add(of(path, parts.size() == 2 ? parts.get(1) : null));
        }
        return changes;
    }

    Json toJson() {
        return value == null ? Json.array(Json.of(path)) : Json.array(Json.of(path), value);
    }

    /** Tells whether one path is the other, or leads to it. */
    boolean conflictsWith(PathChange other) {
        int shorter = Math.min(path.size(), other.path.size());
        return path.subList(0, shorter).equals(other.path.subList(0, shorter));
    }
}
