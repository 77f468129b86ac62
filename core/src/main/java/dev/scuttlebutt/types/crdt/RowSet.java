package dev.scuttlebutt.types.crdt;

import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.Subscription;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a document of which something is true, in order, kept up to date: a live query. {@code Set} in JavaScript.
 * Made by {@link Doc#createSet(String, Object)} and its relatives.
 *
 * <p>Membership depends on the row's present state and nothing else, so replicas with the same updates have the same
 * members in the same order. Unless a {@link RowOrder} is given, rows with a text in the field {@code _sort} are placed by
 * it, the others by their id.
 *
 * <p>Looking up a row by index and its index by the row is O(log n). Lists are copies. Safe for use by several threads.
 *
 * @see "crdt, section 6"
 */
public sealed class RowSet implements Iterable<Row>, AutoCloseable permits RowSequence {
    /*
     * Events are built while the update is applied, so indices are those of that moment; listeners hear them later, but
     * all of them and in order. Whoever applies them to a list one after the other has what the set had after each.
     */

    /**
     * Something happened to a set. Applied to a list one after the other, in the order in which they come, these events
     * keep it equal to the set: {@code add(index)}, {@code set(index)}, {@code add(to, remove(from))} and {@code
     * remove(index)}.
     */
    public sealed interface Event extends ReplicaEvent {
        /** Returns the set. */
        RowSet set();
    }

    /**
     * What the set held when {@link #follow} began.
     *
     * @param rows all members in order
     * @param states their states
     */
    public record Started(RowSet set, List<Row> rows, List<JsonObject> states) implements Event {}

    /**
     * A row became a member. {@code add} in JavaScript.
     *
     * @param state the row as it was then
     */
    public record Added(RowSet set, int index, Row row, JsonObject state, Update update) implements Event {}

    /**
     * Fields of a member changed. {@code changes} in JavaScript.
     *
     * @param index before a {@link Moved} that may follow
     * @param fields names of the fields that were written, or taken away by a deletion that is older than others
     * @param state the row as it was then
     */
    public record Changed(RowSet set, int index, Row row, Set<String> fields, JsonObject state, Update update)
            implements Event {}

    /**
     * A member has another place; comes after {@link Changed}. {@code move} of a sequence in JavaScript.
     *
     * @param to its index once it was taken out at {@code from} and put back
     */
    public record Moved(RowSet set, int from, int to, Row row, JsonObject state, Update update) implements Event {}

    /** A row is no member any more. {@code remove} in JavaScript. */
    public record Removed(RowSet set, int index, Row row, Update update) implements Event {}

    final Doc doc;
    final Members members;
    private final String description;
    private boolean closed;

    RowSet(Doc doc, Matching matching, RowOrder order) {
        this.doc = doc;
        this.members = matching.members(order, new Teller());
        this.description = matching.description();
    }

    /** Returns the document. */
    public final Doc doc() {
        return doc;
    }

    /** Returns the field by which rows belong here, null when a rule decides. */
    public final @Nullable String field() {
        return members.field();
    }

    /** Returns the value of that field, null when a rule decides. */
    public final @Nullable Json value() {
        return members.value();
    }

    // Looking

    /** Returns the number of members. */
    public final int size() {
        return look(RowTree::size);
    }

    /** Tells whether there are no members. */
    public final boolean isEmpty() {
        return size() == 0;
    }

    /** Tells whether a row is a member. */
    public final boolean contains(Row row) {
        return indexOf(row) >= 0;
    }

    /** Tells whether the row of this id is a member; false for a name that cannot be one. {@code has} in JavaScript. */
    public final boolean contains(String id) {
        return get(id) != null;
    }

    /** Returns the member of this id, or null. */
    public final @Nullable Row get(String id) {
        Row row = new Row(doc, id);
        return contains(row) ? row : null;
    }

    /** Returns the member at an index, or null when there is none. */
    public final @Nullable Row at(int index) {
        return look(rows -> index < 0 || index >= rows.size() ? null : doc.row(rows.get(index)));
    }

    /** Returns the first member, or null when there are none. */
    public final @Nullable Row first() {
        return at(0);
    }

    /** Returns the last member, or null when there are none. */
    public final @Nullable Row last() {
        return look(rows -> rows.size() == 0 ? null : doc.row(rows.get(rows.size() - 1)));
    }

    /** Returns the index of a row, -1 when it is no member. */
    public final int indexOf(Row row) {
        return look(rows -> indexOf(rows, row));
    }

    /**
     * Returns the member after a member, null after the last and for a row that is no member. Unlike in the original,
     * rows with the same sort key are not skipped.
     */
    public final @Nullable Row next(Row row) {
        return neighbour(row, 1);
    }

    /** Returns the member before a member, null before the first and for a row that is no member. */
    public final @Nullable Row previous(Row row) {
        return neighbour(row, -1);
    }

    private @Nullable Row neighbour(Row row, int step) {
        return look(rows -> {
            int index = indexOf(rows, row);
            int other = index + step;
            return index < 0 || other < 0 || other >= rows.size() ? null : doc.row(rows.get(other));
        });
    }

    final int indexOf(RowTree rows, Row row) {
        RowState state = row.doc() == doc ? doc.state(row.id()) : null;
        return state == null || !state.isVisible() ? -1 : rows.indexOf(state);
    }

    /** Returns the members in order, as a copy. {@code asArray} in JavaScript. O(n). */
    public final List<Row> rows() {
        return look(rows -> {
            List<Row> all = new ArrayList<>(rows.size());
            rows.forEach(state -> all.add(doc.row(state)));
            return List.copyOf(all);
        });
    }

    /** Returns the ids of the members in order, as a copy. O(n). */
    public final List<String> ids() {
        return look(rows -> {
            List<String> all = new ArrayList<>(rows.size());
            rows.forEach(state -> all.add(state.id));
            return List.copyOf(all);
        });
    }

    /** Returns the members in order as objects of a class, see {@link Row#as}. O(n). */
    public final <T> List<T> toList(Class<T> type) {
        return states().stream()
                .map(state -> Objects.requireNonNull(state.as(type)))
                .toList();
    }

    /** Returns the states of the members in order. O(n). */
    public final JsonArray toJson() {
        return JsonArray.of(states());
    }

    private List<JsonObject> states() {
        return look(rows -> {
            List<JsonObject> all = new ArrayList<>(rows.size());
            rows.forEach(state -> all.add(state.toJson()));
            return List.copyOf(all);
        });
    }

    /** Iterates over a copy of the members, in order. */
    @Override
    public final Iterator<Row> iterator() {
        return rows().iterator();
    }

    /** Returns the members in order, as they are now. */
    public final Stream<Row> stream() {
        return rows().stream();
    }

    final <T extends @Nullable Object> T look(Function<RowTree, T> reader) {
        return doc.look(() -> {
            checkOpen();
            return reader.apply(members.rows);
        });
    }

    final void checkOpen() {
        if (closed) {
            throw new IllegalStateException(this + " was closed");
        }
    }

    // Changing

    /**
     * Takes a row out of the set by writing null into its {@link #field}; one update. Does nothing when the row is no
     * member.
     *
     * @return whether it was a member
     * @throws UnsupportedOperationException if a rule decides who is a member, or rows belong here because the field is null
     */
    public final boolean remove(Row row) {
        String field = removalField();
        return doc.make(() ->
                        look(rows -> indexOf(rows, row) < 0 ? null : doc.draft(row.id(), Json.object(field, null))))
                != null;
    }

    final String removalField() {
        String field = members.field();
        if (field == null) {
            throw new UnsupportedOperationException(
                    this + " has a rule for who is a member; change the row so that it does not keep it");
        }
        if (Json.NULL.equals(members.value())) {
            throw new UnsupportedOperationException(
                    this + " holds the rows in which " + field + " is null; give them another value");
        }
        return field;
    }

    // Listening

    /** Calls the listener for every event of this class that concerns this set, from now on. */
    public final <E extends Event> Subscription on(Class<E> type, Consumer<? super E> listener) {
        return doc.listen(this, event -> {
            if (type.isInstance(event)) {
                listener.accept(type.cast(event));
            }
        });
    }

    /**
     * Calls the listener with what the set holds, a {@link Started}, and then with every further event; none is missed
     * between. So a list on the screen can be filled and kept.
     *
     * <p>{@link Started} comes before this returns, unless a listener of the document is being called at the moment.
     */
    public final Subscription follow(Consumer<? super Event> listener) {
        Follower follower = new Follower(this, listener);
        Subscription events = doc.listen(this, follower::hear);
        Subscription start = doc.on(Follower.Begun.class, follower::begin);
        doc.make(() -> {
            checkOpen();
            doc.tell(new Follower.Begun(follower, new Started(this, rows(), states())));
            return null;
        });
        return () -> {
            start.close();
            events.close();
        };
    }

    /** Calls the action for every member and for every row that joins later. Otherwise as {@link #follow}. */
    public final Subscription onEach(Consumer<? super Row> action) {
        return follow(event -> {
            if (event instanceof Started started) {
                started.rows().forEach(action);
            } else if (event instanceof Added added) {
                action.accept(added.row());
            }
        });
    }

    /**
     * Stops keeping the set up to date; every use of it fails from then on. Sets cost memory by their members, and those
     * with a rule cost time at every change of any row, so close what is not needed any more.
     *
     * <p>A set by field and value is shared by all who asked for it, so it closes for all of them; the next to ask gets a
     * new one.
     */
    @Override
    public final void close() {
        doc.release(this);
    }

    /** Lock held. */
    final void markClosed() {
        closed = true;
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + " " + description;
    }

    private final class Teller implements Members.Observer {
        @Override
        public boolean isHeard() {
            return doc.hears(Changed.class);
        }

        @Override
        public void added(int index, Edit edit) {
            if (doc.hears(Added.class)) {
                doc.tell(new Added(RowSet.this, index, doc.row(edit.row), edit.state(), edit.update));
            }
        }

        @Override
        public void changed(int index, Edit edit) {
            if (doc.hears(Changed.class)) {
                doc.tell(new Changed(RowSet.this, index, doc.row(edit.row), edit.fields(), edit.state(), edit.update));
            }
        }

        @Override
        public void moved(int from, int to, Edit edit) {
            if (doc.hears(Moved.class)) {
                doc.tell(new Moved(RowSet.this, from, to, doc.row(edit.row), edit.state(), edit.update));
            }
        }

        @Override
        public void removed(int index, Edit edit) {
            if (doc.hears(Removed.class)) {
                doc.tell(new Removed(RowSet.this, index, doc.row(edit.row), edit.update));
            }
        }
    }
}
