package dev.scuttlebutt.types;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One replicated value: the latest write wins. {@code r-value} in JavaScript. Of two writes with equal timestamps that of
 * the greater source id counts as the later.
 *
 * @see "data-types, section 2"
 */
public final class Value extends Replica {

    /** The value is a new one. */
    public record Changed(Json value, Update update) implements ReplicaEvent {}

    /** A write arrived, whether or not it won. Comes after {@link Changed} if it did. */
    public record Received(Update update) implements ReplicaEvent {}

    /** A write is older than those that are kept. Comes after {@link Received}. {@code _remove} in JavaScript. */
    public record Evicted(Update update) implements ReplicaEvent {}

    private final int length;

    /** The latest writes in stamp order. */
    private final List<Update> latest = new ArrayList<>(2);

    /** Creates a value with a new random id, not yet written. */
    public Value() {
        this(ReplicaOptions.defaults());
    }

    /** Creates a value with this id, not yet written. */
    public Value(String id) {
        this(ReplicaOptions.defaults().id(id));
    }

    /** Creates a value, not yet written. */
    public Value(ReplicaOptions options) {
        this(options, 1);
    }

    /**
     * Creates a value that keeps its latest writes.
     *
     * @param length how many writes the history has
     */
    public Value(ReplicaOptions options, int length) {
        super(options);
        if (length < 1) {
            throw new IllegalArgumentException("length must be positive, was " + length);
        }
        this.length = length;
    }

    /**
     * Writes the value.
     *
     * @param value anything {@link Json#of(Object)} takes; copied
     */
    public void set(@Nullable Object value) {
        localUpdate(Json.of(value));
    }

    /** Returns the value, or null when it was never written. A written null is {@link Json#NULL}. */
    public @Nullable Json get() {
        return read(
                () -> latest.isEmpty() ? null : latest.get(latest.size() - 1).change());
    }

    /**
     * Returns the value as an object of this class, or null when it was never written or null was written.
     *
     * @throws IllegalArgumentException if it cannot be one. See {@link Json#as}.
     */
    public <T> @Nullable T get(Class<T> type) {
        Json value = get();
        return value == null || value.isNull() ? null : value.as(type);
    }

    /** Returns the value, {@link Json#NULL} when there is none. */
    @Override
    public Json toJson() {
        Json value = get();
        return value == null ? Json.NULL : value;
    }

    @Override
    protected boolean applyUpdate(Update update) {
        int place = latest.size();
        while (place > 0 && latest.get(place - 1).isAfter(update)) {
            place--;
        }
        boolean wins = place == latest.size();
        latest.add(place, update);
        if (wins && listens(Changed.class)) {
            publish(new Changed(update.change(), update));
        }
        if (listens(Received.class)) {
            publish(new Received(update));
        }
        if (latest.size() > length) {
            Update oldest = latest.remove(0);
            forget(oldest);
            publish(new Evicted(oldest));
        }
        return true;
    }
}
