package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.AppendOnly;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Scripts, arrival orders and exchanges of the package append-only, {@code types/append-only.jsonl}. */
class AppendOnlyVectorsTest {
    private static final String OLD_CORE = "~core5.5";

    /** Cases in which even the compatible mode ends otherwise, and in what. */
    private static final Map<String, Set<String>> DIFFERENCES = Map.of(
            // The original writes the identifier into the update itself; here it is shown in its place when read.
            "append-only/push-has-id-field", Set.of("events", "final", "ret"),
            // Timestamps end at 1e300.
            "append-only/ids-format", Set.of("events", "final"),
            // Zero is a timestamp like any other.
            "append-only/ts-zero-duplicate", Set.of("events", "final", "ret"),
            // What the original throws at is held, as there, and told, which it is not there.
            "append-only/exchange-poison", Set.of("events"));

    /** Lines of the original that the convergent mode says otherwise, by case and replica. */
    private static final Map<String, Set<String>> CONVERGENT_DIFFERENCES = Map.of();

    static Stream<JsonObject> cases() {
        return Vectors.typeLines("append-only.jsonl").stream();
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
        assertThat(cases()).hasSize(79);
        assertThat(scripts()).hasSize(55);
        assertThat(orders()).hasSize(23);
        assertThat(scripts().map(AppendOnlyVectorsTest::name)).containsAll(DIFFERENCES.keySet());
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void compatible_script_goesAsRecorded_exceptWhereListed(JsonObject script) throws ProtocolException {
        assertThat(ScriptPlayer.play(script, PlayedAppendOnly.COMPATIBLE).differences())
                .as(name(script))
                .isEqualTo(DIFFERENCES.getOrDefault(name(script), Set.of()));
    }

    @ParameterizedTest
    @MethodSource("orders")
    void compatible_anyOrder_endsAsRecorded(JsonObject record) {
        Set<String> states = new HashSet<>();
        for (Json each : Vectors.member(record, "orders").asArray()) {
            JsonObject order = each.asObject();
            AppendOnly feed = played(PlayedAppendOnly.COMPATIBLE, record);
            for (Json entry : Vectors.member(order, "log").asArray()) {
                JsonObject log = entry.asObject();
                Outcome outcome = feed.apply(update(record, log.get("i")));
                boolean passedOn = log.has("events")
                        && log.get("events").asArray().stream()
                                .anyMatch(event ->
                                        event.asArray().get(0).asString().equals("_update"));
                assertThat(outcome == Outcome.APPLIED).isEqualTo(passedOn);
            }
            assertThat(feed.toJson()).isEqualTo(order.get("state"));
            assertThat(PlayedAppendOnly.COMPATIBLE.agrees(feed, order)).isTrue();
            assertThat(JsonArray.of(feed.history().stream().map(Update::toJson).toList()))
                    .isEqualTo(order.get("history"));
            assertThat(feed.clock()).isEqualTo(Clock.of(order.get("sources").asObject()));
            states.add(feed.toJson().toString());
        }

        assertThat(states)
                .hasSize((int) Vectors.member(record, "distinctStates").asDouble());
    }

    @ParameterizedTest
    @MethodSource("orders")
    void convergent_everyOrder_endsTheSame(JsonObject record) {
        Set<String> states = new TreeSet<>();
        Set<List<Update>> histories = new HashSet<>();
        for (Json each : Vectors.member(record, "orders").asArray()) {
            AppendOnly feed = played(PlayedAppendOnly.CONVERGENT, record);
            for (Json index : Vectors.member(each.asObject(), "order").asArray()) {
                feed.apply(update(record, index));
            }
            states.add(feed.toJson().toString());
            histories.add(feed.history());
        }

        assertThat(states).hasSize(1);
        assertThat(histories).hasSize(1);
    }

    @Test
    void idsFormat_isEcmaScripts() throws ProtocolException {
        AppendOnly feed = (AppendOnly) ScriptPlayer.play(record("append-only/ids-format"), PlayedAppendOnly.COMPATIBLE)
                .replica("A");

        assertThat(feed.arrivals())
                .extracting(AppendOnly.Item::id)
                .containsExactly(
                        "S:1700000000000",
                        "S:1700000000000.001",
                        "S:1700000000000.5",
                        "a:b:12",
                        "T:0.1",
                        "U:1e+21",
                        "V:123456789012345680000",
                        "W:1e-7",
                        ":1700000000000",
                        "X:0.000001",
                        "Y:5e-324",
                        "N:-3.5");
    }

    static Stream<Arguments> sides() {
        return cases().filter(OneSidePlayer::canPlay)
                .filter(record -> !name(record).endsWith(OLD_CORE))
                .flatMap(record -> Stream.of("A", "B").map(side -> Arguments.of(name(record), side)))
                // There A does what is refused here.
                .filter(arguments -> !List.of(arguments.get()).equals(List.of("append-only/exchange-poison", "A")));
    }

    /** The original forgets removals: our side must neither confuse it nor be confused. */
    @ParameterizedTest
    @MethodSource("sides")
    void convergent_sideOfAnExchangeWithTheOriginal_saysTheSameLines(String name, String side)
            throws ProtocolException {
        OneSidePlayer player = OneSidePlayer.play(record(name), PlayedAppendOnly.CONVERGENT, side);

        assertThat(player.differences()).isEqualTo(CONVERGENT_DIFFERENCES.getOrDefault(name + " " + side, Set.of()));
    }

    private static JsonObject record(String name) {
        return cases().filter(record -> name(record).equals(name)).findFirst().orElseThrow();
    }

    private static AppendOnly played(PlayedAppendOnly type, JsonObject record) {
        return type.create(Vectors.member(record, "replica").asObject(), new SettableTime(0));
    }

    private static Update update(JsonObject record, Json index) {
        return Update.parse(Vectors.member(record, "updates")
                .asArray()
                .get((int) index.asDouble())
                .toString());
    }
}
