package dev.scuttlebutt;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Who wants to hear of what. */
final class Listeners {
    private static final System.Logger LOG = System.getLogger("dev.scuttlebutt");

    private static final class Listener<E> {
        final Class<E> type;
        final Consumer<? super E> action;
        volatile boolean closed;

        Listener(Class<E> type, Consumer<? super E> action) {
            this.type = type;
            this.action = action;
        }

        void hear(ReplicaEvent event) {
            if (!closed) {
                action.accept(type.cast(event));
            }
        }
    }

    private final List<Listener<?>> all = new CopyOnWriteArrayList<>();

    /** Replaced, not cleared, by every change: what a slow reader of the old list stores then goes unseen. */
    private volatile Map<Class<?>, List<Listener<?>>> byEvent = new ConcurrentHashMap<>();

    <E extends ReplicaEvent> Subscription add(Class<E> type, Consumer<? super E> action) {
        Listener<E> listener = new Listener<>(type, action);
        all.add(listener);
        byEvent = new ConcurrentHashMap<>();
        return () -> {
            listener.closed = true;
            all.remove(listener);
            byEvent = new ConcurrentHashMap<>();
        };
    }

    boolean want(Class<? extends ReplicaEvent> event) {
        return !all.isEmpty() && !of(event).isEmpty();
    }

    void tell(ReplicaEvent event) {
        for (Listener<?> listener : of(event.getClass())) {
            try {
                listener.hear(event);
            } catch (Throwable failure) { // an Error of one listener must not stop the others or leave work half done
                report(event, failure);
            }
        }
    }

    private void report(ReplicaEvent event, Throwable failure) {
        if (!(event instanceof ReplicaEvent.ListenerFailed) && want(ReplicaEvent.ListenerFailed.class)) {
            tell(new ReplicaEvent.ListenerFailed(event, failure));
        } else {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a listener for " + event.getClass().getName() + " failed",
                    failure);
        }
    }

    private List<Listener<?>> of(Class<?> event) {
        Map<Class<?>, List<Listener<?>>> cache = byEvent;
        List<Listener<?>> known = cache.get(event);
        if (known == null) {
            known = all.stream()
                    .filter(listener -> listener.type.isAssignableFrom(event))
                    .toList();
            cache.put(event, known);
        }
        return known;
    }
}
