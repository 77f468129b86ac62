package dev.scuttlebutt.types.crdt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonBoolean;
import dev.scuttlebutt.json.JsonNull;
import dev.scuttlebutt.json.JsonNumber;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** A total order of JSON values, in which two are level exactly when they are equal. */
enum JsonOrder implements Comparator<Json> {
    /** The only instance. */
    INSTANCE;

    /** By kind; of one kind by value. Texts compare as {@code String.compareTo} and as {@code <} of JavaScript. */
    @Override
    public int compare(Json left, Json right) {
        if (left instanceof JsonString a && right instanceof JsonString b) {
            return a.value().compareTo(b.value());
        } else if (left instanceof JsonNumber a && right instanceof JsonNumber b) {
            // Unlike Double.compare: -0 and 0 are equal.
            return a.value() < b.value() ? -1 : a.value() > b.value() ? 1 : 0;
        } else if (left instanceof JsonBoolean a && right instanceof JsonBoolean b) {
            return Boolean.compare(a.asBoolean(), b.asBoolean());
        } else if (left instanceof JsonArray a && right instanceof JsonArray b) {
            return compareItems(a, b);
        } else if (left instanceof JsonObject a && right instanceof JsonObject b) {
            return compareMembers(a, b);
        }
        return Integer.compare(rank(left), rank(right));
    }

    private static int rank(Json value) {
        if (value instanceof JsonBoolean) {
            return 0;
        } else if (value instanceof JsonNumber) {
            return 1;
        } else if (value instanceof JsonString) {
            return 2;
        } else if (value instanceof JsonArray) {
            return 3;
        }
        return value instanceof JsonNull ? 5 : 4;
    }

    private int compareItems(JsonArray left, JsonArray right) {
        int common = Math.min(left.size(), right.size());
        for (int i = 0; i < common; i++) {
            int order = compare(left.get(i), right.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.size(), right.size());
    }

    /** The order of members does not count. */
    private int compareMembers(JsonObject left, JsonObject right) {
        List<String> leftKeys = sorted(left.keys());
        List<String> rightKeys = sorted(right.keys());
        int common = Math.min(leftKeys.size(), rightKeys.size());
        for (int i = 0; i < common; i++) {
            String key = leftKeys.get(i);
            int order = key.compareTo(rightKeys.get(i));
            if (order == 0) {
                order = compare(Objects.requireNonNull(left.get(key)), Objects.requireNonNull(right.get(key)));
            }
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(leftKeys.size(), rightKeys.size());
    }

    private static List<String> sorted(List<String> keys) {
        List<String> sorted = new ArrayList<>(keys);
        Collections.sort(sorted);
        return sorted;
    }
}
