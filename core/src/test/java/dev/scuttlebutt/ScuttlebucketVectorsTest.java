package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.Scuttlebucket;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Scripts, arrival orders and exchanges of the package scuttlebucket, {@code types/scuttlebucket.jsonl}. */
class ScuttlebucketVectorsTest {
    /** Scripts that go otherwise here, and in what. There is no compatible mode: a bucket decides nothing itself. */
    private static final Map<String, Set<String>> DIFFERENCES = Map.ofEntries(
            // A bucket without parts has an empty state.
            entry("no-parts", "final"),
            // Removals are kept for those who are away (AO-2), of unknown items too (SB-7).
            entry("local-append-only", "final", "state"),
            entry("local-append-only-unknown-remove", "final", "state"),
            entry("remote-apply", "final", "state"),
            // The history has the updates that were made, not what they were merged into (EM-6).
            entry("local-expiry-model", "final", "state"),
            // Events have a visible state here.
            entry("local-events", "final", "state"),
            // The deletion of a row is in the history.
            entry("local-crdt", "final", "state"),
            // An update is told once (SB-3).
            entry("remote-nested", "events"),
            // What is for no part waits (SB-4, SB-8).
            entry("unknown-part", "final", "state"),
            entry("unknown-part-inherited", "final"),
            // What is malformed is not passed on and does not move the clock.
            entry("bad-payload-null", "final", "state"),
            entry("bad-payload-number", "final", "state"),
            entry("bad-payload-object", "final", "state"),
            entry("bad-payload-string-two", "final", "state"),
            entry("bad-payload-string-three", "final", "state"),
            entry("bad-payload-empty-array", "final", "state"),
            entry("bad-payload-one", "final", "state"),
            entry("bad-payload-three", "final", "state"),
            entry("bad-payload-inner-null", "final", "state"),
            entry("bad-payload-inner-number", "events", "final", "state"),
            entry("bad-payload-inner-proto", "events", "final", "state"),
            // Own updates are in the clock (SB-1).
            entry("own-clock-missing", "events", "ret"));

    private static Map.Entry<String, Set<String>> entry(String name, String... differences) {
        return Map.entry("scuttlebucket/" + name, Set.of(differences));
    }

    /** In this exchange both get a part that one of them has filled before. The recording says so in a note only. */
    private static final String ADD_LATE = "scuttlebucket/exchange-add-late";

    /** Sides of exchanges that end otherwise here. */
    private static final Set<String> OUR_WAY = Set.of();

    private static Stream<JsonObject> cases(String kind) {
        return Vectors.typeLines("scuttlebucket.jsonl").stream()
                .filter(record -> Vectors.text(record, "kind").equals(kind));
    }

    static Stream<JsonObject> orders() {
        return cases("orders");
    }

    /** The parts of these sets converge in the original too, but for the model whose ties it decides by arrival. */
    @ParameterizedTest
    @MethodSource("orders")
    void everyOrder_endsTheSame_asTheOriginalWhereThatDoes(JsonObject record) {
        Set<Json> states = new HashSet<>();
        Set<List<Update>> histories = new HashSet<>();
        for (Json each : Vectors.member(record, "orders").asArray()) {
            JsonObject order = each.asObject();
            Scuttlebucket bucket = PlayedScuttlebucket.CONVERGENT.create(
                    Vectors.member(record, "replica").asObject(), new SettableTime(0));
            for (Json index : Vectors.member(order, "order").asArray()) {
                bucket.apply(Update.parse(Vectors.member(record, "updates")
                        .asArray()
                        .get((int) index.asDouble())
                        .toString()));
            }
            states.add(bucket.toJson());
            histories.add(bucket.history());
            if (Vectors.member(record, "distinctStates").asDouble() == 1) {
                assertThat(bucket.toJson()).isEqualTo(order.get("state"));
            }
        }

        assertThat(states).hasSize(1);
        assertThat(histories).hasSize(1);
    }

    static Stream<JsonObject> scripts() {
        return cases("script").filter(PlayedScuttlebucket::knows);
    }

    @Test
    void everyCase_isInOneOfTheTests_exceptThoseWithListeners() {
        assertThat(Vectors.typeLines("scuttlebucket.jsonl")).hasSize(82);
        assertThat(scripts()).hasSize(44);
        assertThat(orders()).hasSize(15);
        assertThat(cases("exchange").filter(PlayedScuttlebucket::knows)).hasSize(19);
        assertThat(scripts().map(script -> Vectors.text(script, "case"))).containsAll(DIFFERENCES.keySet());
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void script_goesAsRecorded_exceptWhereListed(JsonObject script) throws ProtocolException {
        String name = Vectors.text(script, "case");

        assertThat(ScriptPlayer.play(script, PlayedScuttlebucket.CONVERGENT).differences())
                .as(name)
                .isEqualTo(DIFFERENCES.getOrDefault(name, Set.of()));
    }

    static Stream<Arguments> sides() {
        return cases("exchange")
                .filter(OneSidePlayer::canPlay)
                .filter(PlayedScuttlebucket::knows)
                .flatMap(record -> Stream.of("A", "B").map(side -> Arguments.of(Vectors.text(record, "case"), side)));
    }

    /** The lines differ: the clock of the original lacks its own changes until they come back. The ends are the same. */
    @ParameterizedTest
    @MethodSource("sides")
    void sideOfAnExchangeWithTheOriginal_endsAsRecorded_exceptWhereListed(String name, String side)
            throws ProtocolException {
        JsonObject script = cases("exchange")
                .filter(record -> Vectors.text(record, "case").equals(name))
                .findFirst()
                .map(record -> name.equals(ADD_LATE) ? withLatePart(record) : record)
                .orElseThrow();
        OneSidePlayer player = OneSidePlayer.play(script, PlayedScuttlebucket.CONVERGENT, side);

        assertThat(!player.differences().contains("final"))
                .as(name + " " + side)
                .isEqualTo(!OUR_WAY.contains(name + " " + side));
    }

    private static JsonObject withLatePart(JsonObject record) {
        JsonObject empty = Json.object("type", "r-value");
        JsonObject filled = empty.with("holds", Json.parse("[[\"pre\",1700000000000,\"OLD\"]]"));
        JsonObject replicas = Vectors.member(record, "replicas").asObject();
        return record.with("replicas", withPart(withPart(replicas, "A", empty), "B", filled));
    }

    private static JsonObject withPart(JsonObject replicas, String name, JsonObject part) {
        JsonObject made = Vectors.member(replicas, name).asObject();
        JsonObject parts = Vectors.member(made, "parts").asObject();
        return replicas.with(name, made.with("parts", parts.with("x", part)));
    }
}
