package dev.scuttlebutt.testkit;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the tests must know of a data type: how to make a replica and how to change it.
 *
 * <pre>{@code
 * public final class TallyWorkload implements Workload<Tally> {
 *   public Tally create(ReplicaOptions options) { return new Tally(options); }
 *
 *   public String step(Gen random, Tally tally) {
 *     int by = random.between(1, 9);
 *     tally.add(by);
 *     return "add " + by;
 *   }
 * }
 * }</pre>
 *
 * <p>Everything must follow from the arguments: a step that asks the machine's clock or draws from another generator
 * cannot be replayed.
 */
public interface Workload<R extends Replica> {

    /**
     * Makes a replica. The options must reach {@link Replica}: they carry its id and its clock.
     *
     * @return a new one at each call
     */
    R create(ReplicaOptions options);

    /**
     * Makes a random change, or several, or now and then none. It may look at the replica's state to choose.
     *
     * @return what was done, in a few words, for the trace; empty when nothing was changed. Anything else is taken at its
     *     word: the replica must then have given a timestamp.
     */
    String step(Gen random, R replica);

    /** Returns changes that the type must refuse: those it throws {@link IllegalArgumentException} for. */
    default List<Json> malformed() {
        return List.of();
    }

    /**
     * Tells whether replicas that are told this change, among others, still promise to end the same. By default they do,
     * whatever it is.
     *
     * @param change of an enemy: any JSON
     */
    default boolean converges(Json change) {
        return true;
    }

    /**
     * Returns an empty reference replica that tells what the visible state must be, or null when there is none. Without
     * it replicas are compared with each other and with one that is told everything in order.
     */
    default @Nullable NaiveReplica naive() {
        return null;
    }
}
