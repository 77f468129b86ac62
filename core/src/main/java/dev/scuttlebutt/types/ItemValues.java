package dev.scuttlebutt.types;

import dev.scuttlebutt.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be an item. */
final class ItemValues {
    private ItemValues() {}

    /** Returns a value that is there because an index led to it. */
    static Json existing(@Nullable Json value) {
        if (value == null) {
            throw new AssertionError("an index leads to a value");
        }
        return value;
    }

    /**
     * Returns what {@link Json#of(Object)} makes of it.
     *
     * @throws IllegalArgumentException for null too
     */
    static Json of(@Nullable Object value) {
        Json json = Json.of(value);
        if (json.isNull()) {
            throw new IllegalArgumentException("null cannot be an item: it is what deletes one");
        }
        return json;
    }

    /** Returns all of them as {@link #of(Object)} does. */
    static List<Json> all(Iterable<? extends @Nullable Object> values) {
        List<Json> all = new ArrayList<>();
        values.forEach(value -> all.add(of(value)));
        return all;
    }
}
