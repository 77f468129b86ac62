package dev.scuttlebutt.types;

import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.position.PositionKeys;
import dev.scuttlebutt.types.sequence.ItemTree;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A change of an array that is being worked out, with the lock held. One draft makes one update. */
final class ItemDraft {
    /*
     * The array is not changed meanwhile, so all indexes are those before the change. Whoever drafts must not write a key
     * twice, nor insert twice at one place.
     */

    /** What happened to a key. */
    record Step(String key, @Nullable Json before, @Nullable Json after) {}

    private final ItemTree items;
    private final PositionKeys keys;
    private final Consumer<Update> stampAbove;
    private final @Nullable List<Step> steps;
    private JsonObject.Builder change = JsonObject.builder();
    private boolean isEmpty = true;
    private boolean hasMoved;

    /**
     * Begins a draft.
     *
     * @param stampAbove is told of the updates that the change is to win over
     * @param remembers whether to take down the steps
     */
    ItemDraft(ItemTree items, PositionKeys keys, Consumer<Update> stampAbove, boolean remembers) {
        this.items = items;
        this.keys = keys;
        this.stampAbove = stampAbove;
        this.steps = remembers ? new ArrayList<>() : null;
    }

    /** Returns the change, or null when there is nothing to change. */
    @Nullable
    Json change() {
        return isEmpty ? null : change.build();
    }

    /** Tells whether items had to be moved that nobody asked to write. */
    boolean hasMoved() {
        return hasMoved;
    }

    /** Begins anew. */
    void restart() {
        change = JsonObject.builder();
        isEmpty = true;
        hasMoved = false;
        if (steps != null) {
            steps.clear();
        }
    }

    List<Step> steps() {
        return steps == null ? List.of() : steps;
    }

    /** Writes a key, which need not exist; null deletes. */
    void write(String key, @Nullable Json value) {
        if (items.find(key)) {
            write(value);
        } else {
            put(key, null, value);
        }
    }

    /** Writes the key where the last search in the tree ended; null deletes. */
    void write(@Nullable Json value) {
        stampAbove.accept(items.winner());
        put(items.key(), steps == null ? null : items.value(), value);
    }

    private void put(String key, @Nullable Json before, @Nullable Json after) {
        change.put(key, after == null ? Json.NULL : after);
        isEmpty = false;
        if (steps != null) {
            steps.add(new Step(key, before, after));
        }
    }

    /**
     * Inserts values before an index.
     *
     * @return the keys
     */
    List<String> insert(int index, List<Json> values) {
        if (values.isEmpty()) {
            return List.of();
        }
        String right = index == items.size() ? null : keyAt(index);
        String left = null;
        if (index > 0) {
            left = right != null && items.previous() ? items.key() : keyAt(index - 1);
        }
        return insert(left, right, values);
    }

    /**
     * Inserts values between a key and the value at an index, which may be that of the end.
     *
     * @return the keys
     */
    List<String> insert(@Nullable String left, int index, List<Json> values) {
        return insert(left, index == items.size() ? null : keyAt(index), values);
    }

    /**
     * Inserts values between the keys of two neighbours, null where there is none.
     *
     * @return the keys
     */
    List<String> insert(@Nullable String left, @Nullable String right, List<Json> values) {
        List<String> made = keys.find(left, right, values.size(), items::find);
        if (made == null) {
            return insertAndMove(left, indexFrom(right), values);
        }
        for (int i = 0; i < made.size(); i++) {
            put(made.get(i), null, values.get(i));
        }
        return made;
    }

    /**
     * Between a key and the same with a U+0000 behind it there is no other. Then what is in the way moves: it is deleted
     * and inserted again behind what is inserted here.
     */
    private List<String> insertAndMove(@Nullable String left, int index, List<Json> values) {
        hasMoved = true;
        List<Json> all = new ArrayList<>(values);
        int next = index;
        List<String> made = null;
        while (made == null) {
            items.seek(next++);
            Json moved = items.value();
            if (moved != null) {
                all.add(moved);
            }
            write(null);
            made = keys.find(left, next == items.size() ? null : keyAt(next), all.size(), items::find);
        }
        for (int i = 0; i < made.size(); i++) {
            put(made.get(i), null, all.get(i));
        }
        return made.subList(0, values.size());
    }

    private int indexFrom(@Nullable String key) {
        if (key == null) {
            return items.size();
        }
        items.find(key);
        return items.index();
    }

    private String keyAt(int index) {
        items.seek(index);
        return items.key();
    }
}
