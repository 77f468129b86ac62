package dev.scuttlebutt.json;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A string: any sequence of UTF-16 units, unpaired surrogates included. */
public final class JsonString extends JsonValue implements Json {
    private final String value;

    JsonString(String value) {
        this.value = Objects.requireNonNull(value);
    }

    /** Returns the text. */
    public String value() {
        return value;
    }

    @Override
    public String asString() {
        return value;
    }

    @Override
    public String toJava() {
        return value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonString that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    String kind() {
        return "a string";
    }
}
