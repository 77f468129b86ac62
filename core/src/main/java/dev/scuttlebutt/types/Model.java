package dev.scuttlebutt.types;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Subscription;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.UpdateTable;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A replicated map: key → value, the latest write of a key wins. {@code scuttlebutt/model} in JavaScript.
 *
 * <p>Writes of one key with equal timestamps are decided by the greater source id, so all Java replicas agree.
 *
 * <p>Deleting writes null. The key stays known, as a tombstone, so that the deletion reaches those who are away.
 *
 * <p>Reading and writing a key is O(1); what returns all of them is O(keys), deleted ones included.
 *
 * @see "core-protocol, section 7"
 */
public final class Model extends Replica {

    /**
     * A key has a new value.
     *
     * @param value {@link Json#NULL} when it was deleted
     * @param update the update that did it
     */
    public record Changed(String key, Json value, Update update) implements ReplicaEvent {}

    /**
     * An update lost its place to a newer one of the same key. {@code _remove} in JavaScript.
     *
     * @param by the newer one
     */
    public record Superseded(Update update, Update by) implements ReplicaEvent {}

    /** In the order in which keys were first written. */
    private final UpdateTable latest = new UpdateTable("a model");

    /** Creates an empty model with a new random id. */
    public Model() {}

    /** Creates an empty model with this id. */
    public Model(String id) {
        super(id);
    }

    /** Creates an empty model. */
    public Model(ReplicaOptions options) {
        super(options);
    }

    /**
     * Writes a key.
     *
     * @param value anything {@link Json#of(Object)} takes; copied. Null deletes.
     * @throws IllegalArgumentException for the key {@code __proto__}, which JavaScript peers refuse, and for values JSON
     *     cannot carry
     */
    public void set(String key, @Nullable Object value) {
        localUpdate(Json.array(KeyChange.checkKey(key), value));
    }

    /** Deletes a key. The deletion spreads even when the key is not known here. */
    public void delete(String key) {
        set(key, null);
    }

    /** Returns the value of a key, or null when it was never written or has been deleted. */
    public @Nullable Json get(String key) {
        Update update = read(() -> {
            int place = latest.placeOf(key);
            return place == UpdateTable.ABSENT ? null : latest.get(place);
        });
        if (update == null) {
            return null;
        }
        Json value = KeyChange.value(update);
        return value.isNull() ? null : value;
    }

    /**
     * Returns the value of a key as an object of this class, or null as {@link #get(String)}.
     *
     * @throws IllegalArgumentException if it cannot be one. See {@link Json#as}.
     */
    public <T> @Nullable T get(String key, Class<T> type) {
        Json value = get(key);
        return value == null ? null : value.as(type);
    }

    /** Tells whether a key has a value. */
    public boolean has(String key) {
        return get(key) != null;
    }

    /**
     * Returns every key ever written, deleted ones too, in JavaScript's order: whole numbers ascending, then by first
     * write.
     */
    public List<String> keys() {
        return List.copyOf(toJsonWithTombstones().keys());
    }

    /** Calls for every key that has a value, in the order of {@link #keys}. */
    public void forEach(BiConsumer<String, Json> action) {
        toJson().entries().forEach(entry -> action.accept(entry.getKey(), entry.getValue()));
    }

    /** Returns the keys that have a value, with their values. */
    @Override
    public JsonObject toJson() {
        JsonObject.Builder object = JsonObject.builder();
        toJsonWithTombstones().entries().forEach(entry -> {
            if (!entry.getValue().isNull()) {
                object.put(entry.getKey(), entry.getValue());
            }
        });
        return object.build();
    }

    private JsonObject toJsonWithTombstones() {
        List<Update> updates = read(() -> {
            List<Update> all = new ArrayList<>(latest.size());
            for (int place = 0; place < latest.size(); place++) {
                all.add(latest.get(place));
            }
            return all;
        });
        JsonObject.Builder object = JsonObject.builder();
        updates.forEach(update -> object.put(key(update), KeyChange.value(update)));
        return object.build();
    }

    /**
     * Calls the listener with the value of this key whenever it changes; {@link Json#NULL} when it is deleted.
     * {@code change:KEY} in JavaScript.
     */
    public Subscription onChange(String key, Consumer<Json> listener) {
        return on(Changed.class, changed -> {
            if (changed.key().equals(key)) {
                listener.accept(changed.value());
            }
        });
    }

    @Override
    protected boolean applyUpdate(Update update) {
        int place = latest.placeOf(update);
        if (place == UpdateTable.ABSENT) {
            latest.add(update);
        } else {
            Update old = latest.get(place);
            if (old.isAfter(update)) {
                return false;
            }
            latest.set(place, update);
            forget(old);
            if (listens(Superseded.class)) {
                publish(new Superseded(old, update));
            }
        }
        if (listens(Changed.class)) {
            publish(new Changed(key(update), KeyChange.value(update), update));
        }
        return true;
    }

    private static String key(Update update) {
        return Objects.requireNonNull(update.firstText(), "the table has only updates with a key");
    }
}
