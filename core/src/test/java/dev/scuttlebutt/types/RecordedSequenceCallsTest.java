package dev.scuttlebutt.types;

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
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Calls on one JavaScript array or text. Each call is made here on a replica that was told all that JavaScript had written
 * before it. Result and values afterwards must be the recorded ones, and the update must write the same values to the same
 * keys; new keys are ours to choose, so of them only values and order count.
 */
class RecordedSequenceCallsTest {
    /** A call that the original takes and that makes no sense; the test that tells what is done here instead. */
    private static final String REFUSED = "RArrayTest.whatMakesNoSense_isRefused";

    /** Records of what the original does wrong, with the test that tells what is done here instead. */
    private static final Set<String> FAULTS = Set.of(
            // RArrayTest.malformedChanges_areRefused
            "odd-payloads");

    private final List<Update> recorded = new ArrayList<>();
    private final Set<String> knownKeys = new HashSet<>();

    static Stream<JsonObject> records() {
        return Stream.of("rarray-single", "redit-single", "rstring-single")
                .flatMap(file -> Vectors.sequenceLines(file + ".jsonl").stream())
                .filter(record -> !FAULTS.contains(Vectors.text(record, "name")));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("records")
    void calls_haveTheRecordedResultsAndUpdates(JsonObject record) {
        for (Json each : Vectors.member(record, "ops").asArray()) {
            JsonObject call = each.asObject();
            check(record, call);
            for (Json update : Vectors.member(call, "updates").asArray()) {
                recorded.add(Update.parse(update.toString()));
                knownKeys.addAll(update.asArray().get(0).asObject().keys());
            }
        }
        JsonObject end = Vectors.member(record, "final").asObject();
        RArray told = told(record);
        if (!Vectors.text(record, "name").equals("local-write-older-than-stored")) {
            assertThat(JsonArray.of(told.history().stream().map(Update::toJson).toList()))
                    .isEqualTo(end.get("history"));
            assertThat(told.toJson()).isEqualTo(end.get("values"));
            assertThat(Json.of(told.keys())).isEqualTo(end.get("keys"));
        }
    }

    private RArray told(JsonObject record) {
        ReplicaOptions options =
                ReplicaOptions.defaults().id("A").time(new SettableTime(101)).random(new Random(7));
        RArray array =
                switch (Vectors.text(record, "type")) {
                    case "redit" -> new REdit(options);
                    case "rstring" -> new RString(options);
                    default -> new RArray(options);
                };
        recorded.forEach(array::apply);
        return array;
    }

    private void check(JsonObject record, JsonObject call) {
        RArray array = told(record);
        if (makesNoSense(array, call)) {
            assertThatThrownBy(() -> make(array, call))
                    .as("see %s: %s", REFUSED, call)
                    .isInstanceOfAny(IllegalArgumentException.class, IndexOutOfBoundsException.class);
            return;
        }
        List<Update> made = new ArrayList<>();
        array.on(ReplicaEvent.Applied.class, applied -> made.add(applied.update()));
        Json result = make(array, call);
        boolean wrong = Json.TRUE.equals(call.get("wrong"));
        if (wrong) {
            assertThat(((REdit) array).text()).isEqualTo(Vectors.text(call, "text"));
            return;
        }
        if (!Vectors.text(call, "op").equals("insertAt")) {
            assertThat(result).as("%s", call).isEqualTo(call.has("result") ? call.get("result") : Json.NULL);
        }
        assertThat(array.toJson()).as("%s", call).isEqualTo(call.get("values"));
        assertThat(made.size()).as("%s", call).isLessThanOrEqualTo(1);
        List<Update> expected = Vectors.member(call, "updates").asArray().stream()
                .map(update -> Update.parse(update.toString()))
                .toList();
        String op = Vectors.text(call, "op");
        if (op.equals("remote")) {
            // The original passes on what has no effect; here that ends.
            assertThat(expected).containsAll(made);
        } else if (!op.equals("text")) {
            assertThat(written(made, true)).as("%s", call).isEqualTo(written(expected, true));
            assertThat(written(made, false).values().toString())
                    .as("%s", call)
                    .isEqualTo(written(expected, false).values().toString());
        } else {
            assertThat(made.isEmpty()).as("%s", call).isEqualTo(expected.isEmpty());
        }
    }

    /** What was written to keys that were known, or were not, by key. */
    private TreeMap<String, Json> written(List<Update> updates, boolean known) {
        TreeMap<String, Json> all = new TreeMap<>();
        for (Update update : updates) {
            update.change().asObject().forEach((key, value) -> {
                if (knownKeys.contains(key) == known) {
                    all.put(key, value);
                }
            });
        }
        return all;
    }

    private static boolean makesNoSense(RArray array, JsonObject call) {
        if (Json.NULL.equals(call.get("value")) && Vectors.text(call, "op").equals("push")) {
            return true;
        }
        if (!call.has("args")) {
            return false;
        }
        List<Json> args = Vectors.member(call, "args").asArray().toList();
        double index = args.get(0).asDouble();
        return index < 0 || index > array.size() || args.contains(Json.NULL);
    }

    private static Json make(RArray array, JsonObject call) {
        return switch (Vectors.text(call, "op")) {
            case "push" -> nothing(array.push(Vectors.member(call, "value")));
            case "unshift" -> nothing(array.unshift(Vectors.member(call, "value")));
            case "pop" -> orNull(array.pop());
            case "shift" -> orNull(array.shift());
            case "firstKey" -> Json.of(array.firstKey());
            case "lastKey" -> Json.of(array.lastKey());
            case "indexOf" -> {
                int index = array.indexOf(call.get("value"));
                yield index < 0 ? Json.NULL : Json.of(String.valueOf(index));
            }
            case "indexOfKey" -> Json.of((double) array.indexOfKey(Vectors.text(call, "key")));
            case "getKey" -> orNull(array.get(Vectors.text(call, "key")));
            case "setKey" -> set(array, Vectors.text(call, "key"), Vectors.member(call, "value"));
            case "unsetKey" -> nothing(array.unset(Vectors.text(call, "key")));
            case "setAt" -> set(array, array.keyAt(number(call, "index")), Vectors.member(call, "value"));
            case "unsetAt" -> nothing(array.remove(number(call, "index")));
            case "insertAt" -> {
                int index = number(call, "index");
                String before = index == array.size() ? null : array.keyAt(index);
                yield Json.of(array.insert(
                        index == 0 ? null : array.keyAt(index - 1), Vectors.member(call, "value"), before));
            }
            case "splice" ->
                splice(array, Vectors.member(call, "args").asArray().toList());
            case "remote" ->
                nothing(array.apply(Update.parse(Vectors.member(call, "update").toString())));
            case "getText" -> Json.of(((REdit) array).text());
            case "text" -> {
                ((REdit) array).text(Vectors.text(call, "text"));
                yield Json.of(((REdit) array).text());
            }
            case "insertChar" ->
                splice(array, List.of(Json.of(number(call, "at")), Json.of(0), Vectors.member(call, "char")));
            case "insertString" -> {
                ((RString) array).insert(offset(array, number(call, "at")), Vectors.text(call, "str"));
                yield Json.NULL;
            }
            case "remove" -> {
                int from = offset(array, number(call, "at"));
                int to = offset(array, number(call, "at") + number(call, "length"));
                ((RString) array).delete(from, to - from);
                yield Json.NULL;
            }
            default -> throw new AssertionError(call);
        };
    }

    private static Json splice(RArray array, List<Json> args) {
        int deleted = args.size() < 2 ? 0 : (int) args.get(1).asDouble();
        array.splice(
                (int) args.get(0).asDouble(),
                deleted,
                args.subList(Math.min(2, args.size()), args.size()).toArray());
        return Json.NULL;
    }

    private static Json set(RArray array, String key, Json value) {
        array.set(key, value);
        return Json.NULL;
    }

    private static int number(JsonObject call, String member) {
        return (int) Vectors.member(call, member).asDouble();
    }

    private static int offset(RArray array, int index) {
        return array.values().stream()
                .limit(index)
                .mapToInt(value -> value.asString().length())
                .sum();
    }

    private static Json orNull(@Nullable Json value) {
        return value == null ? Json.NULL : value;
    }

    /** The original returns nothing. */
    private static Json nothing(Object result) {
        assertThat(result).isNotNull();
        return Json.NULL;
    }
}
