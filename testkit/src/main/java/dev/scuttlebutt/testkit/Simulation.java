package dev.scuttlebutt.testkit;

import dev.scuttlebutt.Replica;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs replicas of a type through a network that fails, and checks that they converge.
 *
 * <pre>{@code
 * @Test
 * void tallies_converge() {
 *   Simulation.of(new TallyWorkload()).runAll(1, 50_000);
 * }
 * }</pre>
 *
 * <p>All follows from a seed: how many replicas, how they are linked, what they change and when, which links are slow,
 * break in the middle of a character or are made again, which replicas crash and come back from their journal or with
 * nothing, whose clock is wrong or jumps back. Time is virtual and everything runs on the calling thread, so a seed
 * gives the same run everywhere.
 *
 * <p>During the run each link is watched: per source timestamps ascend, nothing goes back to where it came from, a
 * session that only receives sends no update. Now and then a replica is compared with a {@link NaiveReplica} of what it
 * has seen. At the end everything is linked, and when all is quiet, visible states and histories must be equal, to each
 * other and to what everything that was seen makes; a new replica told the history must show the same.
 *
 * <p>A run that fails is made shorter by leaving operations out, then told as an {@code AssertionError} with the seed,
 * what remains of the operations, a trace, and how to run it again.
 *
 * <p>Immutable: each method returns a changed copy.
 */
public final class Simulation<R extends Replica> {
    /** System property: the one seed that {@link #runAll} is to run. */
    public static final String SEED_PROPERTY = "scuttlebutt.seed";

    /** System property: how many operations {@link #runAll} is to make, instead of what the test says. */
    public static final String OPERATIONS_PROPERTY = "scuttlebutt.ops";

    /** System property: a file that the whole trace of a failing run is written to. */
    public static final String TRACE_PROPERTY = "scuttlebutt.trace";

    final Workload<R> workload;
    final boolean shrinking;
    final @Nullable LongFunction<String> command;
    private final int operations;
    private final int replicas;

    /**
     * What one or several runs came to.
     *
     * @param runs how many
     * @param operations changes, links made and broken, crashes and so on; some found nothing to do
     * @param writes changes made
     * @param links links made
     * @param cuts links that broke
     * @param crashes replicas that crashed
     * @param checks comparisons of a replica with its reference before the end
     * @param handshakes handshakes sent
     * @param updates updates sent
     * @param syncs {@code SYNC} messages sent
     * @param bytes bytes sent
     * @param virtualMillis time that passed in the simulation
     * @param held updates that a replica held at the end
     */
    public record Report(
            int runs,
            long operations,
            long writes,
            long links,
            long cuts,
            long crashes,
            long checks,
            long handshakes,
            long updates,
            long syncs,
            long bytes,
            long virtualMillis,
            long held) {

        static final Report NOTHING = new Report(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

        Report plus(Report other) {
            return new Report(
                    runs + other.runs,
                    operations + other.operations,
                    writes + other.writes,
                    links + other.links,
                    cuts + other.cuts,
                    crashes + other.crashes,
                    checks + other.checks,
                    handshakes + other.handshakes,
                    updates + other.updates,
                    syncs + other.syncs,
                    bytes + other.bytes,
                    virtualMillis + other.virtualMillis,
                    held + other.held);
        }
    }

    private Simulation(
            Workload<R> workload,
            int operations,
            int replicas,
            boolean shrinking,
            @Nullable LongFunction<String> command) {
        this.workload = workload;
        this.operations = operations;
        this.replicas = replicas;
        this.shrinking = shrinking;
        this.command = command;
    }

    /** Returns a simulation whose size is drawn from the seed: two to nine replicas, up to 8,000 operations. */
    public static <R extends Replica> Simulation<R> of(Workload<R> workload) {
        return new Simulation<>(workload, 0, 0, true, null);
    }

    /**
     * Sets how many operations a run has: changes, links made and broken, crashes and so on.
     *
     * @param operations 0 to let the seed say
     * @throws IllegalArgumentException if it is negative
     */
    public Simulation<R> operations(int operations) {
        if (operations < 0) {
            throw new IllegalArgumentException("operations must not be negative, was " + operations);
        }
        return new Simulation<>(workload, operations, replicas, shrinking, command);
    }

    /**
     * Sets how many replicas there are. They share the operations.
     *
     * @param replicas 0 to let the seed say
     * @throws IllegalArgumentException if it is negative or more than 30
     */
    public Simulation<R> replicas(int replicas) {
        if (replicas < 0 || replicas > 30) {
            throw new IllegalArgumentException("replicas must be from 0 to 30, was " + replicas);
        }
        return new Simulation<>(workload, operations, replicas, shrinking, command);
    }

    /** Sets whether a failing run is made shorter before it is told, which may take a hundred times as long as the run. */
    public Simulation<R> shrinking(boolean shrinking) {
        return new Simulation<>(workload, operations, replicas, shrinking, command);
    }

    /** Sets what a failure says about how to run a seed again, for example a command line. */
    public Simulation<R> replayWith(LongFunction<String> command) {
        return new Simulation<>(workload, operations, replicas, shrinking, command);
    }

    /**
     * Runs consecutive seeds until so many operations have been made, or only one seed where the system property
     * {@link #SEED_PROPERTY} names it.
     *
     * @param totalOperations another number may be given by the system property {@link #OPERATIONS_PROPERTY}
     * @return the sum of all runs
     * @throws AssertionError for the first seed that fails
     */
    public Report runAll(long firstSeed, long totalOperations) {
        Long only = Long.getLong(SEED_PROPERTY);
        if (only != null) {
            return run(only);
        }
        long wanted = Long.getLong(OPERATIONS_PROPERTY, totalOperations);
        Report sum = Report.NOTHING;
        for (long seed = firstSeed; sum.operations() < wanted; seed++) {
            sum = sum.plus(run(seed));
        }
        return sum;
    }

    /**
     * Runs one seed.
     *
     * @throws AssertionError if replicas do not converge, or do what they must not
     */
    public Report run(long seed) {
        return run(schedule(seed));
    }

    Report run(Schedule schedule) {
        try {
            return execute(schedule, Trace.none());
        } catch (RuntimeException | AssertionError | StackOverflowError failure) {
            throw new AssertionError(new FailureReport<>(this, schedule, failure).text(), failure);
        }
    }

    boolean isSizedBySeed() {
        return operations == 0 && replicas == 0;
    }

    Schedule schedule(long seed) {
        return Schedule.draw(seed, operations, replicas);
    }

    /** Runs a schedule and throws whatever goes wrong. */
    Report execute(Schedule schedule, Trace trace) {
        Network<R> network = new Network<>(workload, schedule, trace);
        for (Operation operation : schedule.operations()) {
            network.run(operation);
        }
        network.heal();
        new Inspection<>(network).checkAll();
        return report(network);
    }

    private Report report(Network<R> network) {
        Traffic traffic = network.traffic;
        return new Report(
                1,
                network.schedule.operations().size(),
                traffic.writes,
                traffic.links,
                traffic.cuts,
                traffic.crashes,
                traffic.checks,
                traffic.handshakes,
                traffic.updates,
                traffic.syncs,
                traffic.bytes,
                network.now(),
                network.nodes().get(0).replica().history().size());
    }
}
