package dev.scuttlebutt.json;

import org.jspecify.annotations.Nullable;

/**
 * An immutable JSON value with the meaning JavaScript gives it: numbers are doubles, members have ECMAScript's order,
 * of duplicate members the last wins, strings are any sequence of UTF-16 units.
 *
 * <p>All implementations are values: {@code equals} compares content (objects without regard to member order, {@code
 * 0} equal to {@code -0}, since both print as {@code 0}), and every instance may be shared between threads. Trees are
 * at most {@link #MAX_DEPTH} levels deep, however they were made, so recursion over them is safe.
 *
 * <p>Text written by {@link #toString} is what {@code JSON.stringify} prints for the same value.
 */
public sealed interface Json permits JsonNull, JsonBoolean, JsonNumber, JsonString, JsonArray, JsonObject {
    /*
     * No default methods here. The constants below make the initialisation of this interface wait for that of JsonNull;
     * with a default method the initialisation of JsonNull would also wait for this interface, and two threads that
     * start at opposite ends would wait for each other for ever.
     */

    /** Levels of arrays and objects that a tree may have; a scalar has none, {@code []} has one. */
    int MAX_DEPTH = 1000;

    /** The value {@code null}. */
    Json NULL = JsonNull.INSTANCE;

    /** The value {@code true}. */
    Json TRUE = JsonBoolean.TRUE;

    /** The value {@code false}. */
    Json FALSE = JsonBoolean.FALSE;

    /** Returns {@link #TRUE} or {@link #FALSE}. */
    static Json of(boolean value) {
        return value ? TRUE : FALSE;
    }

    /**
     * Returns a number. Negative zero is kept, although it prints as {@code 0}.
     *
     * @throws IllegalArgumentException if the value is NaN or infinite, which JSON cannot express
     */
    static Json of(double value) {
        return JsonNumber.finite(value);
    }

    /**
     * Returns a number.
     *
     * @throws IllegalArgumentException if no double has exactly this value, which happens above 2<sup>53</sup>; pass such
     *     numbers as a string
     */
    static Json of(long value) {
        return JsonNumber.exact(value);
    }

    /** Returns a string of one UTF-16 unit. */
    static Json of(char value) {
        return JsonString.of(value);
    }

    /** Returns a string, or {@link #NULL} for {@code null}. */
    static Json of(@Nullable String value) {
        return value == null ? NULL : new JsonString(value);
    }

    /**
     * Converts ordinary Java to JSON. The result shares nothing mutable with the argument.
     *
     * <ul>
     *   <li>{@code null} and an empty {@code Optional} become {@code null}; a {@code Json} stays what it is;
     *   <li>{@code Boolean}, any {@code Number} (as double), {@code CharSequence}, {@code Character} and enums (by name)
     *       become scalars;
     *   <li>{@code Iterable}s and arrays, also of primitives, become arrays;
     *   <li>a {@code Map} with strings, enums or characters as keys, records (components in their order) and beans
     *       (properties by name) become objects.
     * </ul>
     *
     * <p>A bean is an object of a class, not of the JDK, that has a constructor without parameters and public pairs of
     * getter and setter, which are its properties.
     *
     * @throws IllegalArgumentException naming the place, if something is of another class, is a number that JSON or a
     *     double cannot hold exactly, contains itself, or is nested deeper than {@link #MAX_DEPTH}
     */
    static Json of(@Nullable Object value) {
        return FromJava.convert(value);
    }

    /**
     * Returns an object: {@code Json.object("name", "Ada", "born", 1815)}. Values are converted as by {@link
     * #of(Object)}.
     *
     * @param keysAndValues alternately a key (a string) and a value
     * @throws IllegalArgumentException if a key is not a string, the last key has no value, or a value cannot be
     *     converted
     */
    static JsonObject object(@Nullable Object... keysAndValues) {
        return FromJava.object(keysAndValues);
    }

    /**
     * Returns an array. Values are converted as by {@link #of(Object)}.
     *
     * @throws IllegalArgumentException if a value cannot be converted
     */
    static JsonArray array(@Nullable Object... values) {
        return FromJava.array(values);
    }

    /**
     * Parses a text as {@code JSON.parse} does: one value, strict grammar, white space around it allowed.
     *
     * @throws JsonException if the text is not JSON or is nested deeper than {@link #MAX_DEPTH}
     */
    static Json parse(String text) {
        JsonReader reader = new JsonReader(text);
        Json value = reader.read();
        reader.end();
        return value;
    }

    /** Returns whether this is {@code null}. */
    boolean isNull();

    /** Returns how deeply it is nested: 0 for a scalar, 1 for an empty array. At most {@link #MAX_DEPTH}. */
    int depth();

    /**
     * Returns the text of a string.
     *
     * @throws IllegalArgumentException if this is not a string
     */
    String asString();

    /**
     * Returns the value of a number; it may be infinite if it was parsed from a text such as {@code 1e400}.
     *
     * @throws IllegalArgumentException if this is not a number
     */
    double asDouble();

    /**
     * Returns the value of a boolean.
     *
     * @throws IllegalArgumentException if this is not a boolean
     */
    boolean asBoolean();

    /**
     * Returns this as an array.
     *
     * @throws IllegalArgumentException if this is not an array
     */
    JsonArray asArray();

    /**
     * Returns this as an object.
     *
     * @throws IllegalArgumentException if this is not an object
     */
    JsonObject asObject();

    /**
     * Returns this as ordinary Java: {@code null}, {@code Boolean}, {@code Double}, {@code String}, or an unmodifiable
     * {@code List} or {@code Map} of these. Maps iterate in ECMAScript's member order.
     */
    @Nullable
    Object toJava();

    /**
     * Returns this as an instance of a type.
     *
     * <p>Supported are {@code String}, {@code boolean}, all numbers including {@code BigInteger} and {@code BigDecimal}
     * (a number that the type cannot hold exactly is an error; {@code float} rounds), {@code char}, enums (by name),
     * {@code Object} (as {@link #toJava}), {@code Json} and its kinds, {@code Optional}, {@code List}, {@code Set},
     * {@code Map}, arrays, records and beans (see {@link #of(Object)}). A record takes its components from the members of
     * an object, following generic types such as {@code List<Point>}; members without a component are ignored, components
     * without a member are {@code null} or empty, and an error if they are primitive. A bean takes its properties in the
     * same way, but those without a member stay what its constructor made them.
     *
     * @return the instance; {@code null} for JSON's {@code null}
     * @throws IllegalArgumentException naming the place, what was expected and what was found
     */
    <T> @Nullable T as(Class<T> type);

    /** Returns the text that {@code JSON.stringify} prints for this value. */
    @Override
    String toString();
}
