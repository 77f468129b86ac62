package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scripts, arrival orders and exchanges of the package r-value, {@code types/r-value.jsonl}. */
class RValueVectorsTest {
    private static final String OLD_CORE = "~core5.5";

    /** Cases that end otherwise here, and in what. */
    private static final Map<String, Set<String>> DIFFERENCES = Map.of(
            // W6: no local change is lost when the clock steps back.
            "r-value/set-clock-backwards", Set.of("events", "ret"),
            // Zero is a timestamp like any other.
            "r-value/ts-zero", Set.of("events", "final", "ret"),
            // Clock entries that are no number count as absent.
            "r-value/history-filter", Set.of("ret"),
            // W13: a session that only receives gives nothing away.
            "r-value/exchange-read-only", Set.of("wire"),
            // W13 and W22: neither does it send a second time what the peer was sent.
            "r-value/exchange-read-only-sendclock", Set.of("wire"),
            // It ends behind SYNC, not one turn of an event loop later.
            "r-value/exchange-tail-false", Set.of("events", "final", "wire"));

    static Stream<JsonObject> cases() {
        return Vectors.typeLines("r-value.jsonl").stream();
    }

    private static String name(JsonObject record) {
        return Vectors.text(record, "case");
    }

    private static JsonObject record(String name) {
        return cases().filter(record -> name(record).equals(name)).findFirst().orElseThrow();
    }

    static Stream<JsonObject> scripts() {
        return cases().filter(record -> !Vectors.text(record, "kind").equals("orders"))
                .filter(record -> !name(record).endsWith(OLD_CORE));
    }

    static Stream<JsonObject> orders() {
        return cases().filter(record -> Vectors.text(record, "kind").equals("orders"));
    }

    static Stream<JsonObject> exchangesOfTheOldCore() {
        return cases().filter(record -> name(record).endsWith(OLD_CORE));
    }

    @Test
    void everyCase_isInOneOfTheTests() {
        assertThat(cases()).hasSize(86);
        assertThat(scripts()).hasSize(58);
        assertThat(orders()).hasSize(24);
        assertThat(exchangesOfTheOldCore()).hasSize(4);
        assertThat(scripts().map(RValueVectorsTest::name)).containsAll(DIFFERENCES.keySet());
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void script_goesAsRecorded_exceptWhereListed(JsonObject script) throws ProtocolException {
        assertThat(ScriptPlayer.play(script, PlayedValue.TYPE).differences())
                .isEqualTo(DIFFERENCES.getOrDefault(name(script), Set.of()));
    }

    @ParameterizedTest
    @MethodSource("orders")
    void anyOrder_endsAsRecorded(JsonObject record) {
        List<Update> updates = Vectors.member(record, "updates").asArray().stream()
                .map(update -> Update.parse(update.toString()))
                .toList();
        Set<String> states = new TreeSet<>();
        for (Json each : Vectors.member(record, "orders").asArray()) {
            JsonObject order = each.asObject();
            Value value = PlayedValue.value(Vectors.member(record, "replica").asObject(), new SettableTime(0));
            for (Json entry : Vectors.member(order, "log").asArray()) {
                Heard heard = Heard.from(value);
                JsonObject log = entry.asObject();
                Outcome outcome = value.apply(updates.get((int) log.get("i").asDouble()));
                assertThat(Json.of(outcome != Outcome.STALE)).isEqualTo(log.get("ret"));
                List<String> names = log.get("events").asArray().stream()
                        .map(event -> event.asArray().get(0).asString())
                        .toList();
                assertThat(heard.all(Value.Evicted.class)).hasSize(names.contains("_remove") ? 1 : 0);
                assertThat(heard.all(Value.Received.class)).hasSize(names.contains("update") ? 1 : 0);
                assertThat(heard.all(ReplicaEvent.Stale.class)).hasSize(names.contains("old_data") ? 1 : 0);
            }
            assertThat(value.toJson()).isEqualTo(order.get("state"));
            assertThat(JsonArray.of(value.history().stream().map(Update::toJson).toList()))
                    .isEqualTo(order.get("history"));
            assertThat(value.clock()).isEqualTo(Clock.of(order.get("sources").asObject()));
            states.add(value.toJson().toString());
        }

        assertThat(states)
                .hasSize((int) Vectors.member(record, "distinctStates").asDouble());
    }

    @Test
    void listedScripts_goOurWay() throws ProtocolException {
        assertThat(ScriptPlayer.play(record("r-value/set-clock-backwards"), PlayedValue.TYPE)
                        .value("A")
                        .clock()
                        .latest("A"))
                .isEqualTo(1700000000011.0);
        assertThat(ScriptPlayer.play(record("r-value/ts-zero"), PlayedValue.TYPE)
                        .value("A")
                        .history())
                .hasSize(1);

        for (String oneWay : List.of("r-value/exchange-read-only", "r-value/exchange-read-only-sendclock")) {
            ScriptPlayer player = ScriptPlayer.play(record(oneWay), PlayedValue.TYPE);
            assertThat(player.wire())
                    .as("B gives nothing away")
                    .noneMatch(line -> line.get(0).equals("B") && line.get(1).startsWith("["));
            assertThat(player.wire()).as("A sends nothing twice").doesNotHaveDuplicates();
            assertThat(player.value("B").get()).isEqualTo(Json.of("b2"));
        }

        ScriptPlayer once = ScriptPlayer.play(record("r-value/exchange-tail-false"), PlayedValue.TYPE);
        assertThat(once.value("A").get()).isEqualTo(Json.of("after"));
        assertThat(once.value("B").get()).isEqualTo(Json.of("a"));
        assertThat(once.value("A").sessions()).isEmpty();
    }

    /** The scripts of core 5.5 with sessions of ours at both ends go as those of 5.6, which are played above. */
    @ParameterizedTest
    @MethodSource("exchangesOfTheOldCore")
    void scriptOfTheOldCore_goesAsTheNewOne(JsonObject script) throws ProtocolException {
        String newCore = name(script).substring(0, name(script).length() - OLD_CORE.length());
        ScriptPlayer player = ScriptPlayer.play(script, PlayedValue.TYPE);
        ScriptPlayer expected = ScriptPlayer.play(record(newCore), PlayedValue.TYPE);

        assertThat(player.wire()).isEqualTo(expected.wire());
        assertThat(player.value("B").history()).isEqualTo(expected.value("B").history());
    }

    @Test
    void peerOfTheOldCore_thatSendsBeforeItReads_isUnderstood() throws ProtocolException {
        JsonObject script = record("r-value/exchange-update-before-handshake" + OLD_CORE);
        JsonObject made = Vectors.member(Vectors.member(script, "replicas").asObject(), "B")
                .asObject();
        Value ours = PlayedValue.value(made, new SettableTime(0));
        TextLink link = new TextLink(ours);
        List<String> said = new ArrayList<>();
        for (Json step : Vectors.member(script, "steps").asArray()) {
            Json wire = step.asObject().get("wire");
            for (Json line : wire == null ? List.<Json>of() : wire.asArray().toList()) {
                if (line.asArray().get(0).asString().equals("A")) {
                    link.give(line.asArray().get(1).asString());
                }
                said.addAll(link.take());
            }
        }
        JsonObject last =
                Vectors.member(Vectors.member(script, "final").asObject(), "B").asObject();

        // What the sender skipped is lost for every receiver; nothing else is, and nothing breaks.
        assertThat(JsonArray.of(ours.history().stream().map(Update::toJson).toList()))
                .isEqualTo(last.get("history"));
        assertThat(ours.clock()).isEqualTo(Clock.of(last.get("sources").asObject()));
        assertThat(link.session().state()).isEqualTo(Session.State.LIVE);
        assertThat(said).containsExactly("{\"id\":\"B\",\"clock\":{}}", "\"SYNC\"");
    }
}
