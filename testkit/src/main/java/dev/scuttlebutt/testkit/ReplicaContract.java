package dev.scuttlebutt.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Message;
import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.wire.JsonLines;
import dev.scuttlebutt.wire.Limits;
import dev.scuttlebutt.wire.WireSession;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * What every data type must keep. Extend it to have it checked:
 *
 * <pre>{@code
 * class TallyContractTest extends ReplicaContract<Tally> {
 *   protected Workload<Tally> workload() { return new TallyWorkload(); }
 * }
 * }</pre>
 *
 * <p>Each test runs with a number of seeds, which draw what happens; a failure names its seed, and the system property
 * {@code scuttlebutt.seed} runs that one alone. Time stands still unless a test moves it, so that timestamps meet.
 *
 * <p>A {@link Simulation} of the same workload finds what only long runs show.
 */
public abstract class ReplicaContract<R extends Replica> {
    private static final int STEPS = 40;

    /** Returns how to make and change replicas of the type under test. */
    protected abstract Workload<R> workload();

    /** Returns how many seeds each test runs with. */
    protected int seeds() {
        return 20;
    }

    // Order and repetition

    /** Whatever order updates arrive in, as long as each source's own order is kept, the result is the same. */
    @Test
    public void anyDeliveryOrder_converges() {
        withSeeds(gen -> {
            Crowd<R> crowd = crowd(gen).work(STEPS);
            R first = crowd.told(gen.interleave(crowd.sequences));
            for (int i = 0; i < 3; i++) {
                assertSame("two orders of delivery", first, crowd.told(gen.interleave(crowd.sequences)));
            }
            crowd.meetAll();
            crowd.replicas.forEach(replica -> assertSame("an order of delivery and who was there", first, replica));
        });
    }

    /** An update that arrives again is stale and changes nothing. */
    @Test
    public void repetition_changesNothing() {
        withSeeds(gen -> {
            Crowd<R> crowd = crowd(gen).work(STEPS);
            List<Update> order = gen.interleave(crowd.sequences);
            R once = crowd.told(order);
            R often = crowd.create("often");
            for (int i = 0; i < order.size(); i++) {
                Crowd.tell(often, order.get(i));
                Update again = order.get(gen.below(i + 1));
                Photo before = Photo.of(often);
                assertEquals(Outcome.STALE, often.apply(again), () -> "told again " + Trace.brief(again));
                before.assertUnchanged(often, "an update that came again");
            }
            assertSame("once and often", once, often);
        });
    }

    /** Replicas that were apart, and some that were restarted meanwhile from their history, become equal. */
    @Test
    public void partitionAndRestart_converge() {
        withSeeds(gen -> {
            Crowd<R> crowd = crowd(gen).work(STEPS / 2);
            List<R> replicas = new ArrayList<>(crowd.replicas);
            for (int round = 0; round < 4; round++) {
                int half = gen.between(1, replicas.size() - 1);
                List<Pipe> pipes = new ArrayList<>();
                for (int i = 1; i < replicas.size(); i++) {
                    if (i != half) {
                        pipes.add(Pipe.connect(replicas.get(i - 1), replicas.get(i)));
                    }
                }
                for (int i = 0; i < 10; i++) {
                    crowd.step(gen.pick(replicas));
                }
                replicas.forEach(replica -> Crowd.change(workload(), gen, replica));
                pipes.forEach(Pipe::close);
                int restarted = gen.below(replicas.size());
                R fresh = crowd.create(replicas.get(restarted).id(), crowd.time());
                replicas.get(restarted).history().forEach(update -> Crowd.tell(fresh, update));
                // What it wrote last may be superseded; its store knows how far its timestamps had come.
                fresh.restore(null, replicas.get(restarted).clock(), true);
                replicas.set(restarted, fresh);
            }
            Crowd.cross(replicas.get(0), replicas.get(1));
            for (int i = 1; i < replicas.size(); i++) {
                Pipe.connect(replicas.get(i - 1), replicas.get(i));
            }
            replicas.forEach(replica -> assertSame("after a partition", replicas.get(0), replica));
        });
    }

    // History

    /** The history is enough to make an equal replica. */
    @Test
    public void history_rebuildsAnEqualReplica() {
        withSeeds(gen -> {
            Crowd<R> crowd = crowd(gen).work(STEPS);
            for (R replica : crowd.replicas) {
                assertSame("told the history", replica, crowd.told(replica.history()));
                R linked = crowd.create("linked");
                Pipe.connect(replica, linked);
                assertSame("linked anew", replica, linked);
            }
        });
    }

    /** The history for a clock is what that clock does not cover, by timestamp, then source. */
    @Test
    public void historySince_isExactlyWhatIsLacking() {
        withSeeds(gen -> {
            Crowd<R> crowd = crowd(gen).work(STEPS);
            R replica = gen.pick(crowd.replicas);
            List<Update> history = replica.history();
            assertEquals(NaiveReplica.inStampOrder(history), history, "the history is not in stamp order");
            assertEquals(
                    List.of(), replica.history(replica.clock()), "the history holds what the clock does not cover");
            for (int i = 0; i < 10; i++) {
                Clock since = clockBelow(gen, history);
                List<Update> lacking =
                        history.stream().filter(update -> !since.covers(update)).toList();
                assertEquals(lacking, replica.history(since), () -> "since " + since);
            }
        });
    }

    private static Clock clockBelow(Gen gen, List<Update> history) {
        Map<String, Double> latest = new HashMap<>();
        for (Update update : history) {
            if (gen.oneIn(3)) {
                double timestamp = update.timestamp();
                latest.put(update.source(), gen.oneIn(3) ? Math.nextDown(timestamp) : timestamp);
            }
        }
        return Clock.of(latest);
    }

    /** Whoever was away gets from the history, as short as it has become, all that matters of what was missed. */
    @Test
    public void forget_losesNothing() {
        withSeeds(gen -> {
            Crowd<R> crowd = crowd(gen);
            R replica = crowd.replicas.get(0);
            R away = crowd.create("away");
            R neverAway = crowd.create("never away");
            Pipe.connect(replica, neverAway);
            for (int i = 0; i < 8; i++) {
                crowd.work(gen.between(0, STEPS / 4));
                crowd.meet(replica, gen.pick(crowd.replicas));
                replica.history(away.clock()).forEach(update -> Crowd.tell(away, update));
                assertSame("away for a while", replica, away);
                assertSame("never away", replica, neverAway);
            }
        });
    }

    /**
     * A replica that was restarted from its journal gives timestamps above all of its former ones, also when the
     * machine's clock was set back.
     */
    @Test
    public void restart_continuesTimestamps() {
        withSeeds(gen -> {
            Crowd<R> crowd = crowd(gen);
            R former = gen.pick(crowd.replicas);
            Tape journal = new Tape();
            journal.record(former);
            crowd.work(STEPS);
            R restarted = crowd.create(former.id(), crowd.time().skewed(-3_600_000));
            journal.play(restarted, gen);
            assertSame("restarted", former, restarted);
            List<Update> made = new ArrayList<>(crowd.sequences.get(crowd.replicas.indexOf(former)));
            restarted.on(ReplicaEvent.Applied.class, applied -> made.add(applied.update()));
            for (int i = 0; i < 10; i++) {
                Crowd.change(workload(), gen, restarted);
            }
            assertAscending(made);
            crowd.replicas.set(crowd.replicas.indexOf(former), restarted);
            crowd.meetAll();
            crowd.replicas.forEach(replica -> assertSame("after a restart", restarted, replica));
        });
    }

    // What must not do harm

    /** A change that makes no sense is refused, and neither state nor clock move. */
    @Test
    public void malformedChange_isRefusedWithoutTrace() {
        List<Json> malformed = workload().malformed();
        assumeFalse(malformed.isEmpty(), "the workload knows no malformed change");
        withSeeds(gen -> {
            R replica = crowd(gen).work(STEPS).replicas.get(0);
            List<Update> invalid = new ArrayList<>();
            replica.on(ReplicaEvent.Invalid.class, event -> invalid.add(event.update()));
            Session session = replica.open();
            for (Json change : malformed) {
                Photo before = Photo.of(replica);
                Update update = Update.of(change, ManualTime.START + 1e6, "malformed");
                assertEquals(Outcome.INVALID, replica.apply(update), () -> "for the change " + change);
                session.receive(update);
                before.assertUnchanged(replica, "the malformed change " + change);
                assertEquals(List.of(update, update), invalid, "Invalid events");
                invalid.clear();
            }
            assertNotEquals(Session.State.CLOSED, session.state());
        });
    }

    /** Whatever stands in a change, it is refused without a trace or applied, and what is applied converges. */
    @Test
    public void arbitraryChanges_areRefusedOrConverge() {
        withSeeds(gen -> {
            Crowd<R> crowd = crowd(gen).work(STEPS / 2);
            List<List<Update>> hostile = new ArrayList<>(crowd.sequences);
            List<Update> made = gen.interleave(crowd.sequences);
            for (int source = 0; source < 3; source++) {
                List<Update> sequence = new ArrayList<>();
                double timestamp = ManualTime.START - 20;
                for (int i = 0; i < STEPS; i++) {
                    Json change = arbitraryChange(gen, made);
                    sequence.add(Update.of(change, timestamp, "hostile" + source));
                    timestamp += gen.below(3) == 0 ? Math.ulp(timestamp) : gen.between(1, 3);
                }
                hostile.add(sequence);
            }
            R one = toldAnything(crowd, gen.interleave(hostile));
            assertSame("two orders of arbitrary changes", one, toldAnything(crowd, gen.interleave(hostile)));
            assertSame("told the history", one, crowd.told(one.history()));
        });
    }

    private Json arbitraryChange(Gen gen, List<Update> made) {
        while (true) {
            Json change = made.isEmpty() || gen.oneIn(3)
                    ? gen.json()
                    : gen.mutated(gen.pick(made).change());
            if (workload().converges(change)) {
                return change;
            }
        }
    }

    private R toldAnything(Crowd<R> crowd, List<Update> updates) {
        R told = crowd.create("told anything");
        for (Update update : updates) {
            Photo before = Photo.of(told);
            Outcome outcome = told.apply(update);
            if (outcome == Outcome.INVALID) {
                before.assertUnchanged(told, "the refused " + Trace.brief(update));
            }
        }
        return told;
    }

    /** A listener that throws is reported; the replica and its peers do not notice. */
    @Test
    public void throwingListener_disturbsNobody() {
        withSeeds(gen -> {
            Crowd<R> crowd = crowd(gen);
            R replica = crowd.replicas.get(0);
            R peer = crowd.create("peer");
            Pipe.connect(replica, peer);
            List<Update> failed = new ArrayList<>();
            List<Update> applied = new ArrayList<>();
            replica.on(ReplicaEvent.Applied.class, event -> {
                if (gen.percent(50)) {
                    throw new IllegalStateException("thrown by a test");
                }
                throw new AssertionError("thrown by a test");
            });
            replica.on(ReplicaEvent.Applied.class, event -> applied.add(event.update()));
            replica.on(
                    ReplicaEvent.ListenerFailed.class,
                    event -> failed.add(((ReplicaEvent.Applied) event.event()).update()));
            crowd.work(STEPS);
            crowd.meetAll();
            assertEquals(applied, failed, "updates whose listener failed");
            assertSame("the peer of a replica with a failing listener", replica, peer);
            crowd.replicas.forEach(other -> assertSame("with a failing listener", other, replica));
        });
    }

    // Listeners that act

    /** Changes made by listeners reach everybody, and no update is overtaken by a later one of its source. */
    @Test
    public void changeInListener_reachesPeersInOrder() {
        withSeeds(gen -> {
            Crowd<R> crowd = crowd(gen);
            R replica = crowd.replicas.get(0);
            R peer = crowd.create("peer");
            Session watched = replica.open();
            List<Message> sent = new ArrayList<>();
            watched.onReady(() -> drain(watched, sent));
            // What a replica of the type says of itself may decide what it is sent.
            watched.receive(
                    Objects.requireNonNull(crowd.create("watcher").open().poll()));
            drain(watched, sent);
            Pipe.connect(replica, peer);
            int[] left = {STEPS};
            replica.on(ReplicaEvent.Applied.class, event -> {
                if (left[0]-- > 0 && gen.percent(70)) {
                    crowd.step(replica);
                }
            });
            crowd.work(STEPS / 2);
            crowd.meetAll();
            assertSame("the peer of a replica whose listener writes", replica, peer);
            assertAscending(sent);
            assertSame("told what a session sent", replica, crowd.told(updatesIn(sent)));
        });
    }

    /** Updates applied by a listener, to its own replica and to others, spread like all others. */
    @Test
    public void applyInListener_spreads() {
        withSeeds(gen -> {
            Crowd<R> elsewhere = crowd(gen).work(STEPS);
            List<Update> toApply = gen.interleave(elsewhere.sequences);
            Crowd<R> crowd = crowd(gen);
            R one = crowd.create("one");
            R other = crowd.create("other");
            Pipe.connect(one, other);
            one.on(ReplicaEvent.Applied.class, event -> {
                if (!toApply.isEmpty()) {
                    Update next = toApply.remove(0);
                    // All of one source by the same way: it must not overtake itself.
                    Crowd.tell(next.source().length() % 2 == 0 ? one : other, next);
                }
            });
            for (int i = 0; i < STEPS && !toApply.isEmpty(); i++) {
                Crowd.change(workload(), gen, gen.percent(50) ? one : other);
            }
            assertSame("two whose listeners apply", one, other);
        });
    }

    // Clones

    /** A change made on a replica or its clone is on both when the call returns, and spreads from both. */
    @Test
    public void clone_sharesEveryChange() {
        withSeeds(gen -> {
            Crowd<R> crowd = crowd(gen).work(STEPS / 2);
            R original = gen.pick(crowd.replicas);
            R clone = original.clone(workload()::create);
            assertEquals(original.id(), clone.id());
            assertSame("a new clone", original, clone);
            R peer = crowd.create("peer");
            Pipe.connect(gen.percent(50) ? original : clone, peer);
            for (int i = 0; i < STEPS / 2; i++) {
                R writer = gen.pick(List.of(original, clone, peer));
                crowd.step(writer);
                assertSame("original and clone", original, clone);
                assertSame("original and peer", original, peer);
            }
        });
    }

    // Texts

    /** The visible state is JSON that reads back the same, and looking at it changes nothing. */
    @Test
    public void toJson_isStable() {
        withSeeds(gen -> {
            Crowd<R> crowd = crowd(gen);
            R replica = gen.pick(crowd.replicas);
            for (int i = 0; i < STEPS; i++) {
                crowd.work(1);
                Json state = replica.toJson();
                assertEquals(state, Json.parse(state.toString()), "the visible state, read back");
                assertEquals(state.toString(), replica.toJson().toString(), "the visible state, looked at again");
            }
        });
    }

    /** An update read back from its text or its bytes is equal, and bytes cut anywhere carry a replica over. */
    @Test
    public void bytes_roundTrip() {
        withSeeds(gen -> {
            R replica = crowd(gen).work(STEPS).replicas.get(0);
            JsonLines.Decoder decoder = new JsonLines.Decoder(Limits.defaults());
            for (Update update : replica.history()) {
                assertEquals(update, Update.parse(update.toString()));
                List<Message> decoded = new ArrayList<>();
                decode(decoder, update, decoded);
                assertEquals(List.of(update), decoded);
            }
            R copy = crowd(gen).create("copy");
            carry(gen, new WireSession(replica.open()), new WireSession(copy.open()));
            assertSame("carried over in bytes", replica, copy);
        });
    }

    private static void decode(JsonLines.Decoder decoder, Update update, List<Message> decoded) {
        try {
            decoder.decode(update.bytes(), decoded);
        } catch (ProtocolException refused) {
            throw new AssertionError("refused by the decoder: " + Trace.brief(update), refused);
        }
    }

    private static void carry(Gen gen, WireSession one, WireSession other) {
        boolean more = true;
        while (more) {
            more = carryPart(gen, one, other) | carryPart(gen, other, one);
        }
    }

    private static boolean carryPart(Gen gen, WireSession from, WireSession to) {
        ByteBuffer buffer = ByteBuffer.allocate(gen.lowBetween(1, 200));
        boolean more = from.transmit(buffer);
        buffer.flip();
        boolean carried = buffer.hasRemaining();
        try {
            to.receive(buffer);
        } catch (ProtocolException refused) {
            throw new AssertionError("refused by the peer", refused);
        }
        return carried || more;
    }

    // Help

    private Crowd<R> crowd(Gen gen) {
        return new Crowd<>(workload(), gen);
    }

    private void withSeeds(Consumer<Gen> claim) {
        Long only = Long.getLong(Simulation.SEED_PROPERTY);
        long first = only == null ? 1 : only;
        int count = only == null ? seeds() : 1;
        for (long seed = first; seed < first + count; seed++) {
            try {
                claim.accept(Gen.seeded(seed));
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError(
                        "with seed " + seed + " (alone: -D" + Simulation.SEED_PROPERTY + "=" + seed + "): "
                                + failure.getMessage(),
                        failure);
            }
        }
    }

    /** Compares visible states and histories. Clocks may differ in sources of which nothing is held. */
    private static void assertSame(String what, Replica expected, Replica actual) {
        assertEquals(expected.toJson(), actual.toJson(), () -> what + ": visible states differ");
        assertEquals(expected.history(), actual.history(), () -> what + ": histories differ");
    }

    private static void assertAscending(List<? extends Message> sent) {
        Map<String, Double> latest = new HashMap<>();
        for (Update update : updatesIn(sent)) {
            Double before = latest.put(update.source(), update.timestamp());
            assertTrue(
                    before == null || before < update.timestamp(),
                    () -> Trace.brief(update) + " comes behind a later one of its source");
        }
    }

    private static List<Update> updatesIn(List<? extends Message> messages) {
        List<Update> updates = new ArrayList<>();
        for (Message message : messages) {
            if (message instanceof Update update) {
                updates.add(update);
            }
        }
        return updates;
    }

    private static void drain(Session session, List<Message> sent) {
        Message message;
        while ((message = session.poll()) != null) {
            sent.add(message);
        }
    }

    /** All that may be seen of a replica, at one moment. */
    private record Photo(Json state, List<Update> history, Clock clock) {
        static Photo of(Replica replica) {
            return new Photo(replica.toJson(), replica.history(), replica.clock());
        }

        void assertUnchanged(Replica replica, String by) {
            assertEquals(state, replica.toJson(), () -> by + " changed the visible state");
            assertEquals(history, replica.history(), () -> by + " changed the history");
            assertEquals(clock, replica.clock(), () -> by + " moved the clock");
        }
    }
}
