package dev.scuttlebutt.types.crdt;

import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.position.PositionKeys;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a document of which something is true, in an order that people make: a replicated list. {@code Seq} in
 * JavaScript. Made by {@link Doc#createSequence(String, Object)}.
 *
 * <p>The place of a row is a text in its field {@code _sort}; moving a row writes that field and nothing else, so whoever
 * moves it at the same time as somebody changes another field of it disturbs nobody, and of two who move it one wins.
 * Rows whose places are level are ordered by id, those without a place come last, by id.
 *
 * <p>Nothing is ever written in answer to what arrives. Where a place between two rows is asked for and there is none,
 * because two replicas chose the same place at the same time or because rows came without one, the rows in the way are
 * given places of their own first.
 *
 * <p>Whatever is inserted may be given as a {@link Row} of the document, which is moved, and made a member if it is none;
 * or as the fields of a new row, as for {@link Doc#add}, whose id is then its {@code id} or {@code _id} or a random one.
 * The object given is not changed. Where the set has a rule, the fields should be such that they keep it.
 *
 * <p>Inserting, moving and finding neighbours is O(log n).
 *
 * @see "crdt, section 7"
 */
public final class RowSequence extends RowSet {
    /**
     * How often a row that is in the way may turn out to have been moved by somebody else at the same moment. Writes that
     * lose every time lose against a forged timestamp.
     */
    private static final int MAX_LOST = 16;

    private @Nullable PositionKeys keys;

    RowSequence(Doc doc, Matching matching) {
        super(doc, matching, RowOrder.SEQUENCE);
    }

    // Inserting

    /** Puts a row after the last one. */
    public Row push(Object item) {
        return place(item, (rows, moved) -> Gap.before(rows, rows.size(), moved));
    }

    /** Puts a row before the first one. */
    public Row unshift(Object item) {
        return place(item, (rows, moved) -> Gap.before(rows, 0, moved));
    }

    /** Puts a row right before another; after the last one if that is no member. */
    public Row before(Object item, Row next) {
        return place(item, (rows, moved) -> {
            int index = indexOf(rows, next);
            return Gap.before(rows, index < 0 ? rows.size() : index, moved);
        });
    }

    /** Puts a row right after another; before the first one if that is no member. */
    public Row after(Object item, Row previous) {
        return place(item, (rows, moved) -> Gap.before(rows, indexOf(rows, previous) + 1, moved));
    }

    /**
     * Puts a row between two others: right after the first, or, when that is null or no member, right before the second;
     * when neither is a member, after the last.
     *
     * @throws IllegalArgumentException if both are members and the first does not come before the second
     */
    public Row insert(Object item, @Nullable Row previous, @Nullable Row next) {
        return place(item, (rows, moved) -> {
            int left = previous == null ? -1 : indexOf(rows, previous);
            int right = next == null ? -1 : indexOf(rows, next);
            if (left >= 0 && right >= 0 && left >= right) {
                throw new IllegalArgumentException(
                        "the row " + previous + " at " + left + " does not come before the row " + next + " at " + right
                                + ", so nothing can be put between them");
            }
            return Gap.before(rows, left >= 0 ? left + 1 : right >= 0 ? right : rows.size(), moved);
        });
    }

    /**
     * Puts a row at an index: after this its index is the one given, if nobody else is writing.
     *
     * @throws IndexOutOfBoundsException if there would be a hole before it
     */
    public Row insert(int index, Object item) {
        return place(item, (rows, moved) -> {
            int own = moved == null ? -1 : rows.indexOf(moved);
            int others = rows.size() - (own >= 0 ? 1 : 0);
            if (index < 0 || index > others) {
                throw new IndexOutOfBoundsException(
                        "index " + index + " in " + this + ", which has " + others + " other rows");
            }
            return Gap.before(rows, own >= 0 && own < index ? index + 1 : index, moved);
        });
    }

    /** Takes out the last row, see {@link #remove}; null when there is none. */
    public @Nullable Row pop() {
        return takeOut(rows -> rows.size() - 1);
    }

    /** Takes out the first row, see {@link #remove}; null when there is none. */
    public @Nullable Row shift() {
        return takeOut(rows -> 0);
    }

    private @Nullable Row takeOut(ToIntFunction<RowTree> choice) {
        String field = removalField();
        @Nullable Row[] taken = {null};
        doc.make(() -> look(rows -> {
            taken[0] = null;
            if (rows.size() == 0) {
                return null;
            }
            RowState state = rows.get(choice.applyAsInt(rows));
            taken[0] = doc.row(state);
            return doc.draft(state.id, Json.object(field, null));
        }));
        return taken[0];
    }

    // Places

    /** Finds the place asked for. */
    @FunctionalInterface
    private interface Place {
        /**
         * Returns where to insert.
         *
         * @param moved the row that is inserted, if there is one already; it does not count as a neighbour
         */
        Gap in(RowTree rows, @Nullable RowState moved);
    }

    private Row place(Object item, Place place) {
        Item inserted = Item.of(item, this);
        int lost = 0;
        while (true) {
            @Nullable RowState[] inTheWay = {null};
            Update made = doc.make(() -> look(rows -> {
                RowState moved = doc.state(inserted.id());
                Gap gap = place.in(rows, moved);
                inTheWay[0] = gap.firstToMove();
                return inTheWay[0] == null
                        ? draft(inserted, moved, key(gap.leftKey(), gap.rightKey()))
                        : doc.draft(inTheWay[0].id, makeRoom(gap, inTheWay[0]));
            }));
            if (inTheWay[0] == null) {
                return doc.row(inserted.id());
            }
            lost += wasWon(inTheWay[0], made) ? 0 : 1;
            if (lost > MAX_LOST) {
                throw new IllegalStateException("the row " + inTheWay[0].id + " is in the way in " + this
                        + " and cannot be moved: its place was written with a timestamp that no clock reaches");
            }
        }
    }

    /** The fields that put a row which is in the way elsewhere. */
    private JsonObject makeRoom(Gap gap, RowState inTheWay) {
        String key = RowOrder.sortKey(inTheWay) == null
                ? key(gap.keyBefore(inTheWay), null)
                : key(gap.leftKey(), gap.keyAfter(inTheWay));
        return Json.object(RowOrder.SORT_KEY, key);
    }

    private boolean wasWon(RowState row, @Nullable Update update) {
        return look(rows -> row.winner(RowOrder.SORT_KEY) == update);
    }

    private Json draft(Item item, @Nullable RowState known, String key) {
        JsonObject fields = item.fields().with(RowOrder.SORT_KEY, Json.of(key));
        String field = members.field();
        Json value = members.value();
        if (field != null && value != null && (item.isNew() || known == null || !value.equals(known.value(field)))) {
            fields = fields.with(field, value);
        }
        return doc.draft(item.id(), fields);
    }

    private String key(@Nullable String left, @Nullable String right) {
        PositionKeys maker = keys;
        if (maker == null) {
            maker = new PositionKeys(doc.dice());
            keys = maker;
        }
        return maker.between(left, right, key -> Gap.isTaken(members.rows, key));
    }
}
