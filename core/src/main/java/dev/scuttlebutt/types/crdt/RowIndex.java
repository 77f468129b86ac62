package dev.scuttlebutt.types.crdt;

import dev.scuttlebutt.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a document by the value of one field, kept up to date. Made by {@link Doc#createIndex}.
 *
 * <p>Rows without the field are not in it. Values are ordered as in {@link RowOrder}, rows of one value by id; null comes
 * last. Every look-up is O(log n) and the size of the answer. Safe for use by several threads.
 */
public final class RowIndex implements AutoCloseable {
    private final Doc doc;
    private final String field;
    final Members members;
    private boolean closed;

    RowIndex(Doc doc, String field) {
        this.doc = doc;
        this.field = field;
        this.members = Members.having(field);
    }

    /** Returns the field. */
    public String field() {
        return field;
    }

    /** Returns the number of rows that have the field. */
    public int size() {
        return look(RowTree::size);
    }

    /** Returns the rows in which the field has this value. */
    public List<Row> rows(@Nullable Object value) {
        Json wanted = Json.of(value);
        return look(rows -> list(rows, place(rows, wanted, 0), place(rows, wanted, 1)));
    }

    /** Returns how many rows have this value. O(log n). */
    public int count(@Nullable Object value) {
        Json wanted = Json.of(value);
        return look(rows -> place(rows, wanted, 1) - place(rows, wanted, 0));
    }

    /**
     * Returns the rows in which the field has a value of a range, in its order.
     *
     * @param from the least value
     * @param below the least value that is too great, for example {@code between("a", "b")} for everything that begins
     *     with an a
     */
    public List<Row> between(Object from, Object below) {
        Json low = Json.of(from);
        Json high = Json.of(below);
        return look(rows -> list(rows, place(rows, low, 0), place(rows, high, 0)));
    }

    /** Returns the values that occur, in order. O(values · log n). */
    public List<Json> values() {
        return look(rows -> {
            List<Json> values = new ArrayList<>();
            for (int at = 0; at < rows.size(); ) {
                Json value = value(rows.get(at));
                values.add(value);
                at = place(rows, value, 1);
            }
            return List.copyOf(values);
        });
    }

    /** Returns all rows that have the field, in its order. O(n). */
    public List<Row> rows() {
        return look(rows -> list(rows, 0, rows.size()));
    }

    /**
     * Stops keeping the index up to date; every use of it fails from then on. It is shared by all who asked for an index by
     * this field; the next to ask gets a new one.
     */
    @Override
    public void close() {
        doc.release(this);
    }

    /** Lock held. */
    void markClosed() {
        closed = true;
    }

    /** Index of the first row with this value, or, with 1 for {@code after}, the first behind them. */
    private int place(RowTree rows, Json wanted, int after) {
        return rows.firstFrom(row -> {
            int order = compare(value(row), wanted);
            return order == 0 ? -after : order;
        });
    }

    /** Null comes last, where the order of rows has put it. */
    private static int compare(Json left, Json right) {
        return JsonOrder.INSTANCE.compare(left, right);
    }

    private Json value(RowState row) {
        return Objects.requireNonNull(row.value(field));
    }

    private List<Row> list(RowTree rows, int from, int to) {
        List<Row> list = new ArrayList<>(Math.max(0, to - from));
        for (int i = from; i < to; i++) {
            list.add(doc.row(rows.get(i)));
        }
        return List.copyOf(list);
    }

    private <T extends @Nullable Object> T look(Function<RowTree, T> reader) {
        return doc.look(() -> {
            if (closed) {
                throw new IllegalStateException(this + " was closed");
            }
            return reader.apply(members.rows);
        });
    }

    @Override
    public String toString() {
        return "RowIndex " + field;
    }
}
