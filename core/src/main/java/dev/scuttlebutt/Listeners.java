package dev.scuttlebutt;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Who wants to hear of what. */
final class Listeners {
    private static final System.Logger LOG = System.getLogger("dev.scuttlebutt");

    private record Listener<E>(Class<E> type, Consumer<? super E> action) {
        void hear(ReplicaEvent event) {
            action.accept(type.cast(event));
        }
    }

    private final List<Listener<?>> all = new CopyOnWriteArrayList<>();
    private final Map<Class<?>, List<Listener<?>>> byEvent = new ConcurrentHashMap<>();

    <E extends ReplicaEvent> Subscription add(Class<E> type, Consumer<? super E> action) {
        Listener<E> listener = new Listener<>(type, action);
        all.add(listener);
        byEvent.clear();
        return () -> {
            all.removeIf(other -> other == listener);
            byEvent.clear();
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
        List<Listener<?>> known = byEvent.get(event);
        if (known == null) {
            // The size is read first: a listener added meanwhile clears what is stored here.
            known = all.stream()
                    .filter(listener -> listener.type().isAssignableFrom(event))
                    .toList();
            byEvent.put(event, known);
            if (known.size()
                    != all.stream()
                            .filter(listener -> listener.type().isAssignableFrom(event))
                            .count()) {
                byEvent.remove(event);
            }
        }
        return known;
    }
}
