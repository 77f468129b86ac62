package dev.scuttlebutt.security;

import static dev.scuttlebutt.Vectors.member;
import static dev.scuttlebutt.Vectors.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Message;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.Vectors;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.wire.JsonLines;
import dev.scuttlebutt.wire.WireSession;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Conversations of the original with keys. Where its outcome is no weakness, every line must be the same; where it is
 * one, the recorded input must have the outcome it should have had.
 */
class RecordedSignedExchangeTest {
    private static final String VICTIM = TestKeys.TEST1.id();

    @ParameterizedTest
    @CsvSource({
        "signed-two-models, A",
        "signed-two-models, B",
        "signed-events-relay, A",
        "signed-events-relay, R",
        "signed-events-relay, B",
        "signed-cross-document-replay, A",
        "signed-cross-document-replay, B",
        "signed-restore, A0",
        "signed-restore, B"
    })
    void everyLineIsTheRecordedOne(String scenario, String player) throws Exception {
        Player mine = new Player(scenario, player);
        mine.playAll();
        mine.checkFinal();
    }

    @Test
    void unknownKey_isReported_andTheUpdateComesAgainOnceTheKeyIsKnown() throws Exception {
        Player b = new Player("signed-unknown-key", "B");
        List<ReplicaEvent.Unverified> refused = b.events(ReplicaEvent.Unverified.class);
        b.playAll(false);

        assertThat(refused)
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event.reason()).contains("no key is known"));
        assertThat(b.replica.clock()).isEqualTo(Clock.EMPTY);

        b.ring.add(TestKeys.TEST1.publicPem());
        Player again = b.reconnected();
        again.playAll(false);
        assertThat(again.model().get("a")).isEqualTo(Json.of(1));
    }

    @Test
    void tamperedByRelay_isRefused_andTheGenuineUpdateIsTaken() throws Exception {
        Player b = new Player("signed-tampering-relay", "B");
        List<ReplicaEvent.Unverified> refused = b.events(ReplicaEvent.Unverified.class);
        b.playAll(false);

        assertThat(refused).hasSize(1);
        // The original asks for nothing here, because its clock has moved.
        assertThat(Json.parse(b.transmitted("B").get(0)).asObject().get("clock"))
                .isEqualTo(Json.object());
        String genuine = b.recordedUpdateOf("A");
        b.receive("B", genuine + "\n");
        assertThat(b.replica.history()).extracting(Object::toString).containsExactly(genuine);
    }

    @Test
    void forgedFarFuture_isRefused_andDoesNotSilenceItsVictim() throws Exception {
        Player b = new Player("signed-poison", "B");
        List<ReplicaEvent.Unverified> refused = b.events(ReplicaEvent.Unverified.class);
        b.playAll(false);
        assertThat(refused).hasSize(1);

        // The original sends it to nobody, because B's handshake claims the forged timestamp.
        String genuine = b.recordedUpdateOf("A");
        b.receive("B", genuine + "\n");
        assertThat(b.model().get("k")).isEqualTo(Json.of("genuine"));
        assertThat(b.replica.clock().toMap()).containsExactly(Map.entry(VICTIM, 1700300500001.0));
    }

    @Test
    void unsignedWithOwnId_isRefused_andNotSigned() throws Exception {
        Player a = new Player("signed-own-id-forgery", "A");
        List<ReplicaEvent.Unverified> refused = a.events(ReplicaEvent.Unverified.class);
        a.playUpTo("input");

        assertThat(refused).hasSize(1);
        assertThat(a.replica.history()).isEmpty();
        assertThat(a.replica.clock()).isEqualTo(Clock.EMPTY);
        assertThat(a.transmitted("A")).noneMatch(line -> line.startsWith("["));
    }

    @Test
    void ownUpdateReadBackAfterRestart_keepsItsSignature_andPassesOn() throws Exception {
        Player restarted = new Player("signed-restore", "A1");
        restarted.playAll(false);
        String genuine = restarted.recordedUpdateOf("A0");

        assertThat(restarted.replica.history()).extracting(Object::toString).containsExactly(genuine);
        assertThat(restarted.transmitted("A1.c")).contains(genuine + "\n");
        Replica newcomer = new Model(ReplicaOptions.defaults().security(TestKeys.RSA2048.knowing(TestKeys.TEST1)));
        assertThat(newcomer.apply(restarted.replica.history().get(0))).hasToString("APPLIED");
    }

    /** Plays one replica of a recording; the others are the recording. */
    private static final class Player {
        final JsonObject scenario;
        final String name;
        final KeyRing ring = KeyRing.compatibleWithOldKeys();
        final Replica replica;
        private double now;
        private final Map<String, WireSession> sessions = new HashMap<>();
        private final Map<String, List<String>> transmitted = new HashMap<>();
        private final Map<Integer, String> lines = new HashMap<>();

        Player(String scenario, String name) {
            this.scenario = Vectors.objects("exchange-signed.json").stream()
                    .filter(each -> text(each, "name").equals(scenario))
                    .findFirst()
                    .orElseThrow();
            this.name = name;
            JsonObject me =
                    member(member(this.scenario, "replicas").asObject(), name).asObject();
            member(me, "knowsKeysOf")
                    .asArray()
                    .forEach(each -> ring.add(TestKeys.of(each.asString()).publicPem()));
            TestKeys keys = TestKeys.of(text(me, "signsWith"));
            ReplicaOptions options = ReplicaOptions.defaults()
                    .time(() -> now)
                    .security(RsaSecurity.of(keys.privatePem(), keys.publicPem(), ring));
            replica = text(me, "type").equals("events") ? new Events(options) : new Model(options);
            assertThat(replica.id()).isEqualTo(text(me, "id"));
        }

        private Player(Player before) {
            this.scenario = before.scenario;
            this.name = before.name;
            this.replica = before.replica;
            replica.sessions().forEach(Session::close);
        }

        Player reconnected() {
            return new Player(this);
        }

        Model model() {
            return (Model) replica;
        }

        List<String> transmitted(String stream) {
            transmit(stream);
            return transmitted.get(stream);
        }

        <E extends ReplicaEvent> List<E> events(Class<E> type) {
            List<E> heard = new ArrayList<>();
            replica.on(type, heard::add);
            return heard;
        }

        /** What a replica of the recording made first. */
        String recordedUpdateOf(String on) {
            return log().stream()
                    .filter(entry -> text(entry, "k").equals("replica")
                            && text(entry, "on").equals(on))
                    .map(entry -> text(entry, "update"))
                    .findFirst()
                    .orElseThrow();
        }

        void playAll() throws Exception {
            playAll(true);
        }

        void playAll(boolean exactly) throws Exception {
            for (JsonObject entry : log()) {
                play(entry, exactly);
            }
            if (exactly) {
                for (String stream : sessions.keySet()) {
                    transmit(stream);
                    assertThat(transmitted.get(stream))
                            .as("lines beyond the recording")
                            .isEmpty();
                }
            }
        }

        /** Up to the first entry of a kind, that one included. */
        void playUpTo(String kind) throws Exception {
            for (JsonObject entry : log()) {
                play(entry, false);
                if (text(entry, "k").equals(kind)) {
                    return;
                }
            }
            throw new AssertionError("no " + kind);
        }

        private void play(JsonObject entry, boolean exactly) throws Exception {
            switch (text(entry, "k")) {
                case "local" -> {
                    if (text(entry, "on").equals(name)) {
                        makeChange(entry);
                    }
                }
                case "open" -> {
                    if (text(entry, "on").equals(name)) {
                        sessions.put(text(entry, "stream"), new WireSession(replica.open()));
                        transmitted.put(text(entry, "stream"), new ArrayList<>());
                    }
                }
                case "line" -> {
                    lines.put((int) member(entry, "seq").asDouble(), text(entry, "line"));
                    if (exactly && sessions.containsKey(text(entry, "from")) && entry.get("echo") == null) {
                        checkLine(text(entry, "from"), text(entry, "line"));
                    }
                }
                case "recv" ->
                    receive(text(entry, "to"), lines.get((int)
                            member(entry, "seq").asDouble()));
                case "input" -> receive(text(entry, "to"), text(entry, "line"));
                case "recvEnd" -> {
                    if (sessions.containsKey(text(entry, "to"))) {
                        sessions.get(text(entry, "to")).receiveEnd();
                    }
                }
                case "endCall" -> {
                    if (sessions.containsKey(text(entry, "stream"))) {
                        sessions.get(text(entry, "stream")).session().end();
                    }
                }
                default -> {}
            }
        }

        private void makeChange(JsonObject entry) {
            now = member(entry, "now").asDouble();
            if (text(entry, "op").equals("set")) {
                model().set(text(entry, "key"), member(entry, "value"));
            } else {
                List<Json> arguments = member(entry, "args").asArray().toList();
                ((Events) replica)
                        .emit(
                                arguments.get(0).asString(),
                                arguments.subList(1, arguments.size()).toArray());
            }
        }

        void receive(String to, String line) throws Exception {
            WireSession session = sessions.get(to);
            if (session != null) {
                session.receive(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            }
        }

        private void transmit(String stream) {
            Message message;
            while ((message = sessions.get(stream).session().poll()) != null) {
                transmitted
                        .get(stream)
                        .add(StandardCharsets.UTF_8
                                .decode(JsonLines.encode(message))
                                .toString());
            }
        }

        private void checkLine(String stream, String recorded) {
            transmit(stream);
            assertThat(transmitted.get(stream)).as("a line %s", recorded).isNotEmpty();
            String mine = transmitted.get(stream).remove(0);
            if (recorded.startsWith("{")) {
                assertThat(Json.parse(mine)).isEqualTo(Json.parse(recorded));
            } else {
                assertThat(mine).isEqualTo(recorded);
            }
        }

        void checkFinal() {
            JsonObject expected =
                    member(member(scenario, "final").asObject(), name).asObject();
            assertThat(replica.clock().toJson()).isEqualTo(Json.parse(text(expected, "clock")));
            assertThat(replica.history().stream().map(Object::toString).toList())
                    .isEqualTo(member(expected, "history").asArray().stream()
                            .map(Json::asString)
                            .toList());
            Json json = expected.get("json");
            if (json != null) {
                assertThat(replica.toJson().toString()).isEqualTo(json.asString());
            }
        }

        private List<JsonObject> log() {
            return member(scenario, "log").asArray().stream()
                    .map(Json::asObject)
                    .toList();
        }
    }
}
