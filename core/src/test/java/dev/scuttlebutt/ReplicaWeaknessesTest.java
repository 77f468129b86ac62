package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Weaknesses of the original's replicas that this implementation does not have, by their numbers in section 11 of the
 * description of the protocol. Those of its streams are in {@link SessionWeaknessesTest}.
 */
class ReplicaWeaknessesTest {
    private final SettableTime time = new SettableTime(1_700_000_000_000.0);
    private final ReplicaOptions options = ReplicaOptions.defaults().time(time);
    private final Model a = new Model(options.id("A"));
    private final Model b = new Model(options.id("B"));

    private Model secured(String id, ToySecurity security) {
        return new Model(options.id(id).security(security));
    }

    @Test
    void everyWeakness_hasItsTest() {
        Set<String> tested = new TreeSet<>();
        for (Class<?> tests : List.of(ReplicaWeaknessesTest.class, SessionWeaknessesTest.class)) {
            for (Method method : tests.getDeclaredMethods()) {
                if (method.isAnnotationPresent(Test.class) && method.getName().matches("w\\d\\d_.*")) {
                    tested.add(method.getName().substring(0, 3));
                }
            }
        }

        assertThat(tested).hasSize(30).contains("w01", "w30");
    }

    @Test
    void w01_changeInListener_outerUpdateStillReachesPeers() {
        Pipe.connect(a, b);
        List<Double> arrived = new ArrayList<>();
        b.on(ReplicaEvent.Applied.class, applied -> arrived.add(applied.update().timestamp()));
        a.onChange("x", value -> a.set("y", "inner"));
        a.set("x", "outer");

        assertThat(b.toJson()).hasToString("{\"x\":\"outer\",\"y\":\"inner\"}");
        assertThat(arrived).hasSize(2).isSorted();
    }

    @Test
    void w01_changeInListenerOfWhatAPeerSent_reachesEveryPeer() {
        Model c = new Model(options.id("C"));
        Pipe.connect(a, b);
        Pipe.connect(b, c);
        b.onChange("x", value -> b.set("seen by b", value));
        a.set("x", 1);

        assertThat(a.toJson()).isEqualTo(b.toJson()).isEqualTo(c.toJson());
        assertThat(c.keys()).containsExactlyInAnyOrder("x", "seen by b");
    }

    @Test
    void w02_forgedUpdate_doesNotMoveTheClock_soTheGenuineOneIsTaken() {
        Model guarded = secured("G", new ToySecurity("G"));
        Model victim = secured("V", new ToySecurity("V"));
        victim.set("k", "genuine");
        Update genuine = victim.history().get(0);
        Update forged = Update.parse("[[\"k\",\"forged\"],9e15,\"V\",\"junk\"]");
        Update garbled = Update.parse(genuine.toString().replace("genuine", "garbled"));

        assertThat(guarded.apply(forged)).isEqualTo(Outcome.UNVERIFIED);
        assertThat(guarded.apply(garbled)).isEqualTo(Outcome.UNVERIFIED);
        assertThat(guarded.clock().isEmpty()).isTrue();
        assertThat(guarded.apply(genuine)).isEqualTo(Outcome.APPLIED);
    }

    @Test
    void w03_updateWithTheOwnIdFromOutside_isNeitherTrustedNorSigned() {
        ToySecurity security = new ToySecurity("G");
        Model guarded = secured("G", security);

        assertThat(guarded.apply(Update.of(List.of("k", "forged"), 5, "G"))).isEqualTo(Outcome.UNVERIFIED);
        assertThat(guarded.apply(Update.parse("[[\"k\",\"forged\"],5,\"G\",\"junk\"]")))
                .isEqualTo(Outcome.UNVERIFIED);
        assertThat(security.verified).hasSize(2);
        assertThat(security.signed).isEmpty();
        assertThat(guarded.history()).isEmpty();
    }

    @Test
    void w04_ownUpdatesReadBack_keepTheirSignatures() {
        Model before = secured("G", new ToySecurity("G"));
        before.set("k", 1);
        List<Update> kept = before.history();
        ToySecurity security = new ToySecurity("G");
        Model after = secured("G", security);
        kept.forEach(after::apply);
        Model peer = secured("P", new ToySecurity("P"));
        Pipe.connect(after, peer);

        assertThat(after.history()).isEqualTo(kept);
        assertThat(security.signed).isEmpty();
        assertThat(peer.get("k")).hasToString("1");
    }

    @Test
    void w05_equalTimestamps_converge() {
        a.apply(Update.of(List.of("k", "from A"), 5, "A"));
        b.apply(Update.of(List.of("k", "from B"), 5, "B"));
        Pipe.connect(a, b);
        Model later = new Model(options.id("C"));
        Pipe.connect(a, later);

        assertThat(a.get("k")).hasToString("\"from B\"");
        assertThat(b.get("k")).hasToString("\"from B\"");
        assertThat(later.get("k")).hasToString("\"from B\"");
    }

    @Test
    void w06_localChange_isNotLostWhenTheClockIsBehind() {
        Pipe.connect(a, b);
        a.set("k", "first");
        time.set(1_600_000_000_000.0);
        a.set("k", "second");
        assertThat(a.get("k")).hasToString("\"second\"");
        assertThat(b.get("k")).hasToString("\"second\"");

        Model restarted = new Model(options.id("A"));
        restarted.apply(Update.of(List.of("k", "from the future"), 1_800_000_000_000.0, "A"));
        restarted.set("k", "third");
        assertThat(restarted.get("k")).hasToString("\"third\"");
    }

    @Test
    void w07_timestamps_neitherHangNorRepeatWhenTheClockStandsStill() {
        Set<Double> timestamps = new TreeSet<>();
        a.on(
                ReplicaEvent.Applied.class,
                applied -> timestamps.add(applied.update().timestamp()));
        for (int i = 0; i < 5000; i++) {
            a.set("k", i);
        }
        assertThat(timestamps).hasSize(5000);
        time.set(1_700_000_000_001.0);
        a.set("k", "on");

        assertThat(timestamps).hasSize(5001);
    }

    @Test
    void w12_valuesAreCopied_soHistoryDoesNotChangeBehindItsSignature() {
        Model signed = secured("G", new ToySecurity("G"));
        Map<String, Object> value = new HashMap<>(Map.of("x", 1));
        signed.set("k", value);
        value.put("x", 2);
        Model peer = secured("P", new ToySecurity("P"));
        Pipe.connect(signed, peer);

        assertThat(signed.get("k")).hasToString("{\"x\":1}");
        assertThat(peer.get("k")).hasToString("{\"x\":1}");
    }

    @Test
    void w17_timestampsThatPoison_areRefused() {
        byte[] line = "[[\"k\",\"v\"],1e400,\"x\"]".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Update infinite = new Update.Parser(Json.MAX_DEPTH).parse(line, 0, line.length);
        assertThat(a.apply(infinite)).isEqualTo(Outcome.INVALID);
        assertThat(a.apply(Update.of(List.of("k", "w"), 5, "x"))).isEqualTo(Outcome.APPLIED);

        Model careful = new Model(options.id("C").maxAhead(Duration.ofMinutes(5)));
        assertThat(careful.apply(Update.of(List.of("k", "v"), 9e15, "x"))).isEqualTo(Outcome.INVALID);
        assertThat(careful.apply(Update.of(List.of("k", "w"), 5, "x"))).isEqualTo(Outcome.APPLIED);
    }

    @Test
    void w18_whoListens_doesNotDecideWhatIsPassedOn() {
        a.set("k", "old");
        time.set(1_700_000_000_001.0);
        b.set("k", "new");
        Model c = new Model(options.id("C"));
        b.on(ReplicaEvent.class, event -> {});
        Pipe.connect(b, c);
        Heard atC = Heard.from(c);
        Pipe.connect(a, b);

        assertThat(atC.events()).isEmpty();
        assertThat(c.clock().latest("A")).isEqualTo(Clock.NEVER);
    }

    @Test
    void w19_idsNamedLikeInheritedMembers_replicate() {
        for (String id : List.of("constructor", "toString", "valueOf", "hasOwnProperty", "__defineGetter__")) {
            Model named = new Model(options.id(id));
            named.set("k " + id, 1);
            Pipe.connect(named, b);
            named.set("live " + id, 2);

            assertThat(b.keys()).contains("k " + id, "live " + id);
        }
    }

    @Test
    void w20_listenerThatThrows_keepsNothingFromPeersOrFromTheRestOfTheInput() throws ProtocolException {
        Pipe.connect(a, b);
        List<Throwable> failures = new ArrayList<>();
        a.on(ReplicaEvent.ListenerFailed.class, failed -> failures.add(failed.failure()));
        a.on(Model.Changed.class, changed -> {
            throw new IllegalStateException("on purpose");
        });
        TextLink link = new TextLink(a);
        link.give("[[\"k\",1],5,\"x\"]", "[[\"l\",2],6,\"x\"]");
        a.set("m", 3);

        assertThat(b.keys()).containsExactly("k", "l", "m");
        assertThat(failures).hasSize(3);
        assertThat(link.session().state()).isEqualTo(Session.State.GREETING);
    }

    @Test
    void w23_numberOfSources_canBeBounded() {
        Model small = new Model(options.id("S").maxSources(100));
        for (int i = 0; i < 1000; i++) {
            small.apply(Update.of(List.of("k", i), i, "source " + i));
        }

        assertThat(small.clock().size()).isEqualTo(100);
        assertThat(small.get("k")).hasToString("99");
    }

    @Test
    void w24_eventsCanBeForgotten_andTheClockRemembers() {
        Events events = new Events(options.id("E"), 10);
        for (int i = 0; i < 1000; i++) {
            events.emit("x", i);
        }

        assertThat(events.history()).hasSize(10);
        assertThat(events.clock().latest("E")).isEqualTo(events.history().get(9).timestamp());
    }

    @Test
    void w25_namesOfEvents_doNotReachTheReplica() {
        Events events = new Events(options.id("E"));
        Events peer = new Events(options.id("P"));
        Pipe pipe = Pipe.connect(events, peer);
        Heard heard = Heard.from(events);
        peer.emit("dispose");
        peer.emit("_update", List.of(List.of("hi"), 99, "VICTIM"));

        assertThat(heard.names()).containsExactly("Emitted", "Applied", "Emitted", "Applied");
        assertThat(pipe.left().state()).isEqualTo(Session.State.LIVE);
        assertThat(events.clock().sources()).containsExactly("P");
    }

    @Test
    void w26_securityThatKnowsItsDocument_refusesUpdatesOfAnother() {
        Model one = secured("A", new ToySecurity("A", "one"));
        one.set("k", 1);
        Model another = secured("B", new ToySecurity("B", "another"));
        Model same = secured("B", new ToySecurity("B", "one"));

        assertThat(another.apply(one.history().get(0))).isEqualTo(Outcome.UNVERIFIED);
        assertThat(same.apply(one.history().get(0))).isEqualTo(Outcome.APPLIED);
    }

    @Test
    void w27_idsComeFromTheSecurityOrACryptographicGenerator() {
        assertThat(new Model(ReplicaOptions.defaults().security(new ToySecurity("from the key"))).id())
                .isEqualTo("from the key");
        // 128 bits; the original's are three doubles of a generator whose state can be worked out from them.
        assertThat(new Model().id()).matches("[0-9A-F]{32}").isNotEqualTo(new Model().id());
    }
}
