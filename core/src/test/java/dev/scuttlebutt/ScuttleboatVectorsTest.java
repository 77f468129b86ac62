package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.Scuttleboat;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Scripts, arrival orders and exchanges of the package scuttleboat, {@code types/scuttleboat.jsonl}. */
class ScuttleboatVectorsTest {
    /** Cases in which even the compatible mode goes otherwise, and in what. */
    private static final Map<String, Set<String>> DIFFERENCES = Map.ofEntries(
            // Types have the names they were registered under, no others.
            entry("add-inherited-type", "final"),
            // These are no keys (BO-6), and keys are texts (BO-7).
            entry("add-manifest-key", "events", "final", "state"),
            entry("bad-key-proto", "events", "final", "state"),
            entry("add-key-number", "events"),
            entry("bad-key-missing", "events"),
            // The deletion of a row is in the history.
            entry("remote-row-removed", "final", "state"),
            // What is malformed is not passed on and does not move the clock.
            entry("bad-null", "final", "state"),
            entry("bad-number", "final", "state"),
            entry("bad-row-null", "events", "final", "state"),
            entry("bad-row-string", "events", "final", "state"),
            entry("bad-row-id-number", "events", "final", "state"),
            entry("bad-row-proto", "events", "final", "state"),
            entry("bad-row-empty", "final", "state"));

    private static Map.Entry<String, Set<String>> entry(String name, String... differences) {
        return Map.entry("scuttleboat/" + name, Set.of(differences));
    }

    /** In this set a model of the original decides a tie by arrival. */
    private static final String TIED = "scuttleboat/rand-4";

    /** Sides of exchanges that end otherwise in the convergent mode. */
    private static final Set<String> OUR_WAY = Set.of(
            // The original lists a feed in order of arrival (AO-1).
            "scuttleboat/rand-exchange-0 A");

    private static Stream<JsonObject> cases(String kind) {
        return Vectors.typeLines("scuttleboat.jsonl").stream()
                .filter(record -> Vectors.text(record, "kind").equals(kind));
    }

    static Stream<JsonObject> orders() {
        return cases("orders");
    }

    /** What listeners write is played by the named tests of the type. */
    static Stream<JsonObject> scripts() {
        return cases("script").filter(PlayedScuttlebucket::knows);
    }

    @Test
    void everyCase_isInOneOfTheTests_exceptThoseWithListeners() {
        assertThat(Vectors.typeLines("scuttleboat.jsonl")).hasSize(68);
        assertThat(scripts()).hasSize(37);
        assertThat(orders()).hasSize(9);
        assertThat(cases("exchange").filter(PlayedScuttlebucket::knows)).hasSize(18);
        assertThat(scripts().map(script -> Vectors.text(script, "case"))).containsAll(DIFFERENCES.keySet());
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void compatible_script_goesAsRecorded_exceptWhereListed(JsonObject script) throws ProtocolException {
        String name = Vectors.text(script, "case");

        assertThat(ScriptPlayer.play(script, PlayedScuttleboat.COMPATIBLE).differences())
                .as(name)
                .isEqualTo(DIFFERENCES.getOrDefault(name, Set.of()));
    }

    static Stream<JsonObject> ordersWithoutTies() {
        return orders().filter(record -> !Vectors.text(record, "case").equals(TIED));
    }

    @ParameterizedTest
    @MethodSource("ordersWithoutTies")
    void compatible_anyOrder_endsAsRecorded(JsonObject record) {
        Set<Json> states = new HashSet<>();
        for (Json each : Vectors.member(record, "orders").asArray()) {
            JsonObject order = each.asObject();
            Scuttleboat boat = PlayedScuttleboat.COMPATIBLE.create(
                    Vectors.member(record, "replica").asObject(), new SettableTime(0));
            for (Json index : Vectors.member(order, "order").asArray()) {
                boat.apply(Update.parse(Vectors.member(record, "updates")
                        .asArray()
                        .get((int) index.asDouble())
                        .toString()));
            }
            assertThat(boat.toJson()).isEqualTo(order.get("state"));
            assertThat(JsonArray.of(boat.history().stream().map(Update::toJson).toList()))
                    .isEqualTo(order.get("history"));
            assertThat(boat.clock()).isEqualTo(Clock.of(order.get("sources").asObject()));
            states.add(boat.toJson());
        }

        assertThat(states)
                .hasSize((int) Vectors.member(record, "distinctStates").asDouble());
    }

    static Stream<Arguments> sides() {
        return cases("exchange")
                .filter(OneSidePlayer::canPlay)
                .filter(PlayedScuttlebucket::knows)
                .flatMap(record -> Stream.of("A", "B").map(side -> Arguments.of(Vectors.text(record, "case"), side)));
    }

    @ParameterizedTest
    @MethodSource("sides")
    void convergent_sideOfAnExchangeWithTheOriginal_endsAsRecorded_exceptWhereListed(String name, String side)
            throws ProtocolException {
        JsonObject script = cases("exchange")
                .filter(record -> Vectors.text(record, "case").equals(name))
                .findFirst()
                .orElseThrow();
        OneSidePlayer player = OneSidePlayer.play(script, PlayedScuttleboat.CONVERGENT, side);

        assertThat(!player.differences().contains("final"))
                .as(name + " " + side)
                .isEqualTo(!OUR_WAY.contains(name + " " + side));
    }

    @ParameterizedTest
    @MethodSource("orders")
    void convergent_everyOrder_endsTheSame_asTheOriginalWhereThatDoes(JsonObject record) {
        Set<Json> states = new HashSet<>();
        for (Json each : Vectors.member(record, "orders").asArray()) {
            JsonObject order = each.asObject();
            Scuttleboat boat = PlayedScuttleboat.CONVERGENT.create(
                    Vectors.member(record, "replica").asObject(), new SettableTime(0));
            for (Json index : Vectors.member(order, "order").asArray()) {
                boat.apply(Update.parse(Vectors.member(record, "updates")
                        .asArray()
                        .get((int) index.asDouble())
                        .toString()));
            }
            states.add(boat.toJson());
            if (Vectors.member(record, "distinctStates").asDouble() == 1) {
                assertThat(boat.toJson()).isEqualTo(order.get("state"));
            }
        }

        assertThat(states).hasSize(1);
    }
}
