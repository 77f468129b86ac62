package dev.scuttlebutt.types.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.Clock;
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

/** Histories of several JavaScript replicas; {@code vectors/crdt/README.md} among the test resources explains them. */
class RecordedDocTest {
    private static final int ANY_ORDERS = 10;

    static Stream<JsonObject> withoutDeletions() {
        return Stream.of("doc-multi", "set-multi", "seq-multi").flatMap(RecordedDocTest::records);
    }

    static Stream<JsonObject> deletionsOnWhichJavaScriptAgrees() {
        return records("doc-rm-convergent");
    }

    static Stream<JsonObject> deletionsOnWhichJavaScriptDiffers() {
        return records("doc-divergent");
    }

    private static Stream<JsonObject> records(String file) {
        return Vectors.crdtLines(file + ".jsonl").stream();
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("withoutDeletions")
    void anyRecordedOrder_givesStateMembersAndHistoryOfJavaScript(JsonObject record) {
        List<Update> updates = updates(record);
        List<Json> complete = Vectors.member(record, "shuffles").asArray().toList();
        List<Json> orders = new ArrayList<>(complete);
        Vectors.member(record, "orders").asObject().forEach((replica, order) -> orders.add(order));
        for (Json order : orders) {
            Recorded.Views early = new Recorded.Views(new Doc("early"), record);
            Doc doc = early.doc;
            order.asArray().forEach(index -> doc.apply(updates.get(index.as(int.class))));

            early.check();
            new Recorded.Views(doc, record).check();
            assertThat(doc.history()).isEqualTo(select(updates, Vectors.member(record, "history")));
            // In the others what was superseded on its way is missing, differently in each.
            assertThat(!complete.contains(order)
                            || doc.clock()
                                    .covers(Clock.of(
                                            Vectors.member(record, "clock").asObject())))
                    .isTrue();
        }
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("deletionsOnWhichJavaScriptAgrees")
    void recordedDeletions_inAnyOrder_giveStateOfJavaScript(JsonObject record) {
        List<Update> updates = updates(record);
        Json expected = Vectors.member(Vectors.member(record, "final").asObject(), "json");
        Vectors.member(record, "orders")
                .asObject()
                .forEach((replica, order) ->
                        assertThat(applied(select(updates, order)).toJson()).isEqualTo(expected));
        inManyOrders(updates, doc -> assertThat(doc.toJson()).isEqualTo(expected));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("deletionsOnWhichJavaScriptDiffers")
    void recordedDeletions_inAnyOrder_giveTheRecommendedState(JsonObject record) {
        Json expected = Vectors.member(Vectors.member(record, "recommended").asObject(), "json");
        List<List<Update>> histories = new ArrayList<>();
        inManyOrders(updates(record), doc -> {
            assertThat(doc.toJson()).isEqualTo(expected);
            histories.add(doc.history());
        });
        assertThat(histories).allMatch(histories.get(0)::equals);
        assertThat(applied(histories.get(0)).toJson()).isEqualTo(expected);
    }

    private interface Check {
        void check(Doc doc);
    }

    /** Once with a set and a sequence from the start, whose members are compared with those of new ones. */
    private static void inManyOrders(List<Update> updates, Check check) {
        for (int seed = 0; seed < ANY_ORDERS; seed++) {
            Doc doc = new Doc("any");
            RowSet set = doc.createSet("type", "a");
            RowSequence sequence = doc.createSequence("list", "todo");
            for (Update update : shuffled(updates, new Random(seed))) {
                Outcome outcome = doc.apply(update);
                if (update.change().isNull()) {
                    assertThat(outcome).isIn(Outcome.INVALID, Outcome.STALE);
                }
            }
            check.check(doc);
            Doc again = applied(doc.history());
            assertThat(set.ids()).isEqualTo(again.createSet("type", "a").ids());
            assertThat(sequence.ids())
                    .isEqualTo(again.createSequence("list", "todo").ids());
        }
    }

    /** In a random order, but updates of one source stay in theirs. */
    private static List<Update> shuffled(List<Update> updates, Random random) {
        List<List<Update>> bySource = new ArrayList<>();
        updates.stream()
                .map(Update::source)
                .distinct()
                .forEach(source -> bySource.add(new ArrayList<>(updates.stream()
                        .filter(update -> update.source().equals(source))
                        .sorted(Update.STAMP_ORDER)
                        .toList())));
        List<Update> shuffled = new ArrayList<>();
        while (!bySource.isEmpty()) {
            List<Update> source = bySource.get(random.nextInt(bySource.size()));
            shuffled.add(source.remove(0));
            bySource.removeIf(List::isEmpty);
        }
        return shuffled;
    }

    private static Doc applied(List<Update> updates) {
        Doc doc = new Doc("fresh");
        updates.forEach(doc::apply);
        return doc;
    }

    private static List<Update> updates(JsonObject record) {
        return Vectors.member(record, "updates").asArray().stream()
                .map(update -> Update.parse(update.toString()))
                .toList();
    }

    private static List<Update> select(List<Update> updates, Json indices) {
        JsonArray all = indices.asArray();
        return all.stream().map(index -> updates.get(index.as(int.class))).toList();
    }
}
