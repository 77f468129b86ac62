package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.Model;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplicaTest {
    /** Keeps everything and does in {@code applyUpdate} what a test asks for. */
    private static final class Probe extends Replica {
        record Told(String what) implements ReplicaEvent {}

        Consumer<Update> onApply = update -> {};
        boolean keep = true;

        Probe(ReplicaOptions options) {
            super(options);
        }

        Update write(Object change) {
            return localUpdate(Json.of(change));
        }

        void drop(Update update) {
            forget(update);
        }

        void tell(String what) {
            publish(new Told(what));
        }

        <T> T look(java.util.function.Supplier<T> reader) {
            return read(reader);
        }

        boolean isHeard() {
            return listens(Told.class);
        }

        @Override
        protected boolean applyUpdate(Update update) {
            onApply.accept(update);
            return keep;
        }
    }

    private final SettableTime time = new SettableTime(100);
    private final ReplicaOptions options = ReplicaOptions.defaults().id("P").time(time);
    private final Probe probe = new Probe(options);
    private final Heard heard = Heard.from(probe);

    private static Update update(double timestamp, String source) {
        return Update.of("x", timestamp, source);
    }

    @Test
    void apply_newUpdate_isApplied() {
        Update update = update(5, "x");

        assertThat(probe.apply(update)).isEqualTo(Outcome.APPLIED);
        assertThat(probe.history()).containsExactly(update);
        assertThat(probe.clock()).isEqualTo(Clock.of(Map.of("x", 5.0)));
        assertThat(heard.only(ReplicaEvent.Applied.class).update()).isSameAs(update);
    }

    @Test
    void apply_whatIsNotNewerThanTheClock_isStale() {
        probe.apply(update(5, "x"));

        assertThat(probe.apply(update(5, "x"))).isEqualTo(Outcome.STALE);
        assertThat(probe.apply(update(4, "x"))).isEqualTo(Outcome.STALE);
        assertThat(probe.apply(update(4, "y"))).isEqualTo(Outcome.APPLIED);
        assertThat(heard.all(ReplicaEvent.Stale.class)).hasSize(2);
    }

    @Test
    void apply_timestampZero_isAcceptedOnce() {
        assertThat(probe.apply(update(0, "x"))).isEqualTo(Outcome.APPLIED);
        assertThat(probe.apply(update(0, "x"))).isEqualTo(Outcome.STALE);
        assertThat(probe.apply(update(-0.0, "x"))).isEqualTo(Outcome.STALE);
        assertThat(probe.apply(update(-1, "x"))).isEqualTo(Outcome.STALE);
    }

    @Test
    void apply_whatTheTypeHasNoUseFor_movesTheClockAndIsNotKept() {
        probe.keep = false;

        assertThat(probe.apply(update(5, "x"))).isEqualTo(Outcome.IGNORED);
        assertThat(probe.history()).isEmpty();
        assertThat(probe.clock().latest("x")).isEqualTo(5);
        assertThat(heard.events()).isEmpty();
    }

    @Test
    void apply_whatTheTypeRefuses_leavesNoTrace() {
        Update kept = update(4, "x");
        probe.apply(kept);
        probe.onApply = update -> {
            probe.drop(kept);
            probe.tell("never");
            throw new IllegalArgumentException("no good");
        };
        Update refused = update(5, "x");

        assertThat(probe.apply(refused)).isEqualTo(Outcome.INVALID);
        assertThat(probe.clock().latest("x")).isEqualTo(4);
        assertThat(probe.history()).containsExactly(kept);
        ReplicaEvent.Invalid invalid = heard.only(ReplicaEvent.Invalid.class);
        assertThat(invalid.update()).isSameAs(refused);
        assertThat(invalid.reason()).isEqualTo("no good");
        probe.onApply = update -> {};
        probe.apply(update(6, "x"));
        assertThat(heard.all(Probe.Told.class)).isEmpty();
        assertThat(probe.history()).hasSize(2);
    }

    @Test
    void apply_anErrorInTheType_leavesNoTraceEither() {
        Update kept = update(4, "x");
        probe.apply(kept);
        probe.onApply = update -> {
            probe.drop(kept);
            probe.tell("never");
            throw new StackOverflowError("on purpose");
        };
        assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> probe.apply(update(5, "x")));
        probe.onApply = update -> {};

        assertThat(probe.apply(update(5, "x"))).isEqualTo(Outcome.APPLIED);
        assertThat(probe.history()).hasSize(2);
        assertThat(heard.all(Probe.Told.class)).isEmpty();
    }

    @Test
    void apply_timestampOutOfRange_isInvalid() {
        for (String timestamp : List.of("1e400", "-1e400", "1.1e300", "-1.1e300")) {
            byte[] line = ("[1," + timestamp + ",\"x\"]").getBytes(java.nio.charset.StandardCharsets.UTF_8);
            Update update = new Update.Parser(Json.MAX_DEPTH).parse(line, 0, line.length);
            assertThat(probe.apply(update)).as(timestamp).isEqualTo(Outcome.INVALID);
        }
        assertThat(probe.clock()).isEqualTo(Clock.EMPTY);
        assertThat(probe.apply(update(-Update.MAX_TIMESTAMP, "x"))).isEqualTo(Outcome.APPLIED);
        assertThat(probe.apply(update(Update.MAX_TIMESTAMP, "x"))).isEqualTo(Outcome.APPLIED);
    }

    @Test
    void maxAhead_refusesWhatIsFurtherAhead_untilTimeHasCome() {
        Probe careful = new Probe(options.maxAhead(Duration.ofMillis(50)));
        Heard told = Heard.from(careful);

        assertThat(careful.apply(update(150, "x"))).isEqualTo(Outcome.APPLIED);
        assertThat(careful.apply(update(151, "x"))).isEqualTo(Outcome.INVALID);
        assertThat(told.only(ReplicaEvent.Invalid.class).reason())
                .contains("51 ms ahead")
                .contains("50");
        time.set(101);
        assertThat(careful.apply(update(151, "x"))).isEqualTo(Outcome.APPLIED);
    }

    @Test
    void maxAhead_doesNotConcernOwnChanges() {
        Probe careful = new Probe(options.maxAhead(Duration.ofMillis(50)));
        careful.apply(update(150, "P"));
        time.set(0);

        assertThat(careful.write("x").timestamp()).isGreaterThan(150);
    }

    @Test
    void maxSources_refusesNewSourcesOnly() {
        Probe small = new Probe(options.maxSources(2));
        small.apply(update(1, "a"));
        small.apply(update(1, "b"));

        assertThat(small.apply(update(1, "c"))).isEqualTo(Outcome.INVALID);
        assertThat(small.apply(update(2, "a"))).isEqualTo(Outcome.APPLIED);
        small.write("own changes are not held back");
        assertThat(small.clock().sources()).containsExactlyInAnyOrder("a", "b", "P");
    }

    @Test
    void localUpdate_isStampedAppliedAndReturned() {
        Update update = probe.write(List.of("k", 1));

        assertThat(update).hasToString("[[\"k\",1],100,\"P\"]");
        assertThat(probe.history()).containsExactly(update);
        assertThat(heard.names()).containsExactly("Applied");
    }

    @Test
    void localUpdate_goesOnFromItsOwnHistory() {
        probe.apply(update(1e6, "P"));

        assertThat(probe.write("x").timestamp()).isEqualTo(Math.nextUp(1e6));
    }

    @Test
    void localUpdate_overtakenByItsOwnIdFromOutside_isStampedAnew() {
        Probe[] overtaken = new Probe[1];
        Security security = new Security() {
            private boolean signedOnce;

            @Override
            public String createId() {
                return "P";
            }

            @Override
            public String sign(byte[] text) {
                if (!signedOnce) {
                    signedOnce = true;
                    overtaken[0].apply(update(500, "P"));
                }
                return "s";
            }

            @Override
            public Verdict verify(Update update) {
                return Verdict.valid();
            }
        };
        overtaken[0] = new Probe(options.security(security));
        Update written = overtaken[0].write("mine");

        assertThat(written.timestamp()).isGreaterThan(500);
        assertThat(overtaken[0].history()).hasSize(2).endsWith(written);
    }

    @Test
    void localUpdate_thatTheTypeRefuses_isTheCallersMistake() {
        probe.onApply = update -> {
            throw new IllegalArgumentException("no good");
        };

        assertThatIllegalArgumentException().isThrownBy(() -> probe.write("x")).withMessage("no good");
        assertThat(probe.clock()).isEqualTo(Clock.EMPTY);
        assertThat(heard.events()).isEmpty();
    }

    @Test
    void localUpdate_tooDeepForPeers_isRefused() {
        Json deep = Json.of(1);
        for (int i = 0; i < Json.MAX_DEPTH - 1; i++) {
            deep = Json.array(deep);
        }
        Json justRight = deep;
        Json tooDeep = Json.array(deep);

        Update update = probe.write(justRight);
        assertThat(Update.parse(update.toString())).isEqualTo(update);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> probe.write(tooDeep))
                .withMessageContaining("1000 deep");
    }

    @Test
    void localUpdate_tooLongForPeers_isRefused() throws ProtocolException {
        String justRight = "x".repeat(Drafting.MAX_CHANGE_BYTES - 2);
        Probe peer = new Probe(ReplicaOptions.defaults().id("Q"));
        TextLink out = new TextLink(probe);
        TextLink in = new TextLink(peer);
        out.give("{\"clock\":{}}");
        probe.write(justRight);
        for (String line : out.take()) {
            in.give(line);
        }

        assertThat(peer.history()).as("a peer with default limits takes it").isEqualTo(probe.history());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> probe.write(justRight + "x"))
                .withMessageContaining(String.valueOf(Drafting.MAX_CHANGE_BYTES));
    }

    @Test
    void localUpdate_insideApplyOrRead_isRefused() {
        List<Throwable> thrown = new ArrayList<>();
        probe.onApply = update -> {
            try {
                probe.write("inner");
            } catch (IllegalStateException refused) {
                thrown.add(refused);
            }
        };
        probe.write("outer");

        assertThat(thrown).hasSize(1);
        assertThatIllegalStateException().isThrownBy(() -> probe.look(() -> probe.write("x")));
        assertThat(probe.history()).hasSize(1);
    }

    @Test
    void forget_outsideApply_isRefused() {
        Update update = probe.write("x");

        assertThatIllegalStateException().isThrownBy(() -> probe.drop(update));
        assertThatIllegalStateException()
                .isThrownBy(() -> probe.look(() -> {
                    probe.drop(update);
                    return null;
                }));
    }

    @Test
    void publish_insideApply_comesBeforeApplied_outsideAtOnce() {
        probe.onApply = update -> probe.tell("inside");
        probe.write("x");
        probe.tell("outside");

        assertThat(heard.names()).containsExactly("Told", "Applied", "Told");
    }

    @Test
    void listens_onlyWhileSomebodyDoes() {
        Probe lonely = new Probe(options);
        assertThat(lonely.isHeard()).isFalse();
        Subscription subscription = lonely.on(Probe.Told.class, told -> {});
        assertThat(lonely.isHeard()).isTrue();
        subscription.close();
        assertThat(lonely.isHeard()).isFalse();
    }

    @Test
    void history_since_isWhatThatClockLacks() {
        Update b2 = update(2, "b");
        Update a1 = update(1, "a");
        Update a3 = update(3, "a");
        List.of(b2, a1, a3).forEach(probe::apply);

        assertThat(probe.history()).containsExactly(a1, b2, a3);
        assertThat(probe.history(Clock.of(Map.of("a", 1.0)))).containsExactly(b2, a3);
        assertThat(probe.history(probe.clock())).isEmpty();
        assertThat(probe.toJson()).hasToString("[\"x\",\"x\",\"x\"]");
    }

    @Test
    void setId_isForLaterChanges() {
        Update before = probe.write("x");
        probe.setId("Q");
        Update after = probe.write("y");

        assertThat(probe.id()).isEqualTo("Q");
        assertThat(before.source()).isEqualTo("P");
        assertThat(after.source()).isEqualTo("Q");
        assertThat(probe.history()).containsExactly(before, after);
        probe.setId("P");
        assertThat(probe.write("z").timestamp()).isGreaterThan(before.timestamp());
    }

    @Test
    void ids_ofAnyTextButOne_areAllowed() {
        for (String id : List.of("", "constructor", "toString", "é😀", "0", " ")) {
            assertThat(new Probe(ReplicaOptions.defaults().id(id)).id()).isEqualTo(id);
            probe.setId(id);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReplicaOptions.defaults().id("__proto__"));
        assertThatIllegalArgumentException().isThrownBy(() -> probe.setId("__proto__"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Model("__proto__"));
    }

    @Test
    void ids_byDefault_are32HexDigitsAndDiffer() {
        List<String> ids =
                IntStream.range(0, 1000).mapToObj(i -> new Model().id()).toList();

        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9A-F]{32}"));
    }

    @Test
    void toString_namesTypeAndId() {
        assertThat(probe).hasToString("Probe P");
    }

    @Test
    void manyWriters_everyChangeIsSeenWhenTheCallReturns() throws InterruptedException {
        Model model = new Model("M");
        List<String> missed = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Thread> writers = IntStream.range(0, 4)
                .mapToObj(number -> new Thread(() -> {
                    for (int i = 0; i < 2000; i++) {
                        model.set("k" + number, i);
                        Json seen = model.get("k" + number);
                        if (seen == null || seen.asDouble() != i) {
                            missed.add(number + ": wrote " + i + ", saw " + seen);
                        }
                    }
                }))
                .toList();
        List<Double> timestamps = new ArrayList<>(); // listeners run one at a time
        model.on(
                ReplicaEvent.Applied.class,
                applied -> timestamps.add(applied.update().timestamp()));
        writers.forEach(Thread::start);
        for (Thread writer : writers) {
            writer.join();
        }

        assertThat(missed).isEmpty();
        assertThat(timestamps).hasSize(8000).isSorted().doesNotHaveDuplicates();
    }
}
