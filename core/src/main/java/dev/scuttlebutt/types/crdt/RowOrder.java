package dev.scuttlebutt.types.crdt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonString;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The order in which a {@link RowSet} lists its rows: by one field, where that is level by the next, and at last by id, so
 * that all replicas list alike. Immutable.
 *
 * <pre>{@code
 * doc.createSet("type", "task", RowOrder.by("due").thenByDescending("priority"))
 * }</pre>
 *
 * <p>Values of different kinds are ordered by kind: booleans, numbers, texts, arrays, objects. Texts compare by UTF-16
 * unit, as in JavaScript. Rows without the field, and those in which it is null, come last, in both directions.
 */
public final class RowOrder {
    static final String SORT_KEY = "_sort";

    /** As {@code toJSON} of the original lists a set: by sort key, or by id where there is none. */
    static final RowOrder SET = new RowOrder(List.of(new Step(SORT_KEY, (left, right) -> {
        String a = sortKey(left);
        String b = sortKey(right);
        return (a == null ? left.id : a).compareTo(b == null ? right.id : b);
    })));

    /** As sequences are ordered: those without a sort key come last. */
    static final RowOrder SEQUENCE = new RowOrder(List.of(new Step(SORT_KEY, (left, right) -> {
        String a = sortKey(left);
        String b = sortKey(right);
        return a == null || b == null ? absentLast(a, b) : a.compareTo(b);
    })));

    private record Step(String field, Comparator<RowState> order) {
        static Step by(String field, int sign) {
            return new Step(field, (left, right) -> {
                Json a = value(left, field);
                Json b = value(right, field);
                return a == null || b == null ? absentLast(a, b) : sign * JsonOrder.INSTANCE.compare(a, b);
            });
        }
    }

    private final List<Step> steps;

    private RowOrder(List<Step> steps) {
        this.steps = steps;
    }

    /** Orders by a field, ascending. */
    public static RowOrder by(String field) {
        return new RowOrder(List.of(Step.by(field, 1)));
    }

    /** Orders by a field, descending. */
    public static RowOrder byDescending(String field) {
        return new RowOrder(List.of(Step.by(field, -1)));
    }

    /** Orders rows that are level so far by a further field, ascending. */
    public RowOrder thenBy(String field) {
        return then(Step.by(field, 1));
    }

    /** Orders rows that are level so far by a further field, descending. */
    public RowOrder thenByDescending(String field) {
        return then(Step.by(field, -1));
    }

    private RowOrder then(Step step) {
        List<Step> more = new ArrayList<>(steps);
        more.add(step);
        return new RowOrder(List.copyOf(more));
    }

    int compare(RowState left, RowState right) {
        for (Step step : steps) {
            int order = step.order.compare(left, right);
            if (order != 0) {
                return order;
            }
        }
        return left.id.compareTo(right.id);
    }

    /** Tells whether writing these fields can move a row. */
    boolean dependsOn(Set<String> fields) {
        for (Step step : steps) {
            if (fields.contains(step.field)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the place of a row in sequences, null when it has none that could be compared. */
    static @Nullable String sortKey(RowState row) {
        return row.value(SORT_KEY) instanceof JsonString key ? key.value() : null;
    }

    private static @Nullable Json value(RowState row, String field) {
        Json value = row.value(field);
        return value == null || value.isNull() ? null : value;
    }

    private static int absentLast(@Nullable Object left, @Nullable Object right) {
        return (left == null ? 1 : 0) - (right == null ? 1 : 0);
    }
}
