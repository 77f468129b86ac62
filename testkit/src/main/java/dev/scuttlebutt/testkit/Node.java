package dev.scuttlebutt.testkit;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.testkit.Operation.Return;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A replica of a simulation, through all its lives, with its clock and its journal. */
final class Node<R extends Replica> {
    final int index;
    final ManualTime clock;

    private final Network<R> network;
    private final Gen gen;
    private String id;
    private int life;
    private @Nullable R replica;
    private Tape journal = new Tape();
    private List<Update> seen = new ArrayList<>();
    private final Map<String, Double> latest = new HashMap<>();
    private boolean hasSpoken;

    Node(Network<R> network, int index, String id, double skewMillis, long seed) {
        this.network = network;
        this.index = index;
        this.id = id;
        this.clock = network.time.skewed(skewMillis);
        this.gen = Gen.seeded(seed);
    }

    String id() {
        return id;
    }

    /** Number of the replica, and an accent for each life after the first. */
    String name() {
        return "n" + index + "'".repeat(life);
    }

    boolean isUp() {
        return replica != null;
    }

    R replica() {
        R up = replica;
        if (up == null) {
            throw new IllegalStateException(name() + " is down");
        }
        return up;
    }

    /** Returns everything that this replica has been told as news or made itself, as far as it has not lost it. */
    List<Update> seen() {
        return seen;
    }

    /** Returns the latest timestamp it has seen of each source. */
    Map<String, Double> latest() {
        return latest;
    }

    /** It was told an update. One that is not newer than what it knows of the source is no news, whatever it says. */
    void saw(Update update) {
        if (update.timestamp() > latest.getOrDefault(update.source(), Clock.NEVER)) {
            latest.put(update.source(), update.timestamp());
            seen.add(update);
        }
    }

    private void forgetAll() {
        seen = new ArrayList<>();
        latest.clear();
    }

    /** Something it holds is about to be handed to a link. */
    void spoke() {
        hasSpoken = true;
    }

    /** Tells whether any update has been sent from here since it last started with nothing. */
    boolean hasSpoken() {
        return hasSpoken;
    }

    void write(Gen random, String why) {
        R up = replica();
        String did = Trace.brief(Crowd.change(network.workload, random, up));
        network.traffic.writes++;
        network.trace(name() + " " + why + did);
    }

    // Lives

    /** Starts with nothing. */
    void start() {
        R started = create();
        journal = new Tape();
        hasSpoken = false;
        forgetAll();
        journal.record(started);
        begin(started);
    }

    void crash() {
        replica = null;
        network.traffic.crashes++;
    }

    /**
     * Starts again.
     *
     * @param freshId an id nobody has had, for the case that the old one cannot be used
     */
    void comeBack(Return how, String freshId, Gen random) {
        life++;
        if (how == Return.EMPTY) {
            id = freshId;
            start();
            return;
        }
        R started = create();
        journal.play(started, random);
        forgetAll();
        journal.updates().forEach(this::saw);
        takeFreshIdIfStampsAreLost(started, freshId);
        if (how == Return.FROM_JOURNAL_COMPACTED) {
            journal = new Tape();
            journal.record(started);
        } else {
            journal.continueWith(started);
        }
        begin(started);
    }

    /*
     * A compacted journal may hold no update of its own writer: all of them superseded by others. Its handshake still
     * tells how far the writer's stamps had come. Where what was read back stays below that, new stamps could repeat old
     * ones once the machine's clock has stepped back, and peers would refuse them.
     */
    private void takeFreshIdIfStampsAreLost(R started, String freshId) {
        double stamped = journal.clock().latest(id);
        if (stamped > Clock.NEVER && started.clock().latest(id) < stamped) {
            network.trace(name() + " cannot tell its last timestamp and becomes " + Trace.quoted(freshId));
            id = freshId;
            started.setId(freshId);
        }
    }

    private R create() {
        R created = network.workload.create(ReplicaOptions.defaults()
                .id(id)
                .time(this::readClock)
                .random(new Random(gen.bits()))
                // A hand-over to another thread would make the run depend on the machine.
                .executor(Runnable::run));
        if (!created.id().equals(id)) {
            throw new Violation("create must pass its options on to Replica: asked for the id " + Trace.quoted(id)
                    + ", got " + Trace.quoted(created.id()));
        }
        return created;
    }

    private double readClock() {
        int tick = network.schedule.tickMillis();
        return Math.floor(clock.millis() / tick) * tick;
    }

    private void begin(R started) {
        replica = started;
        started.on(ReplicaEvent.Applied.class, applied -> {
            if (started == replica) {
                heard(applied.update());
            }
        });
        started.on(
                ReplicaEvent.Invalid.class,
                invalid -> network.report(
                        new Violation(name() + " refuses " + Trace.brief(invalid.update()) + ": " + invalid.reason())));
        started.on(
                ReplicaEvent.Refused.class,
                refused -> network.report(
                        new Violation(name() + " refuses " + Trace.brief(refused.update()) + ": " + refused.reason())));
        started.on(
                ReplicaEvent.ListenerFailed.class,
                failed -> network.report(new Violation("a listener of " + name() + " failed: " + failed.failure())));
    }

    private void heard(Update update) {
        if (update.source().equals(id)) {
            saw(update);
        } else if (network.isAnswering() && gen.oneIn(network.schedule.answering())) {
            write(gen, "answers: ");
        }
    }
}
