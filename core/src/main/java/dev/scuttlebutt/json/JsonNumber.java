package dev.scuttlebutt.json;

import org.jspecify.annotations.Nullable;

/**
 * A number: an IEEE 754 double, never NaN.
 *
 * <p>A text such as {@code 1e400} is read as infinity, as JavaScript does; infinity prints as {@code null}.
 */
public final class JsonNumber extends JsonValue implements Json {
    private static final double TWO_TO_63 = 0x1p63;

    private final double value;

    JsonNumber(double value) {
        this.value = value;
    }

    static JsonNumber finite(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("JSON has no " + value);
        }
        return new JsonNumber(value);
    }

    static JsonNumber exact(long value) {
        double nearest = value;
        // Long.MAX_VALUE rounds to 2^63, and the cast back saturates.
        if (nearest == TWO_TO_63 || (long) nearest != value) {
            throw inexact(Long.toString(value));
        }
        return new JsonNumber(nearest);
    }

    static IllegalArgumentException inexact(String value) {
        return new IllegalArgumentException(
                "JSON numbers are doubles, which cannot hold " + value + " exactly; pass a String instead");
    }

    /** Returns the value; it may be infinite, see above. */
    public double value() {
        return value;
    }

    @Override
    public double asDouble() {
        return value;
    }

    @Override
    public Double toJava() {
        return value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonNumber that && value == that.value;
    }

    @Override
    public int hashCode() {
        // Adding zero turns -0 into 0, which equals it.
        return Double.hashCode(value + 0.0);
    }

    @Override
    String kind() {
        return "a number";
    }
}
