package dev.scuttlebutt.types;

import dev.scuttlebutt.Part;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Update;
import java.util.Map;
import java.util.function.Function;

/**
 * Several types behind one link: parts by name, with one clock and one history. {@code scuttlebucket} in JavaScript.
 *
 * <pre>{@code
 * Scuttlebucket bucket = new Scuttlebucket("ada");
 * Model settings = bucket.add("settings", Model::new);
 * AppendOnly chat = bucket.add("chat", AppendOnly::new);
 * Pipe.connect(bucket, other);
 * }</pre>
 *
 * <p>Parts are used like replicas by themselves, but only the whole has sessions, is signed and is cloned. A bucket may be
 * a part of another one.
 *
 * <p>Both ends should have the same types under the same names. What comes for a part that is not there is kept, passed on
 * and applied when the part is added.
 *
 * @see "data-types, section 6"
 */
public final class Scuttlebucket extends Composite {

    /**
     * An update came for a part that is not there, the first one for this name. It waits.
     *
     * @param update of the bucket
     */
    public record Missing(String name, Update update) implements ReplicaEvent {}

    /** Too many updates wait, so one was dropped. */
    public record Dropped(String name, Update update) implements ReplicaEvent {}

    /** Creates a bucket without parts with a new random id. */
    public Scuttlebucket() {
        this(ReplicaOptions.defaults());
    }

    /** Creates a bucket without parts with this id. */
    public Scuttlebucket(String id) {
        this(ReplicaOptions.defaults().id(id));
    }

    /** Creates a bucket without parts. */
    public Scuttlebucket(ReplicaOptions options) {
        super(options);
    }

    /**
     * Creates a bucket without parts for somebody who carries what others write, such as a hub.
     *
     * @param maxPending how many updates may wait for parts that are not there; 100,000 otherwise, 10,000 of them for one
     *     part. Beyond it they are {@link Dropped}, and those who come later may lack them. Something else has to bound the
     *     size if this does not.
     */
    public Scuttlebucket(ReplicaOptions options, int maxPending) {
        super(options, maxPending, maxPending);
    }

    /**
     * Adds a part.
     *
     * @param name the same at all ends
     * @param type creates the part from the options it is given, for example {@code Model::new}
     * @return the part
     * @throws IllegalArgumentException if there is a part of this name, if the name is {@code __proto__}, or if the part was
     *     created from other options
     */
    public <R extends Replica> R add(String name, Function<ReplicaOptions, R> type) {
        checkName(name);
        Part<R> part = part(name, type);
        adjust(() -> {
            if (find(name) != null) {
                refuse(name);
            }
            place(name, part);
        });
        return part.replica();
    }

    /**
     * Adds a part that goes on from a replica that stood by itself. What that one holds enters the bucket, each update with
     * the source and the timestamp it has.
     *
     * <p>One clock holds for all parts: of a source that the bucket, or a peer, has seen something newer of, older updates
     * are {@link ReplicaEvent.Stale}. So give such parts ids of their own, and add them before the bucket is linked. A bucket
     * that verifies refuses them: they are not signed as updates of the bucket.
     *
     * @param before is copied; changes made to it later do not come here
     * @return the part
     * @throws IllegalArgumentException as {@link #add(String, Function)}
     */
    public <R extends Replica> R add(String name, Function<ReplicaOptions, R> type, R before) {
        R part = add(name, type);
        before.history().forEach(part::apply);
        return part;
    }

    /**
     * Returns a part.
     *
     * @throws IllegalArgumentException if there is none of this name, or it is of another class
     */
    public <R extends Replica> R part(String name, Class<R> type) {
        return typed(name, type);
    }

    /** Returns the parts by name, in the order in which they were added. */
    public Map<String, Replica> parts() {
        return replicas();
    }
}
