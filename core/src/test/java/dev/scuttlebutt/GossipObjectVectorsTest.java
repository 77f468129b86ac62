package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.GossipObject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Scripts, arrival orders and exchanges of the package gossip-object, {@code types/gossip-object.jsonl}. */
class GossipObjectVectorsTest {
    private static final String OLD_CORE = "~core5.5";

    /** Cases in which even the compatible mode ends otherwise, and in what. */
    private static final Map<String, Set<String>> DIFFERENCES = Map.of(
            // Below a value there is nothing, whatever JavaScript makes of it (GO-3).
            "gossip-object/get-through-null", Set.of("ret"),
            // A transaction without changes has no timestamp here.
            "gossip-object/transaction-empty", Set.of("final", "state"),
            // Where the original throws from then on, the later change counts.
            "gossip-object/transaction-self-conflict-nested", Set.of("final", "ret"),
            // There is no way round the clock.
            "gossip-object/mergeHistory", Set.of("final", "state"));

    /** Sides of exchanges that go otherwise here: what wiped and was wiped is passed on (GO-1, GO-2). */
    private static final Set<String> OUR_WAY = Set.of(
            "gossip-object/exchange-wipe-diverges A",
            "gossip-object/rand-exchange-0 A",
            "gossip-object/rand-exchange-0 B",
            "gossip-object/rand-exchange-8 A");

    static Stream<JsonObject> cases() {
        return Vectors.typeLines("gossip-object.jsonl").stream();
    }

    private static String name(JsonObject record) {
        return Vectors.text(record, "case");
    }

    static Stream<JsonObject> scripts() {
        return cases().filter(record -> !Vectors.text(record, "kind").equals("orders"))
                .filter(record -> !name(record).endsWith(OLD_CORE));
    }

    static Stream<JsonObject> orders() {
        return cases().filter(record -> Vectors.text(record, "kind").equals("orders"));
    }

    @Test
    void everyCase_isInOneOfTheTests() {
        assertThat(cases()).hasSize(105);
        assertThat(scripts()).hasSize(76);
        assertThat(orders()).hasSize(29);
        assertThat(scripts().map(GossipObjectVectorsTest::name)).containsAll(DIFFERENCES.keySet());
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void compatible_script_goesAsRecorded_exceptWhereListed(JsonObject script) throws ProtocolException {
        assertThat(ScriptPlayer.play(script, PlayedGossipObject.COMPATIBLE).differences())
                .as(name(script))
                .isEqualTo(DIFFERENCES.getOrDefault(name(script), Set.of()));
    }

    @ParameterizedTest
    @MethodSource("orders")
    void compatible_anyOrder_endsAsRecorded(JsonObject record) {
        Set<String> states = new HashSet<>();
        for (Json each : Vectors.member(record, "orders").asArray()) {
            JsonObject order = each.asObject();
            GossipObject object = played(PlayedGossipObject.COMPATIBLE, record);
            for (Json entry : Vectors.member(order, "log").asArray()) {
                JsonObject log = entry.asObject();
                Outcome outcome = object.apply(update(record, log.get("i")));
                boolean passedOn = log.has("events")
                        && log.get("events").asArray().stream()
                                .anyMatch(event ->
                                        event.asArray().get(0).asString().equals("_update"));
                assertThat(outcome == Outcome.APPLIED).isEqualTo(passedOn);
            }
            assertThat(object.toJson()).isEqualTo(order.get("state"));
            assertThat(PlayedGossipObject.COMPATIBLE.agrees(object, order)).isTrue();
            assertThat(JsonArray.of(
                            object.history().stream().map(Update::toJson).toList()))
                    .isEqualTo(order.get("history"));
            assertThat(object.clock()).isEqualTo(Clock.of(order.get("sources").asObject()));
            states.add(object.toJson().toString());
        }

        assertThat(states)
                .hasSize((int) Vectors.member(record, "distinctStates").asDouble());
    }

    @ParameterizedTest
    @MethodSource("orders")
    void convergent_everyOrder_endsTheSame(JsonObject record) {
        Set<Json> states = new HashSet<>();
        Set<List<Update>> histories = new HashSet<>();
        for (Json each : Vectors.member(record, "orders").asArray()) {
            GossipObject object = played(PlayedGossipObject.CONVERGENT, record);
            for (Json index : Vectors.member(each.asObject(), "order").asArray()) {
                object.apply(update(record, index));
            }
            states.add(object.toJson());
            histories.add(object.history());
        }

        assertThat(states).hasSize(1);
        assertThat(histories).hasSize(1);
    }

    static Stream<Arguments> sides() {
        return cases().filter(OneSidePlayer::canPlay)
                .filter(record -> !name(record).endsWith(OLD_CORE))
                .flatMap(record -> Stream.of("A", "B").map(side -> Arguments.of(name(record), side)));
    }

    @ParameterizedTest
    @MethodSource("sides")
    void convergent_sideOfAnExchangeWithTheOriginal_saysTheSameLines(String name, String side)
            throws ProtocolException {
        OneSidePlayer player = OneSidePlayer.play(record(name), PlayedGossipObject.CONVERGENT, side);

        assertThat(player.differences().isEmpty())
                .as(name + " " + side + " " + player.differences())
                .isEqualTo(!OUR_WAY.contains(name + " " + side));
    }

    private static JsonObject record(String name) {
        return cases().filter(record -> name(record).equals(name)).findFirst().orElseThrow();
    }

    private static GossipObject played(PlayedGossipObject type, JsonObject record) {
        return type.create(Vectors.member(record, "replica").asObject(), new SettableTime(0));
    }

    private static Update update(JsonObject record, Json index) {
        return Update.parse(Vectors.member(record, "updates")
                .asArray()
                .get((int) index.asDouble())
                .toString());
    }
}
