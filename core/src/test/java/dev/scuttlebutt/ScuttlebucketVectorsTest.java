package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.Scuttlebucket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Arrival orders and exchanges of the package scuttlebucket, {@code types/scuttlebucket.jsonl}. */
class ScuttlebucketVectorsTest {
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
                .orElseThrow();
        OneSidePlayer player = OneSidePlayer.play(script, PlayedScuttlebucket.CONVERGENT, side);

        assertThat(!player.differences().contains("final"))
                .as(name + " " + side)
                .isEqualTo(!OUR_WAY.contains(name + " " + side));
    }
}
