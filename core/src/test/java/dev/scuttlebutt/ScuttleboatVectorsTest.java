package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.Scuttleboat;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Arrival orders of the package scuttleboat, {@code types/scuttleboat.jsonl}. */
class ScuttleboatVectorsTest {

    private static Stream<JsonObject> cases(String kind) {
        return Vectors.typeLines("scuttleboat.jsonl").stream()
                .filter(record -> Vectors.text(record, "kind").equals(kind));
    }

    static Stream<JsonObject> orders() {
        return cases("orders");
    }

    @ParameterizedTest
    @MethodSource("orders")
    void everyOrder_endsTheSame_asTheOriginalWhereThatDoes(JsonObject record) {
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
