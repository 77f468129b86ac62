package dev.scuttlebutt.types;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.Vectors;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Histories of several JavaScript replicas; {@code vectors/sequences/README.md} among the test resources explains them. */
class RecordedSequencesTest {
    private static final int ANY_ORDERS = 10;

    static Stream<JsonObject> histories() {
        return Stream.of("rarray-multi", "redit-multi", "rstring-multi").flatMap(RecordedSequencesTest::records);
    }

    static Stream<JsonObject> onWhichJavaScriptDiffers() {
        return records("rarray-divergent");
    }

    private static Stream<JsonObject> records(String file) {
        return Vectors.sequenceLines(file + ".jsonl").stream();
    }

    private static RArray replica(JsonObject record) {
        return switch (Vectors.text(record, "type")) {
            case "redit" -> new REdit("reader");
            case "rstring" -> new RString("reader");
            default -> new RArray("reader");
        };
    }

    private static List<Update> updates(JsonObject record) {
        return Vectors.member(record, "updates").asArray().stream()
                .map(update -> Update.parse(update.toString()))
                .toList();
    }

    private static List<Integer> numbers(Json array) {
        return array.asArray().stream().map(number -> (int) number.asDouble()).toList();
    }

    /** Every order in which JavaScript replicas got them, the recorded shuffles, and some more. */
    private static List<List<Integer>> orders(JsonObject record) {
        List<List<Integer>> orders = new ArrayList<>();
        Vectors.member(record, "orders").asObject().forEach((replica, order) -> orders.add(numbers(order)));
        if (record.get("shuffles") instanceof JsonArray shuffles) {
            shuffles.forEach(order -> orders.add(numbers(order)));
        }
        List<Update> updates = updates(record);
        Random random = new Random(1);
        for (int i = 0; i < ANY_ORDERS; i++) {
            List<Integer> rest = new ArrayList<>();
            for (int k = 0; k < updates.size(); k++) {
                rest.add(k);
            }
            List<Integer> order = new ArrayList<>();
            while (!rest.isEmpty()) {
                String source =
                        updates.get(rest.get(random.nextInt(rest.size()))).source();
                Integer first = rest.stream()
                        .filter(k -> updates.get(k).source().equals(source))
                        .min((a, b) -> Double.compare(
                                updates.get(a).timestamp(), updates.get(b).timestamp()))
                        .orElseThrow();
                rest.remove(first);
                order.add(first);
            }
            orders.add(order);
        }
        return orders;
    }

    private static RArray told(JsonObject record, List<Integer> order) {
        RArray replica = replica(record);
        List<Update> updates = updates(record);
        order.forEach(k -> assertThat(replica.apply(updates.get(k))).isIn(Outcome.APPLIED, Outcome.IGNORED));
        return replica;
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("histories")
    void anyOrder_endsAsRecorded(JsonObject record) {
        JsonObject end = Vectors.member(record, "final").asObject();
        List<Update> updates = updates(record);
        List<Update> history = numbers(Vectors.member(record, "history")).stream()
                .map(updates::get)
                .toList();
        for (List<Integer> order : orders(record)) {
            RArray replica = told(record, order);
            assertThat(replica.toJson()).isEqualTo(end.get("values"));
            assertThat(Json.of(replica.keys())).isEqualTo(end.get("keys"));
            assertThat(replica.history()).isEqualTo(history);
            if (end.has("length")) {
                assertThat(Json.of((double) replica.size())).isEqualTo(end.get("length"));
            }
            if (replica instanceof REdit edit) {
                assertThat(edit.text()).isEqualTo(Vectors.text(end, "text"));
                assertThat(edit.length()).isEqualTo(edit.text().length());
            } else if (replica instanceof RString string) {
                assertThat(string.text()).isEqualTo(Vectors.text(end, "text"));
                assertThat(string.length()).isEqualTo(string.text().length());
            }
        }
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("onWhichJavaScriptDiffers")
    void whereJavaScriptDiffers_anyOrderEndsAsRecommended(JsonObject record) {
        JsonObject end = Vectors.member(record, "recommended").asObject();
        for (List<Integer> order : orders(record)) {
            // The recorded orders lack what was superseded before it came.
            if (order.size() == updates(record).size()) {
                RArray replica = told(record, order);
                assertThat(replica.toJson()).isEqualTo(end.get("values"));
                assertThat(Json.of(replica.keys())).isEqualTo(end.get("keys"));
            }
        }
    }
}
