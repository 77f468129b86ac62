package dev.scuttlebutt.types.crdt;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Subscription;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A replicated table: rows by id, each with fields by name; the latest write of a field wins. {@code Doc} of the npm
 * package {@code crdt}.
 *
 * <p>One update writes fields of one row. Concurrent writes of different fields both stay; of the same field the one with
 * the later timestamp wins, and with equal timestamps the one of the greater source id.
 *
 * <h2>Deletion</h2>
 *
 * {@link #remove} hides what was written to the row before; what is written later, here or by somebody who has not heard of
 * it, brings the row back with the fields written since. A row that was deleted once and in which every field written since
 * is null stays hidden. The deletion itself is kept for ever, so that those who were away hear of it. All Java replicas with
 * the same updates agree, whatever the order in which they came.
 *
 * <p>JavaScript replicas agree with them, and with each other, as long as no row is deleted, or all deletions arrive
 * before anything later. Otherwise they may differ for good: the original decides by order of arrival and does not pass
 * deletions on in its history. In company with JavaScript peers, mark rows as deleted by a field of your own instead, or
 * keep a Java replica among them that hears every deletion at once.
 *
 * <h2>Sets, sequences, indices</h2>
 *
 * {@link #createSet(String, Object)}, {@link #createSequence(String, Object)} and {@link #createIndex} make queries that
 * are kept up to date. They add nothing to what is sent.
 *
 * <p>Applying an update costs the fields it has, and the logarithm of the members for each set concerned. Names of rows
 * and fields that JavaScript objects have from birth, such as {@code constructor}, are refused; in updates from elsewhere
 * such fields are left out.
 *
 * @see "crdt"
 */
public final class Doc extends Replica {

    /** Something happened to a row that the document shows, or does not show any more. */
    public sealed interface RowEvent extends ReplicaEvent {
        /** Returns the row. */
        Row row();

        /** Returns the update that did it. */
        Update update();
    }

    /**
     * A row appeared, for the first time or again. {@code add} and {@code create} in JavaScript.
     *
     * @param state the row as it was then
     */
    public record RowAdded(Row row, JsonObject state, Update update) implements RowEvent {}

    /**
     * A row changed. {@code row_update}, and {@code change} of the row, in JavaScript.
     *
     * @param fields names of the fields that were written, or taken away by a deletion that is older than others
     * @param state the row as it was then
     */
    public record RowChanged(Row row, Set<String> fields, JsonObject state, Update update) implements RowEvent {}

    /** A row disappeared. {@code remove}, and {@code removed} of the row, in JavaScript. */
    public record RowRemoved(Row row, Update update) implements RowEvent {}

    /**
     * An update lost its last field, or is an earlier deletion of the same row. {@code _remove} in JavaScript.
     *
     * @param by the newer one
     */
    public record Superseded(Update update, Update by) implements ReplicaEvent {}

    /**
     * Fields of an update that arrived, or was made here, were not taken because later ones are known: somebody has
     * overwritten or deleted them at the same time.
     *
     * @param fields their names
     */
    public record Outdated(Row row, Set<String> fields, Update update) implements ReplicaEvent {}

    private final Map<String, RowState> rows = new HashMap<>();
    private final Names names = new Names();
    private final Views views = new Views();
    private final Map<Matching, RowSet> sets = new HashMap<>();
    private final Map<Matching, RowSequence> sequences = new HashMap<>();
    private final Map<String, RowIndex> indices = new HashMap<>();
    private final FanOut<RowSet, RowSet.Event> setListeners = new FanOut<>(this, RowSet.Event.class, RowSet.Event::set);
    private final FanOut<String, RowEvent> rowListeners =
            new FanOut<>(this, RowEvent.class, event -> event.row().id());
    private int visible;

    /** Creates an empty document with a new random id. */
    public Doc() {}

    /** Creates an empty document with this id. */
    public Doc(String id) {
        super(id);
    }

    /** Creates an empty document. */
    public Doc(ReplicaOptions options) {
        super(options);
    }

    // Rows

    /**
     * Adds a row, or writes into the row of this id if there is one; one update.
     *
     * @param fields a {@code Map}, {@link JsonObject}, record or bean. Its {@code id}, if it has one that is not null, is
     *     the id of the row, otherwise the row gets a random one.
     * @return the row
     * @throws IllegalArgumentException if the id is not a text, and for names that JavaScript peers cannot take
     */
    public Row add(Object fields) {
        NewRow row = NewRow.of(fields);
        String id = row.id() != null ? row.id() : randomId();
        make(() -> draft(id, row.fields().size() == 0 ? Json.object("id", id) : row.fields()));
        return new Row(this, id);
    }

    /** Returns an id that no row has. */
    String randomId() {
        byte[] bytes = new byte[16];
        look(() -> {
            random().nextBytes(bytes);
            return null;
        });
        return HexFormat.of().withUpperCase().formatHex(bytes);
    }

    /**
     * Writes fields of a row, creating it if there is none; one update, none when there are no fields.
     *
     * @param fields a {@code Map}, {@link JsonObject}, record or bean
     * @return the row
     * @throws IllegalArgumentException if they have an {@code id} other than the row's, and for names that JavaScript
     *     peers cannot take
     */
    public Row set(String id, Object fields) {
        InheritedNames.checkRow(id);
        JsonObject checked = NewRow.checkFields(fields);
        Json given = checked.get("id");
        if (given != null && !given.equals(Json.of(id))) {
            throw new IllegalArgumentException("id cannot be changed: row " + id + " was given the id " + given);
        }
        make(() -> checked.size() == 0 ? null : draft(id, checked));
        return row(id);
    }

    /**
     * Deletes a row: one update, whether or not the row exists here, since it may exist elsewhere. {@code rm} in
     * JavaScript. See above for what deletion means.
     *
     * @throws IllegalArgumentException for a name that cannot be the id of a row
     */
    public void remove(String id) {
        InheritedNames.checkRow(id);
        make(() -> {
            RowState row = rows.get(id);
            if (row != null) {
                row.forEachWinner(this::stampAbove);
                overtake(row.tombstone());
            }
            return new RowChange(id, null).toJson();
        });
    }

    /**
     * Returns the row of this id, whether or not it exists. {@code get} in JavaScript, which makes a row that only this
     * replica shows.
     *
     * @throws IllegalArgumentException for a name that cannot be the id of a row
     */
    public Row row(String id) {
        return new Row(this, InheritedNames.checkRow(id));
    }

    /** Tells whether there is a row of this id. False for a name that cannot be one. */
    public boolean has(String id) {
        return new Row(this, id).exists();
    }

    /** Returns the number of rows. */
    public int size() {
        return look(() -> visible);
    }

    /** Returns all rows, by id. O(n log n); a set or an index is cheaper to keep. */
    public List<Row> rows() {
        return look(() -> visibleRows().stream().map(this::row).toList());
    }

    /** Returns the rows by id, with their states. O(n log n). */
    @Override
    public JsonObject toJson() {
        return look(() -> {
            JsonObject.Builder all = JsonObject.builder();
            visibleRows().forEach(row -> all.put(row.id, row.toJson()));
            return all.build();
        });
    }

    private List<RowState> visibleRows() {
        List<RowState> all = new ArrayList<>(visible);
        rows.values().forEach(row -> {
            if (row.isVisible()) {
                all.add(row);
            }
        });
        all.sort(Comparator.comparing(row -> row.id));
        return all;
    }

    // Sets, sequences, indices

    /**
     * Returns the set of the rows in which a field has a value. Calls with the same arguments return the same set, until
     * it is closed.
     *
     * @param value anything {@link Json#of(Object)} takes; compared by content, a number never equals a text
     */
    public RowSet createSet(String field, @Nullable Object value) {
        Matching matching = new Matching.ByValue(field, Json.of(value));
        return look(() -> sets.computeIfAbsent(matching, any -> started(new RowSet(this, matching, RowOrder.SET))));
    }

    /** Returns a set of the rows in which a field has a value, in an order. Close it when it is not needed any more. */
    public RowSet createSet(String field, @Nullable Object value, RowOrder order) {
        return look(() -> started(new RowSet(this, new Matching.ByValue(field, Json.of(value)), order)));
    }

    /**
     * Returns a set of the rows that keep a rule. Close it when it is not needed any more.
     *
     * @param rule is asked whenever a row changes, with the lock held: it must be quick, must not call the document, and
     *     should look at nothing but the state it is given. A row for which it throws is no member.
     */
    public RowSet createSet(Predicate<? super JsonObject> rule) {
        return createSet(rule, RowOrder.SET);
    }

    /** Returns a set of the rows that keep a rule, as {@link #createSet(Predicate)}, in an order. */
    public RowSet createSet(Predicate<? super JsonObject> rule, RowOrder order) {
        return look(() -> started(new RowSet(this, new Matching.ByRule(rule), order)));
    }

    /**
     * Returns the sequence of the rows in which a field has a value. Calls with the same arguments return the same
     * sequence, until it is closed.
     *
     * @param value anything {@link Json#of(Object)} takes
     */
    public RowSequence createSequence(String field, @Nullable Object value) {
        Matching matching = new Matching.ByValue(field, Json.of(value));
        return look(() -> sequences.computeIfAbsent(matching, any -> started(new RowSequence(this, matching))));
    }

    /** Returns a sequence of the rows that keep a rule, as {@link #createSet(Predicate)}. */
    public RowSequence createSequence(Predicate<? super JsonObject> rule) {
        return look(() -> started(new RowSequence(this, new Matching.ByRule(rule))));
    }

    /** Returns the index by a field. Calls with the same field return the same index, until it is closed. */
    public RowIndex createIndex(String field) {
        return look(() -> indices.computeIfAbsent(field, any -> {
            RowIndex index = new RowIndex(this, field);
            start(index.members);
            return index;
        }));
    }

    private <S extends RowSet> S started(S set) {
        start(set.members);
        return set;
    }

    private void start(Members members) {
        members.fill(rows.values());
        views.add(members);
    }

    // For rows and sets

    Row row(RowState state) {
        return new Row(this, state.id);
    }

    /** Lock held. */
    @Nullable
    RowState state(String id) {
        return rows.get(id);
    }

    <T extends @Nullable Object> T look(Supplier<T> reader) {
        return read(reader);
    }

    /** Makes the change that is worked out under the lock, unless it is null. */
    @Nullable
    Update make(Supplier<? extends @Nullable Json> maker) {
        return localUpdate(maker);
    }

    /** Returns the change that writes fields of a row, which will win over what is there. For use while one is made. */
    Json draft(String id, JsonObject fields) {
        RowState row = rows.get(id);
        if (row != null) {
            for (String field : fields.keys()) {
                overtake(row.winner(field));
            }
            overtake(row.tombstone());
        }
        return new RowChange(id, fields).toJson();
    }

    private void overtake(@Nullable Update update) {
        if (update != null) {
            stampAbove(update);
        }
    }

    RandomGenerator dice() {
        return random();
    }

    boolean hears(Class<? extends ReplicaEvent> type) {
        return listens(type);
    }

    void tell(ReplicaEvent event) {
        publish(event);
    }

    Subscription listen(RowSet set, Consumer<? super RowSet.Event> listener) {
        return setListeners.add(set, listener);
    }

    Subscription listen(String row, Consumer<? super RowEvent> listener) {
        return rowListeners.add(row, listener);
    }

    void release(RowSet set) {
        look(() -> {
            views.remove(set.members);
            sets.values().remove(set);
            sequences.values().remove(set);
            set.markClosed();
            return null;
        });
    }

    void release(RowIndex index) {
        look(() -> {
            views.remove(index.members);
            indices.remove(index.field(), index);
            index.markClosed();
            return null;
        });
    }

    // Merging

    @Override
    protected boolean applyUpdate(Update update) {
        RowChange change = RowChange.of(update);
        RowState known = rows.get(change.id());
        RowState row = known == null ? new RowState(change.id()) : known;
        JsonObject fields = change.fields();
        boolean applied = fields == null ? applyDeletion(row, update) : applyFields(row, fields, update);
        if (applied && known == null) {
            rows.put(row.id, row);
        }
        return applied;
    }

    private boolean applyFields(RowState row, JsonObject fields, Update update) {
        JsonObject won = row.won(update, fields);
        if (won.size() < fields.size() && listens(Outdated.class)) {
            Set<String> lost = new LinkedHashSet<>(fields.keys());
            won.keys().forEach(lost::remove);
            publish(new Outdated(row(row), Collections.unmodifiableSet(lost), update));
        }
        if (won.size() == 0) {
            return false;
        }
        Edit edit = Edit.writing(row, update, won);
        change(edit, () -> row.write(update, won, names, old -> supersede(old, update)));
        return true;
    }

    private boolean applyDeletion(RowState row, Update update) {
        Update tombstone = row.tombstone();
        if (tombstone != null && tombstone.isAfter(update)) {
            return false;
        }
        change(Edit.deleting(row, update), () -> row.bury(update, old -> supersede(old, update)));
        return true;
    }

    private void supersede(Update old, Update by) {
        forget(old);
        if (listens(Superseded.class)) {
            publish(new Superseded(old, by));
        }
    }

    private void change(Edit edit, Runnable merge) {
        RowState row = edit.row;
        boolean shown = edit.wasVisible();
        views.before(edit);
        merge.run();
        boolean shows = row.isVisible();
        visible += (shows ? 1 : 0) - (shown ? 1 : 0);
        if (shows && !shown) {
            if (listens(RowAdded.class)) {
                publish(new RowAdded(row(row), edit.state(), edit.update));
            }
        } else if (shows) {
            if (!edit.fields().isEmpty() && listens(RowChanged.class)) {
                publish(new RowChanged(row(row), edit.fields(), edit.state(), edit.update));
            }
        } else if (shown) {
            publish(new RowRemoved(row(row), edit.update));
        }
        views.after(edit);
    }
}
