package dev.scuttlebutt;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How a replica is set up. Immutable: each method returns a changed copy.
 *
 * <pre>{@code
 * new Model(ReplicaOptions.defaults().id("cellar").maxAhead(Duration.ofMinutes(5)))
 * }</pre>
 */
public final class ReplicaOptions {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ReplicaOptions DEFAULTS = new ReplicaOptions(
            null,
            TimeSource.system(),
            null,
            null,
            ForkJoinPool.commonPool(),
            History::byTimestamp,
            null,
            1_000_000,
            null,
            null);

    final @Nullable String id;
    final TimeSource time;
    final @Nullable Security security;
    final @Nullable Authority authority;
    final Executor executor;
    final Supplier<History> history;
    final @Nullable Duration maxAhead;
    final int maxSources;
    final @Nullable RandomGenerator random;

    /** Where a part belongs; null for a replica of its own. */
    final @Nullable Place place;

    private ReplicaOptions(
            @Nullable String id,
            TimeSource time,
            @Nullable Security security,
            @Nullable Authority authority,
            Executor executor,
            Supplier<History> history,
            @Nullable Duration maxAhead,
            int maxSources,
            @Nullable RandomGenerator random,
            @Nullable Place place) {
        this.id = id;
        this.time = time;
        this.security = security;
        this.authority = authority;
        this.executor = executor;
        this.history = history;
        this.maxAhead = maxAhead;
        this.maxSources = maxSources;
        this.random = random;
        this.place = place;
    }

    /**
     * Returns the defaults: a new random id, the machine's clock, no security, a history in memory, any timestamp, at
     * most a million sources.
     */
    public static ReplicaOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Sets the id. It must differ from the id of every other replica of the same data; after a restart it may be used
     * again once the replica has read its own updates back.
     *
     * @throws IllegalArgumentException if it is {@code __proto__}, which JavaScript peers refuse
     */
    public ReplicaOptions id(String id) {
        return new ReplicaOptions(
                checkId(id), time, security, authority, executor, history, maxAhead, maxSources, random, place);
    }

    /** Sets where timestamps come from. */
    public ReplicaOptions time(TimeSource time) {
        return new ReplicaOptions(
                id, time, security, authority, executor, history, maxAhead, maxSources, random, place);
    }

    /** Sets who signs and verifies. Unless {@link #id} is set too, it also gives the id. */
    public ReplicaOptions security(Security security) {
        return new ReplicaOptions(
                id, time, security, authority, executor, history, maxAhead, maxSources, random, place);
    }

    /** Sets the rule on who may change what. */
    public ReplicaOptions authority(Authority authority) {
        return new ReplicaOptions(
                id, time, security, authority, executor, history, maxAhead, maxSources, random, place);
    }

    /**
     * Sets who helps: when many signatures are to be verified at once, and when a caller has delivered very many events
     * for other threads.
     */
    public ReplicaOptions executor(Executor executor) {
        return new ReplicaOptions(
                id, time, security, authority, executor, history, maxAhead, maxSources, random, place);
    }

    /** Sets what keeps the updates; called once for each replica. */
    public ReplicaOptions history(Supplier<History> history) {
        return new ReplicaOptions(
                id, time, security, authority, executor, history, maxAhead, maxSources, random, place);
    }

    /**
     * Refuses updates from elsewhere whose timestamp is further ahead of this machine's clock. Without it, a peer whose
     * clock runs fast wins every conflict until the others catch up.
     *
     * <p>Replicas that refuse different updates do not converge, so give all of them the same generous bound.
     */
    public ReplicaOptions maxAhead(Duration maxAhead) {
        return new ReplicaOptions(
                id, time, security, authority, executor, history, maxAhead, maxSources, random, place);
    }

    /** Refuses updates of new sources once so many are known: a peer could otherwise fill memory with invented ids. */
    public ReplicaOptions maxSources(int maxSources) {
        return new ReplicaOptions(
                id, time, security, authority, executor, history, maxAhead, maxSources, random, place);
    }

    /**
     * Sets where data types take random choices from, such as the keys of new items. Unset, each replica has a generator
     * of its own that starts at an unpredictable place, so that two replicas do not choose alike. Meant for tests that
     * repeat; {@code java.util.Random} may be shared by replicas of several threads.
     */
    public ReplicaOptions random(RandomGenerator random) {
        return new ReplicaOptions(
                id, time, security, authority, executor, history, maxAhead, maxSources, random, place);
    }

    ReplicaOptions at(Place place) {
        return new ReplicaOptions(
                id, time, security, authority, executor, history, maxAhead, maxSources, random, place);
    }

    RandomGenerator chooseRandom() {
        return random != null ? random : new SplittableRandom(RANDOM.nextLong());
    }

    static String checkId(String id) {
        if (id.equals("__proto__")) {
            throw new IllegalArgumentException("__proto__ cannot be an id: JavaScript peers refuse it");
        }
        return id;
    }

    String chooseId() {
        if (id != null) {
            return id;
        }
        if (security != null) {
            return checkId(security.createId());
        }
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        return HexFormat.of().withUpperCase().formatHex(random);
    }
}
