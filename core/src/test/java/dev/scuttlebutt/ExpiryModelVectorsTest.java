package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.ExpiryModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Scripts, arrival orders and exchanges of the package expiry-model, {@code types/expiry-model.jsonl}. */
class ExpiryModelVectorsTest {
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

    static Stream<JsonObject> orders() {
        return cases().filter(record -> Vectors.text(record, "kind").equals("orders"));
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
