package dev.scuttlebutt.types.crdt;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.Subscription;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Listeners each of which cares for one part of a document. Safe for use by several threads. */
final class FanOut<K, E extends ReplicaEvent> {
    /*
     * One listener at the replica stands for all of these, so that an event costs a look-up and not a question to
     * everybody who watches some other row. It is there only while somebody listens: otherwise no event is built.
     */
    private record Listener<E>(Consumer<? super E> action) {}

    private final Replica replica;
    private final Class<E> type;
    private final Function<? super E, ? extends K> part;
    private final Map<K, List<Listener<E>>> listeners = new ConcurrentHashMap<>();
    private @Nullable Subscription source;

    FanOut(Replica replica, Class<E> type, Function<? super E, ? extends K> part) {
        this.replica = replica;
        this.type = type;
        this.part = part;
    }

    synchronized Subscription add(K key, Consumer<? super E> action) {
        Listener<E> listener = new Listener<>(action);
        listeners.computeIfAbsent(key, any -> new CopyOnWriteArrayList<>()).add(listener);
        if (source == null) {
            source = replica.on(type, this::tell);
        }
        return () -> remove(key, listener);
    }

    private synchronized void remove(K key, Listener<E> listener) {
        List<Listener<E>> rest = listeners.get(key);
        if (rest == null) {
            return;
        }
        rest.removeIf(other -> other == listener);
        if (rest.isEmpty()) {
            listeners.remove(key);
        }
        if (listeners.isEmpty() && source != null) {
            source.close();
            source = null;
        }
    }

    private void tell(E event) {
        Throwable failure = null;
        for (Listener<E> listener : listeners.getOrDefault(part.apply(event), List.of())) {
            try {
                listener.action.accept(event);
            } catch (Throwable thrown) { // must not keep the event from the others; the replica reports it
                if (failure == null) {
                    failure = thrown;
                } else {
                    failure.addSuppressed(thrown);
                }
            }
        }
        if (failure instanceof Error error) {
            throw error;
        } else if (failure != null) {
            throw (RuntimeException) failure;
        }
    }
}
