package dev.scuttlebutt.json;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A string: any sequence of UTF-16 units, unpaired surrogates included. */
public final class JsonString extends JsonValue implements Json {
    private static final JsonString[] LETTERS = new JsonString[128];

    static {
        for (char letter = 0; letter < LETTERS.length; letter++) {
            LETTERS[letter] = new JsonString(String.valueOf(letter));
        }
    }

    private final String value;

    JsonString(String value) {
        this.value = Objects.requireNonNull(value);
    }

    /** Returns a string of one unit: texts that are typed consist of few different ones. */
    static JsonString of(char unit) {
        return unit < LETTERS.length ? LETTERS[unit] : new JsonString(String.valueOf(unit));
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
