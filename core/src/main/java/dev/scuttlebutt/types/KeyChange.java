package dev.scuttlebutt.types;

import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;

/** The change that writes a key of a map: {@code [key, value]}. */
final class KeyChange {
    private KeyChange() {}

    /**
     * Returns a key that all peers can take.
     *
     * @throws IllegalArgumentException for {@code __proto__}
     */
    static String checkKey(String key) {
        if (key.equals("__proto__")) {
            throw new IllegalArgumentException("__proto__ cannot be a key: JavaScript peers refuse it");
        }
        return key;
    }

    /** Returns the value that an update writes; {@link Json#NULL}, which deletes, where there is none. */
    static Json value(Update update) {
        JsonArray change = update.change().asArray();
        return change.size() < 2 ? Json.NULL : change.get(1);
    }
}
