package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class VettingTest {

    /** Vouches for what the rule says; signs with a fixed text. */
    private static class FakeSecurity implements Security {
        final Function<Update, Verdict> rule;

        FakeSecurity(Function<Update, Verdict> rule) {
            this.rule = rule;
        }

        @Override
        public String createId() {
            return "me";
        }

        @Override
        public String sign(byte[] text) {
            return "signed";
        }

        @Override
        public Verdict verify(Update update) {
            return rule.apply(update);
        }
    }

    private static Security bySource(Set<String> known) {
        return new FakeSecurity(update -> !known.contains(update.source())
                ? Verdict.unknownSource("no key")
                : "forged".equals(update.signature()) ? Verdict.invalid("forged") : Verdict.valid());
    }

    private static ReplicaOptions with(Security security) {
        return ReplicaOptions.defaults().security(security);
    }

    private static Update update(Object change, double timestamp, String source) {
        return Update.of(List.of("k", change), timestamp, source);
    }

    private static Update forged(double timestamp, String source) {
        return Update.parse("[[\"k\",\"forged\"]," + timestamp + ",\"" + source + "\",\"forged\"]");
    }

    private static <E extends ReplicaEvent> List<E> heard(Replica replica, Class<E> type) {
        List<E> heard = new ArrayList<>();
        replica.on(type, heard::add);
        return heard;
    }

    private static List<Message> drain(Session session) {
        List<Message> out = new ArrayList<>();
        session.poll(out, Integer.MAX_VALUE, Integer.MAX_VALUE);
        return out;
    }

    // Forgeries

    @Test
    void forgedFarFuture_leavesTheClock_andTheVictimsUpdatesGoOn() {
        Model model = new Model(with(bySource(Set.of("victim"))));
        Session session = model.open();
        session.receive(forged(9e15, "victim"));
        assertThat(model.clock()).isEqualTo(Clock.EMPTY);
        session.receive(update("genuine", 1, "victim"));
        assertThat(model.get("k")).isEqualTo(Json.of("genuine"));
        assertThat(session.stats().unverified()).isEqualTo(1);
    }

    @Test
    void peerThatSentAForgery_stillGetsTheVictimsRealUpdates() {
        Model model = new Model(with(bySource(Set.of("victim"))));
        Session shared = model.open();
        shared.receive(Handshake.of("peer", Clock.EMPTY, null));
        drain(shared);
        shared.receive(forged(9e15, "victim"));
        Update genuine = update("genuine", 1, "victim");
        model.apply(genuine);
        assertThat(drain(shared)).containsExactly(genuine);
    }

    @Test
    void peerThatSentWhatIsKnown_isNotSentItBack_thoughItWasNotVerifiedAgain() {
        Model model = new Model(with(bySource(Set.of("other"))));
        Update known = update("known", 1, "other");
        model.apply(known);
        Session session = model.open();
        session.receive(known);
        session.receive(Handshake.of("peer", Clock.EMPTY, null));
        assertThat(drain(session)).doesNotContain(known).contains(Sync.SYNC);
        assertThat(session.stats().stale()).isEqualTo(1);
    }

    @Test
    void verifies_onlyASessionThatReceives_ofAReplicaThatHasToCheck() {
        Model checks = new Model(with(bySource(Set.of("other"))));
        assertThat(checks.open().verifies()).isTrue();
        assertThat(checks.open(SessionOptions.sendOnly()).verifies()).isFalse();
        assertThat(new Model("M").open().verifies()).isFalse();
    }

    @Test
    void peerThatForgedTheOwnId_stillGetsTheOwnUpdates() {
        Model model = new Model(with(bySource(Set.of("me"))));
        Session session = model.open();
        session.receive(forged(9e15, "me"));
        session.receive(Handshake.of("peer", Clock.EMPTY, null));
        drain(session);
        model.set("k", "mine");
        assertThat(drain(session)).containsExactlyElementsOf(model.history());
    }

    @Test
    void verifiedUpdate_isNotSentBack() {
        Model model = new Model(with(bySource(Set.of("victim"))));
        Session session = model.open();
        session.receive(Handshake.of("peer", Clock.EMPTY, null));
        drain(session);
        session.receive(update(1, 1, "victim"));
        assertThat(drain(session)).isEmpty();
    }

    @Test
    void staleUpdate_isNotVerified() {
        AtomicInteger verified = new AtomicInteger();
        Model model = new Model(with(new FakeSecurity(update -> {
            verified.incrementAndGet();
            return Verdict.valid();
        })));
        Session session = model.open();
        List<ReplicaEvent.Stale> stale = heard(model, ReplicaEvent.Stale.class);
        session.receive(List.of(update(1, 5, "a"), update(2, 6, "a")));
        session.receive(List.of(update(1, 5, "a"), update(2, 6, "a"), update(3, 7, "a")));
        assertThat(verified).hasValue(3);
        assertThat(stale).hasSize(2);
        assertThat(session.stats().stale()).isEqualTo(2);
    }

    @Test
    void verifierThatThrows_refuses() {
        Model model = new Model(with(new FakeSecurity(update -> {
            throw new ArithmeticException("of the verifier");
        })));
        List<ReplicaEvent.Unverified> refused = heard(model, ReplicaEvent.Unverified.class);
        model.open().receive(update(1, 1, "a"));
        assertThat(refused)
                .singleElement()
                .satisfies(event -> assertThat(event.reason()).contains("of the verifier"));
    }

    @Test
    void ownUpdateFromOutside_isNotSigned_andKeepsItsBytes() {
        Model model = new Model(with(new FakeSecurity(update -> Verdict.valid())));
        Update own = Update.parse("[[\"k\",1],1,\"me\",\"earlier signature\"]");
        model.open().receive(own);
        assertThat(model.history()).containsExactly(own);
        assertThat(model.history().get(0)).hasToString("[[\"k\",1],1,\"me\",\"earlier signature\"]");
    }

    // Sources that are not known yet

    @Test
    void sourceThatBecomesKnown_isTakenWholeAfterReconnecting_neverWithAGap() {
        Set<String> known = ConcurrentHashMap.newKeySet();
        Events events = new Events(with(bySource(known)));
        Update first = Update.of(List.of("e", 1), 1, "late");
        Update second = Update.of(List.of("e", 2), 2, "late");
        Session session = events.open();
        session.receive(first);
        known.add("late");
        session.receive(second);
        assertThat(events.history())
                .as("taking the second would lose the first for ever")
                .isEmpty();
        assertThat(session.stats().unverified()).isEqualTo(2);

        session.close();
        Session again = events.open();
        again.receive(List.of(first, second));
        assertThat(events.history()).containsExactly(first, second);
    }

    @Test
    void sourceThatBecomesKnown_inTheMiddleOfABatch_isNotTakenWithAGap() {
        AtomicInteger asked = new AtomicInteger();
        Events events = new Events(with(new FakeSecurity(
                update -> asked.getAndIncrement() == 0 ? Verdict.unknownSource("no key yet") : Verdict.valid())));
        events.open().receive(List.of(Update.of(List.of("e", 1), 1, "late"), Update.of(List.of("e", 2), 2, "late")));
        assertThat(events.history()).isEmpty();
    }

    @Test
    void gapOfOneSource_doesNotHoldBackOthers() {
        Set<String> known = ConcurrentHashMap.newKeySet();
        known.add("known");
        Model model = new Model(with(bySource(known)));
        Session session = model.open();
        session.receive(List.of(update(1, 1, "late"), update(2, 2, "known")));
        known.add("other");
        session.receive(update(3, 3, "other"));
        assertThat(model.clock().sources()).containsExactlyInAnyOrder("known", "other");
    }

    @Test
    void forgery_holdsBackNothing_evenWhereUnknownSourcesCameInMasses() {
        Set<String> known = ConcurrentHashMap.newKeySet();
        known.add("victim");
        Model model = new Model(with(bySource(known)));
        Session session = model.open();
        session.receive(update(1, 1, "victim"));
        List<Update> invented = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            invented.add(update(i, 1, "invented" + i));
        }
        session.receive(invented);
        session.receive(forged(9e15, "victim"));
        session.receive(update(2, 2, "victim"));
        assertThat(model.clock().latest("victim")).isEqualTo(2);

        known.add("invented4999");
        session.receive(update("with a gap", 2, "invented4999"));
        assertThat(model.clock().sources()).containsExactly("victim");
        model.open().receive(update("anew", 1, "invented4999"));
        assertThat(model.clock().latest("invented4999")).isEqualTo(1);
    }

    // Many at once

    @Test
    void batch_isVerifiedByHelpersToo_andAppliedInOrder() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            Set<Thread> threads = ConcurrentHashMap.newKeySet();
            CountDownLatch two = new CountDownLatch(2);
            Events events = new Events(with(new FakeSecurity(update -> {
                        if (threads.add(Thread.currentThread())) {
                            two.countDown();
                        }
                        await(two);
                        return update.timestamp() % 3 == 0 ? Verdict.invalid("third") : Verdict.valid();
                    }))
                    .executor(executor));
            List<Update> batch = new ArrayList<>();
            for (int i = 1; i <= 300; i++) {
                batch.add(Update.of(List.of("e", i), i, "source" + i % 2));
            }
            events.open().receive(batch);
            List<Update> expected =
                    batch.stream().filter(update -> update.timestamp() % 3 != 0).toList();
            assertThat(events.history()).isEqualTo(expected);
            assertThat(threads).hasSizeGreaterThan(1);
        } finally {
            executor.shutdownNow();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS))
                    .as("a second thread helps")
                    .isTrue();
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    private static List<Update> many(int count, double from) {
        List<Update> updates = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            updates.add(Update.of(List.of("e", i), from + i, "a"));
        }
        return updates;
    }

    @Test
    void executorThatNeverComes_orIsShutDown_costsNothing() {
        ConcurrentLinkedQueue<Runnable> queued = new ConcurrentLinkedQueue<>();
        for (Executor executor : List.<Executor>of(queued::add, task -> {
            throw new RejectedExecutionException("shut down");
        })) {
            Events events =
                    new Events(with(new FakeSecurity(update -> Verdict.valid())).executor(executor));
            Session session = events.open();
            for (int i = 0; i < 10; i++) {
                session.receive(many(100, i * 100));
            }
            assertThat(events.history()).hasSize(1000);
        }
        assertThat(queued)
                .as("batches that are done must not pile up in a queue")
                .hasSizeLessThan(Math.max(2, Runtime.getRuntime().availableProcessors()));
        queued.forEach(Runnable::run);
    }

    @Test
    void linkWithForgeries_getsNoHelp_untilItHasSentAsMuchThatIsGood() {
        AtomicInteger calls = new AtomicInteger();
        Executor counting = task -> {
            calls.incrementAndGet();
            task.run();
        };
        Events events = new Events(with(new FakeSecurity(
                        update -> update.signature() == null ? Verdict.valid() : Verdict.invalid("forged")))
                .executor(counting));
        Session session = events.open();
        List<Update> forgeries = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            forgeries.add(forged(i + 1, "victim"));
        }
        session.receive(forgeries);
        int before = calls.get();
        session.receive(many(100, 1));
        assertThat(calls).hasValue(before);

        // Another link is not held responsible.
        events.open().receive(many(100, 1000));
        int others = calls.get();
        for (int i = 1; i <= 10; i++) {
            session.receive(many(100, 10_000 * i));
        }
        assertThat(Runtime.getRuntime().availableProcessors() == 1 || calls.get() > others)
                .isTrue();
    }

    @Test
    void failing_isThePartOfLateUpdatesWithAWrongSignature() {
        Session session = new Events(with(new FakeSecurity(
                        update -> update.signature() == null ? Verdict.valid() : Verdict.invalid("forged"))))
                .open();
        assertThat(session.failing()).isZero();
        session.receive(List.of(forged(1, "victim"), update(1, 1, "a")));
        assertThat(session.failing()).isEqualTo(0.25);
        for (int i = 0; i < 20; i++) {
            session.receive(forged(1, "victim"));
        }
        assertThat(session.failing()).isGreaterThan(0.99);
        for (int i = 0; i < 20; i++) {
            session.receive(many(1, 10 + i));
        }
        assertThat(session.failing()).isLessThan(0.01);
    }

    @Test
    void prepare_isAskedOnceForEachBatch_onTheThreadOfTheLink_forNewsOnly() {
        List<Set<String>> asked = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        Model model = new Model(with(new FakeSecurity(update -> Verdict.valid()) {
            @Override
            public void prepare(Set<String> sources) {
                asked.add(Set.copyOf(sources));
                threads.add(Thread.currentThread());
            }
        }));
        Session session = model.open();
        session.receive(List.of(update(1, 1, "a"), update(2, 2, "b"), update(3, 3, "a")));
        session.receive(List.of(update(1, 1, "a"), update(4, 4, "c"), Sync.SYNC));
        session.receive(List.of(update(1, 1, "a"), Sync.SYNC));
        assertThat(asked).containsExactly(Set.of("a", "b"), Set.of("c"));
        assertThat(threads).containsOnly(Thread.currentThread());
    }

    // Authority

    @Test
    void authority_decidesBeforeAnUpdateIsAppliedAndSpread() {
        Model model = new Model(ReplicaOptions.defaults()
                .authority(update -> update.source().equals("admin") ? null : "only admin may write"));
        Session from = model.open();
        Session to = model.open();
        to.receive(Handshake.of("peer", Clock.EMPTY, null));
        drain(to);
        List<ReplicaEvent.Refused> refused = heard(model, ReplicaEvent.Refused.class);
        Update good = update("good", 2, "admin");
        from.receive(List.of(update("bad", 1, "guest"), good));

        assertThat(model.get("k")).isEqualTo(Json.of("good"));
        assertThat(model.clock().sources()).containsExactly("admin");
        assertThat(drain(to)).containsExactly(good);
        assertThat(refused)
                .singleElement()
                .satisfies(event -> assertThat(event.reason()).isEqualTo("only admin may write"));
        assertThat(from.stats().refused()).isEqualTo(1);
        assertThat(model.apply(update("bad", 3, "guest"))).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void authority_refusesChangesMadeHere_beforeTheyAreSigned() {
        Model model = new Model(with(new FakeSecurity(update -> Verdict.valid()) {
                    @Override
                    public String sign(byte[] text) {
                        throw new AssertionError("must not be asked to sign");
                    }
                })
                .authority(update -> "not allowed to " + update.source()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.set("k", 1))
                .withMessageContaining("not allowed to me");
        assertThat(model.history()).isEmpty();
    }

    @Test
    void authority_isNotAskedAboutForgeries_andThrowingRefuses() {
        List<Update> asked = new ArrayList<>();
        Model model = new Model(with(bySource(Set.of("victim"))).authority(update -> {
            asked.add(update);
            throw new ArithmeticException("of the rule");
        }));
        List<ReplicaEvent.Refused> refused = heard(model, ReplicaEvent.Refused.class);
        model.open().receive(List.of(forged(1, "victim"), update(1, 2, "victim")));
        assertThat(asked).hasSize(1);
        assertThat(refused)
                .singleElement()
                .satisfies(event -> assertThat(event.reason()).contains("of the rule"));
    }
}
