package dev.scuttlebutt.json;

import org.jspecify.annotations.Nullable;

/** The value {@code null}; there is one instance, {@link Json#NULL}. */
public final class JsonNull extends JsonValue implements Json {
    static final JsonNull INSTANCE = new JsonNull();

    private JsonNull() {}

    @Override
    public boolean isNull() {
        return true;
    }

    @Override
    public @Nullable Object toJava() {
        return null;
    }

    @Override
    String kind() {
        return "null";
    }
}
