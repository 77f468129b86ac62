package dev.scuttlebutt.types.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SettableTime;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.Vectors;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Calls on one JavaScript document, and the same calls here: results, updates made and passed on, and the end. Sort keys
 * are ours to choose, so any is accepted where the original wrote one; what was passed to peers is compared in full.
 */
class RecordedCallsTest {
    private static final String SORT = "_sort";

    /** Records of what the original does wrong, with the test that tells what is done here instead. */
    private static final Map<String, String> FAULTS = Map.ofEntries(
            Map.entry("proto-id-rejected", "DocTest.names_thatEveryObjectHas_areRefused"),
            Map.entry("phantom-row-by-get", "DocTest.row_thatWasOnlyLookedUp_isNotShown"),
            Map.entry("rm-with-set-membership", "DocTest.remove_ofAMember_isOneUpdate"),
            Map.entry("remote-rm-with-set-membership", "DocTest.deletionFromElsewhere_ofAMember_makesNoUpdate"),
            Map.entry("rm-simple", "DocTest.remove_isKeptInTheHistory"),
            Map.entry("rm-then-set-again", "DocTest.remove_isKeptInTheHistory"),
            Map.entry("local-write-older-than-remote", "DocTest.set_overLaterTimestamps_wins"),
            Map.entry("invalid-payloads", "DocTest.malformedChanges_areRefused"),
            Map.entry("field-named-hasOwnProperty", "DocTest.names_thatEveryObjectHas_areRefused"),
            Map.entry("reserved-field-names", "DocTest.names_thatEveryObjectHas_areRefused"),
            Map.entry("field-named-error", "DocTest.fieldNamedError_isRefusedHereAndTakenFromElsewhere"),
            Map.entry("set-cache-collision", "RowSetTest.createSet_tellsKindsOfValuesApart"),
            Map.entry("seq-equal-keys-local-nudge", "RowSequenceTest.levelKeys_areOrderedById"),
            Map.entry("seq-equal-keys-remote-nudge", "RowSequenceTest.levelKeys_areOrderedById"),
            Map.entry("seq-created-late-unsorted", "RowSequenceTest.sequenceCreatedLate_isInOrder"),
            Map.entry("seq-joined-without-sort-change", "RowSequenceTest.rowThatJoins_isInOrder"),
            Map.entry("seq-tie-order-without-seq", "RowSequenceTest.levelKeys_areOrderedById"),
            Map.entry("seq-rm-row", "DocTest.remove_ofAMember_isOneUpdate"));

    /** The id may not be emptied here, as the original allows in its last call. */
    private static final Set<String> ALL_BUT_THE_LAST_CALL = Set.of("id-cannot-change");

    private final SettableTime time = new SettableTime(101);
    private final Doc doc = new Doc(ReplicaOptions.defaults().id("A").time(time).random(new Random(7)));
    private final Map<String, RowSet> sets = new HashMap<>();
    private final List<Update> passedOn = new ArrayList<>();

    /** Inserted next to nothing: the original chooses the middle of the key space, we the end. */
    private final Set<String> placedAnywhere = new HashSet<>();

    static Stream<JsonObject> records() {
        return Vectors.crdtLines("doc-single.jsonl").stream()
                .filter(record -> !FAULTS.containsKey(Vectors.text(record, "name")));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("records")
    void calls_haveTheRecordedResultsUpdatesAndEnd(JsonObject record) {
        doc.on(ReplicaEvent.Applied.class, applied -> passedOn.add(applied.update()));
        String name = Vectors.text(record, "name");
        List<Json> calls = Vectors.member(record, "ops").asArray().toList();
        if (ALL_BUT_THE_LAST_CALL.contains(name)) {
            calls = calls.subList(0, calls.size() - 1);
        }
        for (Json call : calls) {
            check(name, call.asObject());
        }
        if (!ALL_BUT_THE_LAST_CALL.contains(name)) {
            checkEnd(Vectors.member(record, "final").asObject());
        }
    }

    private void check(String name, JsonObject call) {
        passedOn.clear();
        if (call.has("throws")) {
            assertThatThrownBy(() -> make(call)).isInstanceOf(IllegalArgumentException.class);
        } else {
            Json result = lostAgainstLater(call) ? repeat(call) : make(call);
            assertThat(result).as("%s: %s", name, call).isEqualTo(call.has("result") ? call.get("result") : Json.NULL);
        }
        JsonArray expected = Vectors.member(call, "updates").asArray();
        assertThat(JsonArray.of(passedOn.stream().map(this::comparable).toList()))
                .as("%s: %s", name, call)
                .isEqualTo(JsonArray.of(expected.stream()
                        .map(update -> comparable(Update.parse(update.toString())))
                        .toList()));
        time.set(Math.max(time.millis(), doc.clock().latest("A") + 1));
    }

    /** The original stamped a write with its clock although it knew of later ones, and lost some fields. */
    private boolean lostAgainstLater(JsonObject call) {
        return Vectors.member(call, "events").asArray().stream()
                .map(Json::asArray)
                .anyMatch(event -> event.get(1).equals(Json.of("changes"))
                        && event.get(0).asString().startsWith("row:")
                        && !event.get(2).equals(event.get(3)));
    }

    /** Makes the write with the timestamp that it had. */
    private Json repeat(JsonObject call) {
        Vectors.member(call, "updates").asArray().forEach(update -> doc.apply(Update.parse(update.toString())));
        return call.has("result") ? Json.of(call.get("result")) : Json.NULL;
    }

    private Json comparable(Update update) {
        return update.source().equals("A") ? withoutKeys(update.toJson()) : update.toJson();
    }

    /** Any sort key is as good as another. */
    private static Json withoutKeys(Json json) {
        if (json instanceof JsonArray array) {
            return JsonArray.of(
                    array.stream().map(RecordedCallsTest::withoutKeys).toList());
        } else if (json instanceof JsonObject object) {
            JsonObject.Builder copy = JsonObject.builder();
            object.forEach((key, value) -> copy.put(key, key.equals(SORT) ? Json.of("any") : withoutKeys(value)));
            return copy.build();
        }
        return json;
    }

    private Json make(JsonObject call) {
        return switch (Vectors.text(call, "op")) {
            case "add" -> id(doc.add(Vectors.member(call, "obj")));
            case "set" -> id(doc.set(Vectors.text(call, "id"), Vectors.member(call, "changes")));
            case "rowSet" -> {
                Row row = doc.row(Vectors.text(call, "id"));
                if (call.has("changes")) {
                    row.set(Vectors.member(call, "changes"));
                } else {
                    row.set(Vectors.text(call, "key"), call.get("value"));
                }
                yield Json.NULL;
            }
            case "get" -> doc.row(Vectors.text(call, "id")).toJson();
            case "rowGet" -> {
                Row row = doc.row(Vectors.text(call, "id"));
                yield call.has("key") ? Json.of(row.get(Vectors.text(call, "key"))) : row.toJson();
            }
            case "createSet" -> {
                sets.put(Vectors.text(call, "as"), doc.createSet(Vectors.text(call, "key"), call.get("value")));
                yield Json.NULL;
            }
            case "createSeq" -> {
                sets.put(Vectors.text(call, "as"), doc.createSequence(Vectors.text(call, "key"), call.get("value")));
                yield Json.NULL;
            }
            case "setRemove" -> {
                set(call, "set").remove(row(call, "id"));
                yield Json.NULL;
            }
            case "setHas" -> Json.of(set(call, "set").contains(row(call, "id")));
            case "remote" -> {
                doc.apply(Update.parse(Vectors.member(call, "update").toString()));
                yield Json.NULL;
            }
            default -> makeOnSequence(call, (RowSequence) set(call, "seq"));
        };
    }

    private Json makeOnSequence(JsonObject call, RowSequence sequence) {
        return switch (Vectors.text(call, "op")) {
            case "push" -> id(sequence.push(item(call)));
            case "unshift" -> id(sequence.unshift(item(call)));
            case "before" -> id(sequence.before(item(call), row(call, "ref")));
            case "after" -> id(sequence.after(item(call), row(call, "ref")));
            case "insert" -> {
                Row row = sequence.insert(item(call), optionalRow(call, "before"), optionalRow(call, "after"));
                if (!call.has("before") && !call.has("after")) {
                    placedAnywhere.add(row.id());
                }
                yield id(row);
            }
            case "pop" -> id(sequence.pop());
            case "shift" -> id(sequence.shift());
            case "first" -> id(sequence.first());
            case "last" -> id(sequence.last());
            case "next" -> id(call.has("ref") ? sequence.next(row(call, "ref")) : sequence.first());
            case "prev" -> id(call.has("ref") ? sequence.previous(row(call, "ref")) : sequence.last());
            case "at" -> id(sequence.at(Vectors.member(call, "index").as(int.class)));
            case "indexOf" -> Json.of((double) sequence.indexOf(row(call, "ref")));
            case "length" -> Json.of((double) sequence.size());
            default -> throw new AssertionError(call);
        };
    }

    private RowSet set(JsonObject call, String member) {
        return Objects.requireNonNull(sets.get(Vectors.text(call, member)));
    }

    private Object item(JsonObject call) {
        Json item = Vectors.member(call, "obj");
        if (item instanceof JsonObject object) {
            return object.has("$row") ? doc.row(Vectors.text(object, "$row")) : object;
        }
        return doc.row(item.asString());
    }

    private Row row(JsonObject call, String member) {
        return doc.row(Vectors.text(call, member));
    }

    private @Nullable Row optionalRow(JsonObject call, String member) {
        return call.has(member) ? row(call, member) : null;
    }

    private static Json id(@Nullable Row row) {
        return row == null ? Json.NULL : Json.of(row.id());
    }

    private void checkEnd(JsonObject expected) {
        assertThat(withoutKeys(doc.toJson())).isEqualTo(withoutKeys(Vectors.member(expected, "json")));
        assertThat(withoutKeys(
                        JsonArray.of(doc.history().stream().map(Update::toJson).toList())))
                .isEqualTo(withoutKeys(Vectors.member(expected, "history")));
        assertThat(doc.clock().toJson()).isEqualTo(expected.get("clock"));
        Vectors.member(expected, "sets").asObject().forEach((name, set) -> checkIds(name, set, "toJSON"));
        Vectors.member(expected, "seqs").asObject().forEach((name, set) -> checkIds(name, set, "asArray"));
    }

    private void checkIds(String name, Json set, String list) {
        List<String> expected = new ArrayList<>(Recorded.texts(Vectors.member(set.asObject(), list)));
        List<String> ids =
                new ArrayList<>(Objects.requireNonNull(sets.get(name)).ids());
        expected.removeAll(placedAnywhere);
        ids.removeAll(placedAnywhere);
        assertThat(ids).isEqualTo(expected);
    }
}
