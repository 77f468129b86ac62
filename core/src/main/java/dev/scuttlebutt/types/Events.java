package dev.scuttlebutt.types;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Subscription;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonString;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A replicated event emitter: what one replica emits every replica hears once, also those that come later.
 * {@code scuttlebutt/events} in JavaScript.
 *
 * <p>Events of one source are heard in the order in which they were emitted; those of different sources as they arrive.
 * Unless a retention is given, every event is kept for ever, so that it can be told to a new replica.
 *
 * <p>Names are the application's own: unlike in the original, an event from elsewhere called {@code dispose} or
 * {@code error} is nothing but an event.
 *
 * @see "core-protocol, section 8"
 */
public final class Events extends Replica {

    /**
     * An event was emitted, here or elsewhere.
     *
     * @param arguments without the name
     */
    public record Emitted(String name, List<Json> arguments, Update update) implements ReplicaEvent {}

    private final int retention;
    private final Deque<Update> kept = new ArrayDeque<>();

    /** Creates an emitter with a new random id. */
    public Events() {
        this(ReplicaOptions.defaults());
    }

    /** Creates an emitter with this id. */
    public Events(String id) {
        this(ReplicaOptions.defaults().id(id));
    }

    /** Creates an emitter that keeps every event. */
    public Events(ReplicaOptions options) {
        this(options, Integer.MAX_VALUE);
    }

    /**
     * Creates an emitter that keeps the events that arrived last.
     *
     * @param retention how many; those who were away longer miss the rest
     */
    public Events(ReplicaOptions options, int retention) {
        super(options);
        if (retention < 1) {
            throw new IllegalArgumentException("retention must be positive, was " + retention);
        }
        this.retention = retention;
    }

    /**
     * Emits an event.
     *
     * @param arguments anything {@link Json#of(Object)} takes; copied
     * @throws IllegalArgumentException for the name {@code __proto__}, which would bring a JavaScript peer down
     */
    public void emit(String name, @Nullable Object... arguments) {
        @Nullable Object[] change = new Object[arguments.length + 1];
        change[0] = name;
        System.arraycopy(arguments, 0, change, 1, arguments.length);
        localUpdate(Json.array(change));
    }

    /** Calls the listener with the arguments of every event of this name from now on. */
    public Subscription on(String name, Consumer<List<Json>> listener) {
        return on(Emitted.class, emitted -> {
            if (emitted.name().equals(name)) {
                listener.accept(emitted.arguments());
            }
        });
    }

    /** Returns the events held, by timestamp, then source: each an array of name and arguments. */
    @Override
    public JsonArray toJson() {
        return JsonArray.of(history().stream().map(Update::change).toList());
    }

    @Override
    protected boolean applyUpdate(Update update) {
        JsonArray change = update.change().asArray();
        if (change.size() == 0 || !(change.get(0) instanceof JsonString name)) {
            throw new IllegalArgumentException("an event is [name, argument, …] with a text for name");
        }
        if (name.value().equals("__proto__")) {
            throw new IllegalArgumentException(
                    "__proto__ cannot be the name of an event: it brings JavaScript peers down");
        }
        if (retention != Integer.MAX_VALUE) {
            kept.add(update);
            if (kept.size() > retention) {
                forget(kept.remove());
            }
        }
        if (listens(Emitted.class)) {
            List<Json> all = change.toList();
            publish(new Emitted(name.value(), all.subList(1, all.size()), update));
        }
        return true;
    }
}
