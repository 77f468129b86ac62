package dev.scuttlebutt.json;

import org.jspecify.annotations.Nullable;

/** A place within a value, as messages name it: {@code $.users[3].name}. */
record JsonPath(@Nullable JsonPath parent, Object step) {
    private static final int LONGEST = 200;

    static final JsonPath ROOT = new JsonPath(null, "");

    JsonPath then(Object keyOrIndex) {
        return new JsonPath(this, keyOrIndex);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (JsonPath at = this; at != null && at.parent != null; at = at.parent) {
            if (text.length() > LONGEST) {
                text.insert(0, "…");
                break;
            }
            text.insert(0, step(at.step));
        }
        return text.insert(0, '$').toString();
    }

    /** Spells one step: an index, a key that reads like a name, or any other key as a JSON string. */
    static String step(Object keyOrIndex) {
        if (keyOrIndex instanceof Integer) {
            return "[" + keyOrIndex + "]";
        }
        String key = keyOrIndex.toString();
        if (key.isEmpty()) {
            return "";
        }
        for (int i = 0; i < key.length(); i++) {
            if (!Character.isJavaIdentifierPart(key.charAt(i)) || key.length() > LONGEST) {
                return "[" + new JsonString(key.length() > LONGEST ? key.substring(0, LONGEST) + "…" : key) + "]";
            }
        }
        return "." + key;
    }
}
