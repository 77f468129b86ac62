package dev.scuttlebutt.json;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An object: members in the order in which JavaScript lists them. Keys that are array indices ({@code 0} to {@code
 * 4294967294} without leading zeros) come first, ascending; all others follow in the order of their first appearance.
 */
public final class JsonObject extends JsonValue implements Json {
    /*
     * Two parallel arrays. Up to INDEX_FROM members a search through the keys is as fast as hashing and costs no memory.
     * Beyond, a HashMap finds the position: its buckets turn into trees, so that keys chosen to collide cost a logarithm.
     */
    private static final int INDEX_FROM = 9;
    private static final JsonObject EMPTY = new JsonObject(new String[0], new Json[0], null);

    private final String[] keys;
    private final Json[] values;
    private final @Nullable Map<String, Integer> index;
    private final int depth;

    private JsonObject(String[] keys, Json[] values, @Nullable Map<String, Integer> index) {
        int deepest = 0;
        for (Json value : values) {
            deepest = Math.max(deepest, depth(value));
        }
        this.keys = keys;
        this.values = values;
        this.index = index;
        this.depth = depthAround(deepest);
    }

    /** Returns a builder without members. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the number of members. */
    public int size() {
        return keys.length;
    }

    /** Returns the value of a member, or {@code null} if there is none; a member may also hold {@link Json#NULL}. */
    public @Nullable Json get(String key) {
        int at = find(key);
        return at < 0 ? null : values[at];
    }

    /** Returns whether there is a member with this key. */
    public boolean has(String key) {
        return find(key) >= 0;
    }

    /** Returns an unmodifiable view of the keys in ECMAScript's order. */
    public List<String> keys() {
        return Collections.unmodifiableList(Arrays.asList(keys));
    }

    /** Returns an unmodifiable view of the members in ECMAScript's order. */
    public List<Map.Entry<String, Json>> entries() {
        return new AbstractList<>() {
            @Override
            public Map.Entry<String, Json> get(int at) {
                return Map.entry(keys[at], values[at]);
            }

            @Override
            public int size() {
                return keys.length;
            }
        };
    }

    /** Calls the action for every member in ECMAScript's order. */
    public void forEach(BiConsumer<? super String, ? super Json> action) {
        for (int i = 0; i < keys.length; i++) {
            action.accept(keys[i], values[i]);
        }
    }

    /**
     * Returns a copy in which the member has the given value; a new member comes last, unless its key is an array index.
     *
     * <p>O(size).
     *
     * @throws IllegalArgumentException if the result were nested deeper than {@link Json#MAX_DEPTH}
     */
    public JsonObject with(String key, Json value) {
        Objects.requireNonNull(value);
        int at = find(key);
        if (at >= 0) {
            Json[] changed = values.clone();
            changed[at] = value;
            return new JsonObject(keys, changed, index);
        }
        String[] moreKeys = Arrays.copyOf(keys, keys.length + 1);
        Json[] moreValues = Arrays.copyOf(values, keys.length + 1);
        moreKeys[keys.length] = key;
        moreValues[keys.length] = value;
        return ofOwned(moreKeys, moreValues);
    }

    /**
     * Returns a copy without the member, or this object if there is no such member.
     *
     * <p>O(size).
     */
    public JsonObject without(String key) {
        int at = find(key);
        if (at < 0) {
            return this;
        }
        int rest = keys.length - 1;
        String[] fewerKeys = Arrays.copyOf(keys, rest);
        Json[] fewerValues = Arrays.copyOf(values, rest);
        System.arraycopy(keys, at + 1, fewerKeys, at, rest - at);
        System.arraycopy(values, at + 1, fewerValues, at, rest - at);
        return ofOwned(fewerKeys, fewerValues);
    }

    @Override
    public JsonObject asObject() {
        return this;
    }

    @Override
    public Map<String, @Nullable Object> toJava() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>(keys.length * 4 / 3 + 1);
        for (int i = 0; i < keys.length; i++) {
            map.put(keys[i], values[i].toJava());
        }
        return Collections.unmodifiableMap(map);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof JsonObject that) || keys.length != that.keys.length) {
            return false;
        }
        for (int i = 0; i < keys.length; i++) {
            // Equal objects mostly list their members in the same order.
            int at = keys[i].equals(that.keys[i]) ? i : that.find(keys[i]);
            if (at < 0 || !values[i].equals(that.values[at])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (int i = 0; i < keys.length; i++) {
            hash += keys[i].hashCode() ^ values[i].hashCode();
        }
        return hash;
    }

    @Override
    public int depth() {
        return depth;
    }

    @Override
    String kind() {
        return "an object";
    }

    String keyAt(int at) {
        return keys[at];
    }

    Json valueAt(int at) {
        return values[at];
    }

    private int find(String key) {
        if (index != null) {
            Integer at = index.get(key);
            return at == null ? -1 : at;
        }
        for (int i = 0; i < keys.length; i++) {
            if (keys[i].equals(key)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Makes an object of members in the order of a text: of equal keys the first keeps its place and the last its value.
     * Takes over the arrays.
     */
    static JsonObject ofOwned(String[] keys, Json[] values) {
        int n = keys.length;
        if (n == 0) {
            return EMPTY;
        }
        Map<String, Integer> index = n < INDEX_FROM ? null : new HashMap<>(n * 4 / 3 + 1);
        int size = index == null ? mergeBySearch(keys, values) : mergeByIndex(keys, values, index);
        if (size < n) {
            keys = Arrays.copyOf(keys, size);
            values = Arrays.copyOf(values, size);
        }
        if (MemberOrder.sort(keys, values) && index != null) {
            for (int i = 0; i < size; i++) {
                index.put(keys[i], i);
            }
        }
        return new JsonObject(keys, values, size < INDEX_FROM ? null : index);
    }

    private static int mergeBySearch(String[] keys, Json[] values) {
        int size = 0;
        for (int i = 0; i < keys.length; i++) {
            int at = 0;
            while (at < size && !keys[at].equals(keys[i])) {
                at++;
            }
            keys[at] = at == size ? keys[i] : keys[at];
            values[at] = values[i];
            size = Math.max(size, at + 1);
        }
        return size;
    }

    private static int mergeByIndex(String[] keys, Json[] values, Map<String, Integer> index) {
        int size = 0;
        for (int i = 0; i < keys.length; i++) {
            Integer first = index.putIfAbsent(keys[i], size);
            if (first == null) {
                keys[size] = keys[i];
                values[size++] = values[i];
            } else {
                values[first] = values[i];
            }
        }
        return size;
    }

    /** Collects members. Not safe for use by several threads. */
    public static final class Builder {
        private String[] keys = new String[8];
        private Json[] values = new Json[8];
        private int size;

        private Builder() {}

        /** Sets a member. A key that was set before keeps its place and takes the new value. */
        public Builder put(String key, Json value) {
            if (size == keys.length) {
                keys = Arrays.copyOf(keys, size * 2);
                values = Arrays.copyOf(values, size * 2);
            }
            keys[size] = Objects.requireNonNull(key);
            values[size++] = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Returns the object; the builder may be used further.
         *
         * @throws IllegalArgumentException if the result were nested deeper than {@link Json#MAX_DEPTH}
         */
        public JsonObject build() {
            return ofOwned(Arrays.copyOf(keys, size), Arrays.copyOf(values, size));
        }
    }
}
