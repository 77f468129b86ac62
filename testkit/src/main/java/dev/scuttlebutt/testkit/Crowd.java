package dev.scuttlebutt.testkit;

import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A few replicas that have made changes, with clocks that disagree, and now and then met. */
final class Crowd<R extends Replica> {
    final List<R> replicas = new ArrayList<>();

    /** What each replica made and passed on, in order. */
    final List<List<Update>> sequences = new ArrayList<>();

    private final Workload<R> workload;
    private final Gen gen;
    private final ManualTime time = new ManualTime();

    Crowd(Workload<R> workload, Gen gen) {
        this.workload = workload;
        this.gen = gen;
        for (String id : gen.ids(gen.between(2, 5))) {
            R replica = create(id, time.skewed(gen.oneIn(4) ? gen.between(-3_600_000, 3_600_000) : gen.between(-1, 1)));
            List<Update> made = new ArrayList<>();
            replica.on(ReplicaEvent.Applied.class, applied -> {
                if (applied.update().source().equals(id)) {
                    made.add(applied.update());
                }
            });
            replicas.add(replica);
            sequences.add(made);
        }
    }

    /** Lets everybody make changes and some of them meet. */
    Crowd<R> work(int steps) {
        for (int i = 0; i < steps; i++) {
            step(gen.pick(replicas));
            if (gen.oneIn(6)) {
                meet(gen.pick(replicas), gen.pick(replicas));
            }
        }
        return this;
    }

    void step(R replica) {
        time.advanceMillis(gen.below(2));
        change(workload, gen, replica);
    }

    /**
     * Makes a change and checks that it was not lost on the way.
     *
     * @return what was done
     */
    static <R extends Replica> String change(Workload<R> workload, Gen gen, R replica) {
        double before = replica.clock().latest(replica.id());
        String did = workload.step(gen, replica);
        if (!did.isEmpty() && !(replica.clock().latest(replica.id()) > before)) {
            throw new Violation("after \"" + Trace.brief(did) + "\" the own entry in the clock of "
                    + Trace.quoted(replica.id()) + " has not moved: the change was lost");
        }
        return did;
    }

    void meet(R one, R other) {
        if (one == other) {
            return;
        }
        if (gen.percent(50)) {
            Pipe.connect(one, other).close();
        } else {
            cross(one, other);
        }
    }

    /** Lets both send what the other lacks at the same moment, as on a link with latency. */
    static void cross(Replica one, Replica other) {
        List<Update> there = one.history(other.clock());
        List<Update> back = other.history(one.clock());
        there.forEach(update -> tell(other, update));
        back.forEach(update -> tell(one, update));
    }

    /** Lets everybody meet until all have everything. */
    void meetAll() {
        for (int i = 1; i < replicas.size(); i++) {
            meet(replicas.get(0), replicas.get(i));
        }
        for (int i = 1; i < replicas.size(); i++) {
            meet(replicas.get(0), replicas.get(i));
        }
    }

    R create(String id) {
        return create(id, time);
    }

    R create(String id, ManualTime clock) {
        return workload.create(options(id, clock));
    }

    ReplicaOptions options(String id, ManualTime clock) {
        return ReplicaOptions.defaults()
                .id(id)
                .time(clock)
                .random(new Random(gen.bits()))
                .executor(Runnable::run);
    }

    ManualTime time() {
        return time;
    }

    /** Returns a new replica, under an id nobody has, that was told these updates in this order. */
    R told(List<Update> updates) {
        R told = create("told " + gen.bits());
        updates.forEach(update -> tell(told, update));
        return told;
    }

    static void tell(Replica replica, Update update) {
        Outcome outcome = replica.apply(update);
        if (outcome != Outcome.APPLIED && outcome != Outcome.IGNORED && outcome != Outcome.STALE) {
            throw new AssertionError("a replica answers " + outcome + " to " + Trace.brief(update));
        }
    }
}
