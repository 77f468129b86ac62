package dev.scuttlebutt.types;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonString;
import dev.scuttlebutt.types.sequence.JsText;
import org.jspecify.annotations.Nullable;

/** What JavaScript makes of values that a program did not expect, for the compatible modes. Null stands for undefined. */
final class JsValues {
    private JsValues() {}

    static boolean isTruthy(@Nullable Json value) {
        return value != null
                && !value.isNull()
                && !value.equals(Json.FALSE)
                && !value.equals(Json.of(0))
                && !value.equals(Json.of(""));
    }

    /** Returns the text of a value that is used as a key. */
    static String asText(@Nullable Json value) {
        return value == null ? "undefined" : JsText.of(value);
    }

    /**
     * Returns {@code value[index]}.
     *
     * @throws IllegalArgumentException if the value is null, where JavaScript throws
     */
    static @Nullable Json element(Json value, int index) {
        if (value.isNull()) {
            throw new IllegalArgumentException("null has no elements");
        }
        if (value instanceof JsonArray array) {
            return index < array.size() ? array.get(index) : null;
        }
        if (value instanceof JsonString text) {
            return index < text.value().length() ? Json.of(text.value().substring(index, index + 1)) : null;
        }
        return null;
    }

    /** Returns the members of one object and, over them, those of another. Arrays have their indexes for names. */
    static JsonObject extend(Json object, Json by) {
        JsonObject.Builder all = JsonObject.builder();
        putAll(all, object);
        putAll(all, by);
        return all.build();
    }

    private static void putAll(JsonObject.Builder all, Json from) {
        if (from instanceof JsonObject object) {
            object.forEach(all::put);
        } else if (from instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                all.put(String.valueOf(i), array.get(i));
            }
        }
    }
}
