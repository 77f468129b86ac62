package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.ExpiryModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Scripts, arrival orders and exchanges of the package expiry-model, {@code types/expiry-model.jsonl}. */
class ExpiryModelVectorsTest {
    /** Cases in which even the compatible mode goes otherwise, and in what. */
    private static final Map<String, Set<String>> DIFFERENCES = Map.ofEntries(
            // There is no such option.
            Map.entry("expiry-model/stale-option", Set.of("ret")),
            // Where the original throws the clock does not move.
            Map.entry("expiry-model/bad-payload-null", Set.of("final", "state")),
            // Keys are texts and values are never undefined when an event tells them.
            Map.entry("expiry-model/bad-payload-number", Set.of("events")),
            Map.entry("expiry-model/bad-payload-empty-array", Set.of("events")),
            Map.entry("expiry-model/bad-payload-one-element", Set.of("events")),
            Map.entry("expiry-model/bad-payload-object", Set.of("events")),
            Map.entry("expiry-model/bad-payload-object-key", Set.of("events")),
            // The original gets its own updates back and, as its clock has dropped their source (EM-2), takes them once
            // more. Nothing comes back here.
            Map.entry("expiry-model/exchange-echo-after-clock-loss", Set.of("events")),
            Map.entry("expiry-model/exchange-ring-clock-loss", Set.of("wire")),
            Map.entry("expiry-model/rand-exchange-0", Set.of("events")),
            Map.entry("expiry-model/rand-exchange-2", Set.of("events", "final", "wire")),
            Map.entry("expiry-model/rand-exchange-5", Set.of("events")),
            Map.entry("expiry-model/rand-exchange-10", Set.of("events")),
            Map.entry("expiry-model/rand-exchange-11", Set.of("events")));

    /** A model that would take nothing is refused when it is made. */
    private static final String TAKES_NOTHING = "expiry-model/maxAge-zero";

    /**
     * Sides of exchanges that go otherwise here: the clock keeps its entries (EM-1), deletions and all that is young enough
     * are in the history (EM-4, EM-8), which is in stamp order (EM-7) and has the original updates (EM-6).
     */
    private static final Set<String> OUR_WAY = Set.of(
            "expiry-model/exchange-delete-not-replicated A",
            "expiry-model/exchange-delete-other-key A",
            "expiry-model/exchange-history-order-loss A",
            "expiry-model/exchange-history-skips-valid A",
            "expiry-model/rand-exchange-0 A",
            "expiry-model/rand-exchange-0 B",
            "expiry-model/rand-exchange-4 A",
            "expiry-model/rand-exchange-4 B",
            "expiry-model/rand-exchange-8 A");

    static Stream<JsonObject> cases() {
        return Vectors.typeLines("expiry-model.jsonl").stream();
    }

    private static String name(JsonObject record) {
        return Vectors.text(record, "case");
    }

    static Stream<JsonObject> scripts() {
        return cases().filter(record -> !Vectors.text(record, "kind").equals("orders"))
                .filter(record -> !name(record).equals(TAKES_NOTHING));
    }

    static Stream<JsonObject> orders() {
        return cases().filter(record -> Vectors.text(record, "kind").equals("orders"));
    }

    @Test
    void everyCase_isInOneOfTheTests() {
        assertThat(cases()).hasSize(101);
        assertThat(scripts()).hasSize(79);
        assertThat(orders()).hasSize(21);
        assertThat(scripts().map(ExpiryModelVectorsTest::name)).containsAll(DIFFERENCES.keySet());
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void compatible_script_goesAsRecorded_exceptWhereListed(JsonObject script) throws ProtocolException {
        assertThat(ScriptPlayer.play(script, PlayedExpiryModel.COMPATIBLE).differences())
                .as(name(script))
                .isEqualTo(DIFFERENCES.getOrDefault(name(script), Set.of()));
    }

    @ParameterizedTest
    @MethodSource("orders")
    void compatible_anyOrder_endsAsRecorded(JsonObject record) {
        Set<Json> states = new HashSet<>();
        for (Json each : Vectors.member(record, "orders").asArray()) {
            JsonObject order = each.asObject();
            ExpiryModel model = PlayedExpiryModel.COMPATIBLE.create(
                    Vectors.member(record, "replica").asObject(),
                    new SettableTime(Vectors.member(record, "now").asDouble()));
            for (Json entry : Vectors.member(order, "log").asArray()) {
                JsonObject log = entry.asObject();
                Json update = Vectors.member(record, "updates").asArray().get((int)
                        log.get("i").asDouble());
                Outcome outcome = model.apply(Update.parse(update.toString()));
                boolean passedOn = log.has("events")
                        && log.get("events").asArray().stream()
                                .anyMatch(event ->
                                        event.asArray().get(0).asString().equals("_update"));
                assertThat(outcome == Outcome.APPLIED).isEqualTo(passedOn);
            }
            assertThat(PlayedExpiryModel.COMPATIBLE.agrees(model, order)).isTrue();
            assertThat(model.toJson()).isEqualTo(order.get("state"));
            assertThat(JsonArray.of(model.history().stream().map(Update::toJson).toList()))
                    .isEqualTo(order.get("history"));
            assertThat(model.clock()).isEqualTo(Clock.of(order.get("sources").asObject()));
            states.add(model.toJson());
        }

        assertThat(states)
                .hasSize((int) Vectors.member(record, "distinctStates").asDouble());
    }

    /** With any number of keys: what is dropped because there are too many depends on what was used, as it should. */
    @ParameterizedTest
    @MethodSource("orders")
    void convergent_everyOrder_endsTheSame_asTheOriginalInStampOrder(JsonObject record) {
        List<Update> updates = Vectors.member(record, "updates").asArray().stream()
                .map(update -> Update.parse(update.toString()))
                .toList();
        JsonObject made = Vectors.member(record, "replica").asObject();
        Set<Json> states = new HashSet<>();
        Set<List<Update>> histories = new HashSet<>();
        for (Json each : Vectors.member(record, "orders").asArray()) {
            JsonObject order = each.asObject();
            List<Update> arrived = Vectors.member(order, "order").asArray().stream()
                    .map(index -> updates.get((int) index.asDouble()))
                    .toList();
            ExpiryModel model = PlayedExpiryModel.CONVERGENT.create(
                    made.without("opts"),
                    new SettableTime(Vectors.member(record, "now").asDouble()));
            arrived.forEach(model::apply);
            states.add(model.toJson());
            histories.add(model.history());
            List<Update> sorted = new ArrayList<>(arrived);
            sorted.sort(Update.STAMP_ORDER);
            if (arrived.equals(sorted) && !made.has("opts")) {
                assertThat(model.toJson()).isEqualTo(order.get("state"));
            }
        }

        assertThat(states).hasSize(1);
        assertThat(histories).hasSize(1);
    }

    static Stream<Arguments> sides() {
        return cases().filter(OneSidePlayer::canPlay)
                .flatMap(record -> Stream.of("A", "B").map(side -> Arguments.of(name(record), side)));
    }

    @ParameterizedTest
    @MethodSource("sides")
    void convergent_sideOfAnExchangeWithTheOriginal_saysTheSameLines_exceptWhereListed(String name, String side)
            throws ProtocolException {
        JsonObject script =
                cases().filter(record -> name(record).equals(name)).findFirst().orElseThrow();
        OneSidePlayer player = OneSidePlayer.play(script, PlayedExpiryModel.CONVERGENT, side);

        assertThat(player.differences().isEmpty())
                .as(name + " " + side + " " + player.differences())
                .isEqualTo(!OUR_WAY.contains(name + " " + side));
    }
}
