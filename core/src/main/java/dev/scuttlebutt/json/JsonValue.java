package dev.scuttlebutt.json;

import org.jspecify.annotations.Nullable;

/** What the kinds of {@link Json} have in common; deliberately not a {@code Json} itself, see there. */
abstract sealed class JsonValue permits JsonNull, JsonBoolean, JsonNumber, JsonString, JsonArray, JsonObject {
    private static final int EXCERPT = 40;

    /** Levels of arrays and objects in this value. */
    public int depth() {
        return 0;
    }

    /** The name of this kind for messages, with its article. */
    abstract String kind();

    public boolean isNull() {
        return false;
    }

    public String asString() {
        throw mismatch("a string");
    }

    public double asDouble() {
        throw mismatch("a number");
    }

    public boolean asBoolean() {
        throw mismatch("a boolean");
    }

    public JsonArray asArray() {
        throw mismatch("an array");
    }

    public JsonObject asObject() {
        throw mismatch("an object");
    }

    public <T> @Nullable T as(Class<T> type) {
        return ToJava.convert((Json) this, type);
    }

    @Override
    public String toString() {
        JsonWriter writer = new JsonWriter();
        writer.write((Json) this);
        return writer.toString();
    }

    static int depth(Json value) {
        return ((JsonValue) value).depth();
    }

    /** Returns the depth of a container whose deepest child has the given depth. */
    static int depthAround(int deepestChild) {
        if (deepestChild >= Json.MAX_DEPTH) {
            throw new IllegalArgumentException("JSON may not be nested deeper than " + Json.MAX_DEPTH + " levels");
        }
        return deepestChild + 1;
    }

    /** Describes a value in a message: its kind and, for a scalar, the beginning of its text. */
    static String describe(Json value) {
        JsonValue v = (JsonValue) value;
        if (value instanceof JsonNull || value instanceof JsonArray || value instanceof JsonObject) {
            return v.kind();
        }
        String text = value instanceof JsonString s && s.value().length() > EXCERPT
                ? new JsonString(s.value().substring(0, EXCERPT)) + "…"
                : value.toString();
        return v.kind() + ": " + text;
    }

    private IllegalArgumentException mismatch(String expected) {
        return new IllegalArgumentException("expected " + expected + ", found " + describe((Json) this));
    }
}
