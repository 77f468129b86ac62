package dev.scuttlebutt.store;

import dev.scuttlebutt.json.Json;
import java.util.function.BinaryOperator;

/**
 * What a {@link View} shows: what each document contributes, and how contributions are put together. Immutable.
 *
 * <pre>{@code
 * ViewDefinition stock = ViewDefinition.of("stock", 1,
 *         (name, state, emit) -> state.asObject().forEach((wine, bottles) -> emit.emit(bottles, wine)),
 *         Json.of(0), (sum, bottles) -> Json.of(sum.asDouble() + bottles.asDouble()));
 * }</pre>
 *
 * @see "persistence, section 9"
 */
public final class ViewDefinition {
    private final String name;
    private final int version;
    private final Mapper map;
    private final Json initial;
    private final BinaryOperator<Json> reduce;

    /** Says what a document contributes. Called for one document at a time, on a thread of the store. */
    @FunctionalInterface
    public interface Mapper {
        /**
         * Looks at a document. What it throws is logged, and the document contributes nothing.
         *
         * @param state as {@code toJson} of the document gives it
         * @param emit takes contributions, until this returns
         */
        void map(String document, Json state, Emitter emit);
    }

    /** Takes what a document contributes. */
    @FunctionalInterface
    public interface Emitter {
        /**
         * Contributes a value to a group, and with it to all groups that this one is in.
         *
         * @param group from the outermost to the innermost: {@code "2026", "05"}; none is the group of everything
         * @throws IllegalArgumentException if there are more than 16 levels, or more than 10,000 contributions of one
         *     document
         */
        void emit(Json value, String... group);
    }

    private ViewDefinition(String name, int version, Mapper map, Json initial, BinaryOperator<Json> reduce) {
        this.name = name;
        this.version = version;
        this.map = map;
        this.initial = initial;
        this.reduce = reduce;
    }

    /**
     * Defines a view.
     *
     * @param name under which it is kept
     * @param version to be raised when {@code map} is changed, so that what is kept is made anew
     * @param initial what the first value of a group is reduced with
     * @param reduce takes the result so far and one more value: that of a document, or the result of a group within. So
     *     the order and the grouping must not matter, as for sum, count, minimum.
     */
    public static ViewDefinition of(String name, int version, Mapper map, Json initial, BinaryOperator<Json> reduce) {
        return new ViewDefinition(name, version, map, initial, reduce);
    }

    String name() {
        return name;
    }

    int version() {
        return version;
    }

    Mapper map() {
        return map;
    }

    Json initial() {
        return initial;
    }

    Json reduce(Json result, Json value) {
        return reduce.apply(result, value);
    }

    @Override
    public String toString() {
        return "view " + name + ", version " + version;
    }
}
