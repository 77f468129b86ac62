package dev.scuttlebutt.cli.command;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import java.time.Duration;
import java.util.List;

/**
 * A data type as the command line knows it: its name, how a replica is made, its commands, how its events are shown. A
 * further type is one subclass and its line in {@link Types}.
 *
 * @param <R> the class of its replicas
 */
public abstract class TypeCommands<R extends Replica> {
    private final String name;
    private final List<Verb<R>> verbs;

    /**
     * Describes a type.
     *
     * @param name behind {@code --type}
     * @param verbs the commands besides those of every type
     */
    protected TypeCommands(String name, List<Verb<R>> verbs) {
        this.name = name;
        this.verbs = verbs;
    }

    /** Returns what stands behind {@code --type}. */
    public final String name() {
        return name;
    }

    /** Makes a replica. */
    public abstract R create(ReplicaOptions options);

    /**
     * Returns the same type with replicas that keep at most so many keys.
     *
     * @param keys 0 for any number
     * @throws IllegalArgumentException if the type has no such bound, or the number is negative
     */
    public TypeCommands<R> withMaxKeys(int keys) {
        throw new IllegalArgumentException("type " + name + " has no such bound");
    }

    /**
     * Returns the same type with replicas in which a write counts for so long.
     *
     * @throws IllegalArgumentException if the type has no such bound, or the time is not above 0
     */
    public TypeCommands<R> withMaxAge(Duration age) {
        throw new IllegalArgumentException("type " + name + " has no such bound");
    }

    /** Returns the commands of this type, acting on a replica or on a part of one. */
    protected final Scope verbs(R replica) {
        return Scope.of(verbs, replica);
    }

    /**
     * Returns the commands of this type, acting on a replica or on a part of one.
     *
     * @param parts where events of the parts of the replica are shown, if it has parts
     */
    public Scope scope(R replica, EventSink parts) {
        return verbs(replica);
    }

    /** Shows an event of this type; those of every type, and of other types, are left alone. */
    public abstract void show(ReplicaEvent event, EventSink out);
}
