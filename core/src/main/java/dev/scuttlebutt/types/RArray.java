package dev.scuttlebutt.types;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonReader;
import dev.scuttlebutt.types.position.PositionKeys;
import dev.scuttlebutt.types.sequence.ItemTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A replicated list. {@code r-array} in JavaScript.
 *
 * <p>Each item has a <em>position key</em>, a text that never changes; items are in the order of their keys. Indexes
 * change when others insert or delete, keys do not: hold on to a key to find an item again. Of a key the latest write
 * wins. What several replicas insert at one place at the same time is all kept, the items of each of them together.
 *
 * <p>A value is any JSON value but null. There is no move: delete the item and insert it again; two who do so at the same
 * time make two of it.
 *
 * <p>A deleted item leaves its key behind, for ever, so that the deletion reaches those who are away: a few bytes here, and
 * the update that deleted it.
 *
 * <p>Whatever takes or gives an index, and every change of one item, is O(log n).
 *
 * @see "sequences, part 1"
 */
public sealed class RArray extends Replica implements Iterable<Json> permits REdit, RString {
    /*
     * A change is worked out from the tree, becomes an update, and only merging that update changes the tree. So nothing is
     * ever shown here that others do not get to see. Writes of keys that exist are stamped above what they replace.
     */

    /**
     * Keys were written, here or elsewhere. {@code update} in JavaScript.
     *
     * @param written the keys that were won, with their new values; {@link Json#NULL} for those deleted
     * @param splices the same as it looks from outside, to be done one after another; empty when nothing is to be seen
     */
    public record Changed(JsonObject written, List<Splice> splices, Update update) implements ReplicaEvent {}

    /**
     * An update lost its last key to others. {@code _remove} in JavaScript.
     *
     * @param by the one that took it
     */
    public record Superseded(Update update, Update by) implements ReplicaEvent {}

    /** Guarded by the lock. */
    final ItemTree items = new ItemTree(hasText());

    private @Nullable PositionKeys keys;
    private volatile @Nullable UndoStack undo;

    /** Updates merged so far. Guarded by the lock. */
    private long version;

    /** The key that was last new. Guarded by the lock. */
    private @Nullable String newest;

    /** Creates an empty array with a new random id. */
    public RArray() {}

    /** Creates an empty array with this id. */
    public RArray(String id) {
        super(id);
    }

    /** Creates an empty array. */
    public RArray(ReplicaOptions options) {
        super(options);
    }

    /** Tells whether it is a text too. */
    private boolean hasText() {
        return this instanceof ReplicatedText;
    }

    // Looking

    /** Returns the number of items. */
    public final int size() {
        return read(items::size);
    }

    /** Tells whether there are no items. */
    public final boolean isEmpty() {
        return size() == 0;
    }

    /**
     * Returns the value at an index.
     *
     * @throws IndexOutOfBoundsException if there is none
     */
    public final Json get(int index) {
        return at(index, () -> ItemValues.existing(items.value()));
    }

    /** Returns the value at an index, as {@link #get(int)}, as an object of this class, see {@link Json#as}. */
    public final <T> T get(int index, Class<T> type) {
        return Objects.requireNonNull(get(index).as(type));
    }

    /** Returns all values, as they are now. O(n). */
    public final List<Json> values() {
        return read(() -> {
            List<Json> values = new ArrayList<>(items.size());
            items.forEach(values::add);
            return List.copyOf(values);
        });
    }

    /** Returns all values. O(n). */
    @Override
    public final JsonArray toJson() {
        return JsonArray.of(values());
    }

    /** Goes through the values as they are now. */
    @Override
    public final Iterator<Json> iterator() {
        return values().iterator();
    }

    /** Returns the index of the first item with this value, or -1. O(n). A number never equals a text. */
    public final int indexOf(@Nullable Object value) {
        return values().indexOf(Json.of(value));
    }

    /**
     * Returns a list that shows the array as it is and writes into it. Its methods cost what the same costs here, so going
     * through it by index is O(n log n); {@link #values} is quicker.
     *
     * <p>Where others change the array meanwhile, an index may no longer be what it was; an iterator then throws
     * {@code ConcurrentModificationException} where it can tell.
     */
    public final List<Json> asList() {
        return new ItemList<>(this, Function.identity());
    }

    /** Returns a list as {@link #asList()} of objects of this class; see {@link Json#as} and {@link Json#of(Object)}. */
    public final <T> List<T> asList(Class<T> type) {
        return new ItemList<>(this, value -> Objects.requireNonNull(value.as(type)));
    }

    // Keys

    /** Returns the keys of all items, in order. O(n). */
    public final List<String> keys() {
        return read(() -> {
            List<String> all = new ArrayList<>(items.size());
            items.forEachKey(all::add);
            return List.copyOf(all);
        });
    }

    /** Returns the key of the item at an index. Throws {@code IndexOutOfBoundsException} if there is none. */
    public final String keyAt(int index) {
        return at(index, items::key);
    }

    /** Returns the key of the first item, or null when there is none. */
    public final @Nullable String firstKey() {
        return read(() -> items.size() == 0 ? null : keyHere(0));
    }

    /** Returns the key of the last item, or null when there is none. */
    public final @Nullable String lastKey() {
        return read(() -> items.size() == 0 ? null : keyHere(items.size() - 1));
    }

    /** Returns the index of the item with this key, or -1. */
    public final int indexOfKey(String key) {
        return read(() -> items.find(key) && items.value() != null ? items.index() : -1);
    }

    /** Returns the value of a key, or null when no item has it. */
    public final @Nullable Json get(String key) {
        return read(() -> items.find(key) ? items.value() : null);
    }

    /** Tells whether an item has this key. */
    public final boolean has(String key) {
        return get(key) != null;
    }

    // Changing

    /**
     * Adds an item at the end.
     *
     * @param value anything {@link Json#of(Object)} takes, but not null; copied
     * @return its key
     */
    public final String push(Object value) {
        return insertOne(value, () -> before(items.size()));
    }

    /** Adds an item at the beginning; returns its key. */
    public final String unshift(Object value) {
        return insertOne(value, () -> before(0));
    }

    /**
     * Inserts an item right after one key, or, when that is null, right before another; at the end when both are null. The
     * keys need not belong to items any more.
     *
     * @return its key
     * @throws IllegalArgumentException if both are given and the first is not below the second
     */
    public final String insert(@Nullable String after, Object value, @Nullable String before) {
        if (after != null && before != null && after.compareTo(before) >= 0) {
            throw new IllegalArgumentException("there is nothing between the keys " + Json.of(after) + " and "
                    + Json.of(before) + ": the first must be below the second");
        }
        if (after != null) {
            return insertOne(value, () -> new Place(after, indexAfter(after)));
        }
        return before == null ? push(value) : insertOne(value, () -> before(indexFrom(before)));
    }

    /** Takes out the last item; returns its value, or null when there is none. */
    public final @Nullable Json pop() {
        return takeOut(() -> items.size() - 1);
    }

    /** Takes out the first item; returns its value, or null when there is none. */
    public final @Nullable Json shift() {
        return takeOut(() -> 0);
    }

    /**
     * Replaces a part, with one update. Values take the places of those deleted and keep their keys, so that whoever
     * changes the same item at the same time is in conflict with this and the later one wins; what more there is to delete
     * is deleted, what more there is to insert is inserted behind.
     *
     * @param index from 0 to {@link #size}
     * @param deleted how many items to replace or delete; fewer if there are not so many
     * @param values none of them null
     * @return the values that were there
     * @throws IndexOutOfBoundsException if the index is greater than the size
     * @throws IllegalArgumentException if a number is negative
     */
    public final List<Json> splice(int index, int deleted, Object... values) {
        return spliceAll(index, deleted, ItemValues.all(Arrays.asList(values)));
    }

    final List<Json> spliceAll(int index, int deleted, List<Json> values) {
        if (deleted < 0) {
            throw new IllegalArgumentException("the number of items to delete must not be negative, was " + deleted);
        }
        List<Json> removed = new ArrayList<>();
        write(draft -> {
            removed.clear();
            Objects.checkIndex(index, items.size() + 1);
            int end = index + Math.min(deleted, items.size() - index);
            replace(draft, index, end, values, removed);
        });
        return removed;
    }

    /** Drafts a splice, and takes down the values that were there. Lock held. */
    final void replace(ItemDraft draft, int from, int to, List<Json> values, List<Json> removed) {
        if (from < to) {
            items.seek(from);
        }
        for (int i = from; i < to; i++) {
            removed.add(ItemValues.existing(items.value()));
            draft.write(i - from < values.size() ? values.get(i - from) : null);
            items.next();
        }
        int kept = Math.min(to - from, values.size());
        draft.insert(from + kept, values.subList(kept, values.size()));
    }

    /**
     * Changes the value at an index.
     *
     * @return the value that was there
     * @throws IndexOutOfBoundsException if there is none
     */
    public final Json set(int index, Object value) {
        return change(index, ItemValues.of(value));
    }

    /**
     * Writes a key, which need not have been there. Null deletes.
     *
     * @throws IllegalArgumentException for the key {@code __proto__}, which JavaScript peers refuse
     */
    public final void set(String key, @Nullable Object value) {
        Json given = Json.of(value);
        KeyChange.checkKey(key);
        if (given.isNull()) {
            unset(key);
        } else {
            write(draft -> draft.write(key, given));
        }
    }

    /**
     * Deletes the item at an index.
     *
     * @return the value that was there
     * @throws IndexOutOfBoundsException if there is none
     */
    public final Json remove(int index) {
        return change(index, null);
    }

    /** Deletes the item with this key; tells whether there was one. */
    public final boolean unset(String key) {
        return write(draft -> {
                    if (items.find(key) && items.value() != null) {
                        draft.write(null);
                    }
                })
                != null;
    }

    /** Deletes all items, with one update. */
    public final void clear() {
        spliceAll(0, Integer.MAX_VALUE, List.of());
    }

    // Drafting

    /** Where to insert: behind a key, before the item at an index. */
    private record Place(@Nullable String left, int index) {}

    private String insertOne(Object value, Supplier<Place> place) {
        List<Json> given = List.of(ItemValues.of(value));
        String[] key = {""};
        write(draft -> {
            Place found = place.get();
            key[0] = draft.insert(found.left(), found.index(), given).get(0);
        });
        return key[0];
    }

    private Place before(int index) {
        return new Place(index == 0 ? null : keyHere(index - 1), index);
    }

    /** Returns the key at an index. Lock held. */
    final String keyHere(int index) {
        items.seek(index);
        return items.key();
    }

    private int indexFrom(String key) {
        items.find(key);
        return items.index();
    }

    final int indexAfter(String key) {
        boolean isItem = items.find(key) && items.value() != null;
        return items.index() + (isItem ? 1 : 0);
    }

    private @Nullable Json takeOut(Supplier<Integer> index) {
        @Nullable Json[] taken = {null};
        write(draft -> {
            if (items.size() > 0) {
                items.seek(index.get());
                taken[0] = items.value();
                draft.write(null);
            } else {
                taken[0] = null;
            }
        });
        return taken[0];
    }

    private Json change(int index, @Nullable Json value) {
        Json[] before = {Json.NULL};
        write(draft -> {
            seek(index);
            before[0] = ItemValues.existing(items.value());
            draft.write(value);
        });
        return before[0];
    }

    /** Makes the update that is drafted with the lock held, perhaps more than once; null when there is nothing to do. */
    final @Nullable Update write(Consumer<ItemDraft> plan) {
        UndoStack stack = undo;
        if (stack == null) {
            return localUpdate(() -> draft(plan, false).change());
        }
        List<ItemDraft.Step> steps = new ArrayList<>();
        Update update = write(plan, steps);
        if (update != null) {
            stack.add(steps, update.source(), now());
        }
        return update;
    }

    /** Makes an update and takes down what it does. */
    private @Nullable Update write(Consumer<ItemDraft> plan, List<ItemDraft.Step> steps) {
        return localUpdate(() -> {
            ItemDraft draft = draft(plan, true);
            steps.clear();
            steps.addAll(draft.steps());
            return draft.change();
        });
    }

    private ItemDraft draft(Consumer<ItemDraft> plan, boolean remembers) {
        ItemDraft draft = new ItemDraft(items, keyMaker(), this::stampAbove, remembers);
        plan.accept(draft);
        return draft;
    }

    // Undoing

    /** Returns what undoes changes made from now on, those within half a second of each other as one. */
    public final UndoStack undoStack() {
        return undoStack(Duration.ofMillis(500));
    }

    /** Returns the same with another time. There is one for each array; what is asked for first is what there is. */
    public final UndoStack undoStack(Duration grouping) {
        return read(() -> {
            UndoStack stack = undo;
            if (stack == null) {
                stack = new UndoStack(this, grouping);
                undo = stack;
            }
            return stack;
        });
    }

    /**
     * Takes steps back as far as the keys are still as they left them, written by this source.
     *
     * @param made gets what was done
     */
    final @Nullable Update revert(Collection<ItemDraft.Step> steps, String source, List<ItemDraft.Step> made) {
        return write(
                draft -> {
                    for (ItemDraft.Step step : steps) {
                        if (!Objects.equals(step.before(), step.after())
                                && items.find(step.key())
                                && Objects.equals(items.value(), step.after())
                                && items.winner().source().equals(source)) {
                            draft.write(step.before());
                        }
                    }
                },
                made);
    }

    private PositionKeys keyMaker() {
        PositionKeys maker = keys;
        if (maker == null) {
            maker = new PositionKeys(random());
            keys = maker;
        }
        return maker;
    }

    private <T> T at(int index, Supplier<T> look) {
        return read(() -> {
            seek(index);
            return look.get();
        });
    }

    private void seek(int index) {
        Objects.checkIndex(index, items.size());
        items.seek(index);
    }

    /** Returns the number of updates merged so far, which tells whether anything has changed. Lock held. */
    final long merged() {
        return version;
    }

    /** Tells whether so many updates are merged and this was the last key that was new. Lock held. */
    final boolean isNewest(String key, long merged) {
        return version == merged && key.equals(newest);
    }

    /** Looks at the state under the lock. */
    final <T extends @Nullable Object> T look(Supplier<T> reader) {
        return read(reader);
    }

    // Merging

    @Override
    protected final boolean applyUpdate(Update update) {
        JsonReader reader = update.changeReader();
        if (reader.peek() != JsonReader.Kind.OBJECT) {
            throw new IllegalArgumentException("a change of an array is an object of keys and values");
        }
        reader.beginObject();
        if (!reader.hasNext()) {
            return false;
        }
        boolean hasText = hasText() && listens(TextChanged.class);
        boolean hasItems = listens(Changed.class);
        ItemChanges changes = hasText || hasItems ? new ItemChanges(hasItems, hasText) : null;
        String key = reader.readName();
        boolean won = false;
        boolean more = true;
        Object winner = update;
        while (more) {
            JsonReader.Kind kind = reader.peek();
            String text = kind == JsonReader.Kind.STRING ? reader.readString() : null;
            Json value = text != null && text.length() == 1 ? null : text != null ? Json.of(text) : reader.read();
            more = reader.hasNext();
            if (more && winner == update) {
                winner = ItemTree.shared(update);
            }
            won |= merge(key, text, value, update, winner, changes);
            key = more ? reader.readName() : key;
        }
        if (won) {
            version++;
            tell(changes, update);
        }
        return won;
    }

    /**
     * Merges a key.
     *
     * @param text a value of one character
     * @param value any other
     */
    private boolean merge(
            String key,
            @Nullable String text,
            @Nullable Json value,
            Update update,
            Object winner,
            @Nullable ItemChanges changes) {
        if (key.equals("__proto__")) {
            return false;
        }
        if (!items.find(key)) {
            items.insert(winner);
            newest = key;
        } else if (items.winner() != update) {
            if (items.winner().isAfter(update)) {
                return false;
            }
            Update lost = items.win(winner);
            if (lost != null) {
                forget(lost);
                if (listens(Superseded.class)) {
                    publish(new Superseded(lost, update));
                }
            }
        }
        if (changes != null) {
            Json after = value == null ? Json.of(text) : value;
            changes.write(items, key, items.value(), after.isNull() ? null : after);
        }
        if (value == null && text != null) {
            items.setUnit(text.charAt(0));
        } else if (value == null || value.isNull()) {
            items.delete();
        } else {
            items.setValue(value);
        }
        return true;
    }

    private void tell(@Nullable ItemChanges changes, Update update) {
        if (changes == null) {
            return;
        }
        if (listens(Changed.class)) {
            publish(new Changed(changes.written(), changes.splices(), update));
        }
        if (hasText() && listens(TextChanged.class)) {
            publish(new TextChanged(changes.edits(), update));
        }
    }
}
