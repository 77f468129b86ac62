package dev.scuttlebutt.json;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An array of values. */
public final class JsonArray extends JsonValue implements Json, Iterable<Json> {
    static final JsonArray EMPTY = new JsonArray(new Json[0]);

    private final Json[] items;
    private final int depth;

    /** Takes over the array, which must not be changed afterwards. */
    JsonArray(Json[] items) {
        int deepest = 0;
        for (Json item : items) {
            deepest = Math.max(deepest, depth(item));
        }
        this.items = items;
        this.depth = depthAround(deepest);
    }

    /**
     * Returns an array of the given values in their order.
     *
     * @throws IllegalArgumentException if the result were nested deeper than {@link Json#MAX_DEPTH}
     */
    public static JsonArray of(List<? extends Json> items) {
        return ofOwned(items.toArray(new Json[0]));
    }

    static JsonArray ofOwned(Json[] items) {
        return items.length == 0 ? EMPTY : new JsonArray(items);
    }

    /** Returns the number of values. */
    public int size() {
        return items.length;
    }

    /**
     * Returns the value at an index.
     *
     * @throws IndexOutOfBoundsException if the index is negative or not less than {@link #size}
     */
    public Json get(int index) {
        return items[index];
    }

    /** Returns an unmodifiable view. */
    public List<Json> toList() {
        return Collections.unmodifiableList(Arrays.asList(items));
    }

    /** Returns the values in their order. */
    public Stream<Json> stream() {
        return Arrays.stream(items);
    }

    @Override
    public Iterator<Json> iterator() {
        return toList().iterator();
    }

    @Override
    public JsonArray asArray() {
        return this;
    }

    @Override
    public List<@Nullable Object> toJava() {
        List<@Nullable Object> list = new ArrayList<>(items.length);
        for (Json item : items) {
            list.add(item.toJava());
        }
        return Collections.unmodifiableList(list);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonArray that && Arrays.equals(items, that.items);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(items);
    }

    @Override
    public int depth() {
        return depth;
    }

    @Override
    String kind() {
        return "an array";
    }
}
