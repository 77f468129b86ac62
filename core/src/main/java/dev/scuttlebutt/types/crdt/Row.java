package dev.scuttlebutt.types.crdt;

import dev.scuttlebutt.Subscription;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A row of a document: its id, by which its fields are looked up. Whether the row exists, now or later, does not matter to
 * this object; two are equal when document and id are.
 *
 * <p>Safe for use by several threads. Looking costs the lock and a hash look-up.
 */
public final class Row {
    private final Doc doc;
    private final String id;

    Row(Doc doc, String id) {
        this.doc = doc;
        this.id = id;
    }

    /** Returns the document. */
    public Doc doc() {
        return doc;
    }

    /** Returns the id. */
    public String id() {
        return id;
    }

    /**
     * Tells whether the document shows this row: a field of it was written, and if it was ever deleted, a field was
     * written to something other than null since.
     */
    public boolean exists() {
        return doc.look(() -> visible() != null);
    }

    // Looking

    /**
     * Returns the value of a field; null when it was never written or the row does not exist. A written null is
     * {@link Json#NULL}.
     */
    public @Nullable Json get(String field) {
        return doc.look(() -> {
            RowState state = visible();
            return state == null ? null : state.value(field);
        });
    }

    /**
     * Returns the value of a field as an object of this class; null when it was never written, is null, or the row does
     * not exist.
     *
     * @throws IllegalArgumentException if it cannot be one. See {@link Json#as}.
     */
    public <T> @Nullable T get(String field, Class<T> type) {
        Json value = get(field);
        return value == null ? null : value.as(type);
    }

    /** Returns all fields with their values, and {@code id} in any case. */
    public JsonObject toJson() {
        return doc.look(() -> {
            RowState state = visible();
            return state == null ? Json.object("id", id) : state.toJson();
        });
    }

    /**
     * Returns the row as an object of a class: a record, a bean or whatever {@link Json#as} makes of an object. Null when
     * the row does not exist. A component {@code id} gets the id.
     *
     * @throws IllegalArgumentException naming the field, if a value is of another kind than the class wants. Peers may
     *     write anything into any field.
     */
    public <T> @Nullable T as(Class<T> type) {
        JsonObject state = doc.look(() -> {
            RowState known = visible();
            return known == null ? null : known.toJson();
        });
        return state == null ? null : state.as(type);
    }

    /**
     * Returns the update that wrote a field last, which tells who did it and when; null when the field was never written
     * or its value was deleted. {@code timeUpdated} in JavaScript, which returns the source.
     */
    public @Nullable Update lastUpdate(String field) {
        return doc.look(() -> {
            RowState state = doc.state(id);
            return state == null ? null : state.winner(field);
        });
    }

    private @Nullable RowState visible() {
        RowState state = doc.state(id);
        return state != null && state.isVisible() ? state : null;
    }

    // Changing

    /**
     * Writes a field. The row is created if there is none.
     *
     * @param value anything {@link Json#of(Object)} takes; copied. Null is a value like others: it does not remove the
     *     field.
     * @return this
     * @throws IllegalArgumentException for {@code id} with another value than the id, and for field names that
     *     JavaScript peers cannot take
     */
    public Row set(String field, @Nullable Object value) {
        return doc.set(id, Json.object(field, value));
    }

    /**
     * Writes fields, all in one update. Fields that are not mentioned stay as they are.
     *
     * @param fields a {@code Map}, {@link JsonObject}, record or bean. Prefer {@link #edit} for the latter two: it writes
     *     what changed and nothing else, so it does not undo what others have written meanwhile.
     * @return this
     * @throws IllegalArgumentException as {@link #set(String, Object)}
     */
    public Row set(Object fields) {
        return doc.set(id, fields);
    }

    /**
     * Reads the row as an object, lets it be changed, and writes the fields that differ afterwards, in one update; none
     * when nothing differs.
     *
     * <p>{@code row.edit(Task.class, task -> task.withDone(true))}
     *
     * @param change returns a changed copy, or the same object after changing it. Called without a lock; what others
     *     write meanwhile into other fields stays.
     * @return what the change returned
     * @throws IllegalStateException if the row does not exist
     * @throws IllegalArgumentException as {@link #as} and {@link #set(String, Object)}
     */
    public <T> T edit(Class<T> type, UnaryOperator<T> change) {
        T object = as(type);
        if (object == null) {
            throw new IllegalStateException("there is no row " + id + " in " + doc);
        }
        JsonObject before = Json.of(object).asObject();
        T edited = Objects.requireNonNull(change.apply(object), "the changed object");
        JsonObject.Builder changes = JsonObject.builder();
        Json.of(edited).asObject().forEach((field, value) -> {
            if (!value.equals(before.get(field))) {
                changes.put(field, value);
            }
        });
        set(changes.build());
        return edited;
    }

    /** Deletes the row, see {@link Doc#remove}. */
    public void remove() {
        doc.remove(id);
    }

    /**
     * Calls the listener whenever the row appears, changes or disappears, from now on. {@code change} and {@code removed}
     * of the row in JavaScript.
     */
    public Subscription onChange(Consumer<? super Doc.RowEvent> listener) {
        return doc.listen(id, listener);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Row row && doc == row.doc && id.equals(row.id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    /** Returns the state as JSON text. */
    @Override
    public String toString() {
        return toJson().toString();
    }
}
