package dev.scuttlebutt;

import java.util.ArrayList;
import java.util.List;

/** Everything that a replica told its listeners. */
public final class Heard {
    private final List<ReplicaEvent> events = new ArrayList<>();

    private Heard() {}

    /** Listens from now on. */
    public static Heard from(Replica replica) {
        Heard heard = new Heard();
        replica.on(ReplicaEvent.class, heard.events::add);
        return heard;
    }

    /** Returns the events of a class, oldest first. */
    public <E extends ReplicaEvent> List<E> all(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Returns the only event of a class. */
    public <E extends ReplicaEvent> E only(Class<E> type) {
        List<E> found = all(type);
        if (found.size() != 1) {
            throw new AssertionError("expected one " + type.getSimpleName() + ", heard " + events);
        }
        return found.get(0);
    }

    /** Returns the simple names of the classes of all events, oldest first. */
    public List<String> names() {
        return events.stream().map(event -> event.getClass().getSimpleName()).toList();
    }

    /** Returns all events, oldest first. */
    public List<ReplicaEvent> events() {
        return List.copyOf(events);
    }
}
