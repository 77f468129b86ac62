package dev.scuttlebutt.types;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A replicated nested object, written by path. {@code gossip-object} in JavaScript.
 *
 * <p>Values are scalars; objects come into being by what is written below them and go with their last member. Writing a
 * path replaces what is below it, and writing below a value replaces the value: of two such writes the later wins.
 *
 * <p>Every path ever written costs memory, also when it was replaced or deleted since: without that, replicas that heard
 * of things in different orders would differ.
 *
 * @see "data-types, section 5"
 */
public final class GossipObject extends Replica {

    /**
     * The object has changed.
     *
     * @param before what it was
     * @param after what it is
     */
    public record Changed(JsonObject before, JsonObject after, Update update) implements ReplicaEvent {}

    private final Resolution resolution;
    private final PathStore store;

    /** Null: to be built. */
    private @Nullable JsonObject visible = JsonObject.builder().build();

    /** Creates an empty object with a new random id. */
    public GossipObject() {
        this(ReplicaOptions.defaults());
    }

    /** Creates an empty object with this id. */
    public GossipObject(String id) {
        this(ReplicaOptions.defaults().id(id));
    }

    /** Creates an empty object. */
    public GossipObject(ReplicaOptions options) {
        this(options, Resolution.CONVERGENT);
    }

    /** Creates an empty object that resolves conflicts in this way. */
    public GossipObject(ReplicaOptions options, Resolution resolution) {
        super(options);
        this.resolution = resolution;
        this.store = resolution == Resolution.CONVERGENT ? new PathTree() : new PathTransactions();
    }

    // Writing

    /** Writes a member of the object itself. See {@link #set(List, Object)}. */
    public void set(String key, @Nullable Object value) {
        set(List.of(key), value);
    }

    /**
     * Writes a path.
     *
     * @param path keys from the outside in
     * @param value a scalar as {@link Json#of(Object)} takes it; null is a value
     * @throws IllegalArgumentException if the value is an array or an object, the path is empty or too long, or a key is
     *     empty or {@code __proto__}, which JavaScript peers refuse
     */
    public void set(List<String> path, @Nullable Object value) {
        transact().set(path, value).execute();
    }

    /** Deletes a member of the object itself and all below it. */
    public void delete(String key) {
        delete(List.of(key));
    }

    /** Deletes a path and all below it. The deletion spreads even when there is nothing here. */
    public void delete(List<String> path) {
        transact().delete(path).execute();
    }

    /** Begins several changes that are made at once. */
    public Transaction transact() {
        return new Transaction();
    }

    /** Several changes that become one update. For use by one thread, once. */
    public final class Transaction {
        private final List<PathChange> changes = new ArrayList<>();

        /** Their paths, and what leads to one. */
        private final Set<List<String>> paths = new HashSet<>();

        private final Set<List<String>> above = new HashSet<>();
        private boolean executed;

        private Transaction() {}

        /** Adds a write. See {@link GossipObject#set(List, Object)}. */
        public Transaction set(List<String> path, @Nullable Object value) {
            return add(PathChange.of(path, Json.of(value)));
        }

        /** Adds a deletion. */
        public Transaction delete(List<String> path) {
            return add(PathChange.of(path, null));
        }

        private Transaction add(PathChange change) {
            List<String> path = change.path();
            boolean contradicts = above.contains(path) || paths.contains(path);
            for (int length = 1; length < path.size() && !contradicts; length++) {
                contradicts = paths.contains(path.subList(0, length));
            }
            if (contradicts) {
                throw new IllegalArgumentException(
                        "the path " + path + " contradicts another one of this transaction: one leads to the other");
            }
            changes.add(change);
            paths.add(path);
            for (int length = 1; length < path.size(); length++) {
                above.add(path.subList(0, length));
            }
            return this;
        }

        /**
         * Makes the changes.
         *
         * @throws IllegalStateException if there are none, or they have been made
         */
        public void execute() {
            if (executed || changes.isEmpty()) {
                throw new IllegalStateException(executed ? "has been executed" : "nothing to execute");
            }
            executed = true;
            Json change = JsonArray.of(changes.stream().map(PathChange::toJson).toList());
            localUpdate(() -> {
                changes.forEach(each -> store.conflicting(each.path(), GossipObject.this::stampAbove));
                return change;
            });
        }
    }

    // Reading

    /** Returns the value at a path, or null when there is none. Null that was written is {@link Json#NULL}. */
    public @Nullable Json get(String... path) {
        return get(List.of(path));
    }

    /** Returns the value at a path, an object where more lies below, or null when there is none. Of the empty path, all. */
    public @Nullable Json get(List<String> path) {
        Json value = toJson();
        for (String key : path) {
            value = value instanceof JsonObject object ? object.get(key) : null;
        }
        return value;
    }

    /**
     * Returns what is at a path as an object of this class, or null when there is nothing or null was written.
     *
     * @throws IllegalArgumentException if it cannot be one. See {@link Json#as}.
     */
    public <T> @Nullable T get(List<String> path, Class<T> type) {
        Json value = get(path);
        return value == null ? null : value.as(type);
    }

    /** Returns the object. O(paths) after a change, then kept. */
    @Override
    public JsonObject toJson() {
        return read(this::look);
    }

    private JsonObject look() {
        JsonObject known = visible;
        if (known == null) {
            known = store.toJson();
            visible = known;
        }
        return known;
    }

    // Merging

    @Override
    protected boolean applyUpdate(Update update) {
        List<PathChange> changes;
        try {
            changes = PathChange.read(update.change());
        } catch (IllegalArgumentException malformed) {
            if (resolution == Resolution.COMPATIBLE) {
                // The original has moved the clock by now and says nothing.
                return false;
            }
            throw malformed;
        }
        JsonObject before = listens(Changed.class) ? look() : null;
        if (!store.apply(update, changes, this::forget)) {
            return false;
        }
        visible = null;
        if (before != null) {
            JsonObject after = look();
            if (!after.equals(before)) {
                publish(new Changed(before, after, update));
            }
        }
        return true;
    }
}
