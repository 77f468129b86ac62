package dev.scuttlebutt.testkit;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What a replica must look like, computed the slow and obvious way: it keeps every update it has ever seen, and works
 * out from all of them whatever it is asked. The judge of the quick replicas.
 *
 * <p>Not safe for use by several threads.
 */
public final class NaiveReplica {
    private final UnaryOperator<List<Update>> needed;
    private final Function<List<Update>, Json> visible;
    private final List<Update> seen = new ArrayList<>();

    /**
     * Creates the reference of a type of your own.
     *
     * @param needed picks, from all updates in stamp order without repetitions, those that the type's history holds
     * @param visible computes the visible state from what {@code needed} picked
     */
    public NaiveReplica(UnaryOperator<List<Update>> needed, Function<List<Update>, Json> visible) {
        this.needed = needed;
        this.visible = visible;
    }

    /** Returns the reference of {@code Model}: for each key the greatest stamp; null deletes. */
    public static NaiveReplica model() {
        return new NaiveReplica(NaiveReplica::latestOfEachKey, NaiveReplica::keysAndValues);
    }

    /** Returns the reference of {@code Events}: all of them. */
    public static NaiveReplica events() {
        return new NaiveReplica(
                UnaryOperator.identity(),
                all -> JsonArray.of(all.stream().map(Update::change).toList()));
    }

    /** Returns the reference of a {@code Value} that keeps so many writes: the greatest stamps. */
    public static NaiveReplica value(int length) {
        return new NaiveReplica(
                all -> all.subList(Math.max(0, all.size() - length), all.size()),
                latest -> latest.isEmpty()
                        ? Json.NULL
                        : latest.get(latest.size() - 1).change());
    }

    /** Returns the reference of {@code AppendOnly}: pushes without a removal, and of each removed id the first removal. */
    public static NaiveReplica appendOnly() {
        return new NaiveReplica(NaiveReplica::pushesAndFirstRemovals, NaiveReplica::items);
    }

    /**
     * Returns the reference of {@code Doc}: for each field of each row the greatest stamp, unless the greatest deletion of
     * the row is greater still.
     */
    public static NaiveReplica doc() {
        return NaiveDoc.reference();
    }

    /** Returns the reference of {@code RArray} and its kin: for each key the greatest stamp; in the order of the keys. */
    public static NaiveReplica array() {
        return NaiveArray.reference();
    }

    /**
     * Returns the reference of an {@code ExpiryModel} in which nothing is too old: for each key the latest write that is no
     * object, and above it the objects that give a field, or are the latest.
     */
    public static NaiveReplica expiryModel() {
        return new NaiveReplica(NaiveReplica::writesThatCount, NaiveReplica::mergedKeys);
    }

    /** Takes note of an update. Seeing it again changes nothing. */
    public void see(Update update) {
        seen.add(update);
    }

    /** Takes note of updates. */
    public void see(List<Update> updates) {
        seen.addAll(updates);
    }

    /** Returns the latest timestamp seen of each source. */
    public Clock clock() {
        Map<String, Double> latest = new HashMap<>();
        for (Update update : seen) {
            latest.merge(update.source(), update.timestamp(), Math::max);
        }
        return Clock.of(latest);
    }

    /** Returns what the history must hold, by timestamp, then source. */
    public List<Update> history() {
        return needed.apply(inStampOrder(seen));
    }

    /** Returns what the history must answer to a peer with this clock, by timestamp, then source. */
    public List<Update> history(Clock since) {
        return history().stream().filter(update -> !since.covers(update)).toList();
    }

    /** Returns what the visible state must be. */
    public Json toJson() {
        return visible.apply(history());
    }

    /** Sorts updates by timestamp, then source, and leaves out repetitions. */
    static List<Update> inStampOrder(List<Update> updates) {
        List<Update> sorted = new ArrayList<>(updates);
        sorted.sort(Update.STAMP_ORDER);
        List<Update> once = new ArrayList<>(sorted.size());
        for (Update update : sorted) {
            if (once.isEmpty() || Update.STAMP_ORDER.compare(once.get(once.size() - 1), update) != 0) {
                once.add(update);
            }
        }
        return once;
    }

    private static String removedId(Update removal) {
        Json id = removal.change().asObject().get("remove");
        return id == null ? "" : id.asString();
    }

    private static List<Update> pushesAndFirstRemovals(List<Update> all) {
        Map<String, Update> removals = new HashMap<>();
        for (Update update : all) {
            JsonObject change = update.change().asObject();
            if (!change.has("push")) {
                removals.putIfAbsent(removedId(update), update);
            }
        }
        return all.stream()
                .filter(update -> update.change().asObject().has("push")
                        ? !removals.containsKey(update.source() + ":" + JsonWriter.text(update.timestamp()))
                        : removals.get(removedId(update)) == update)
                .toList();
    }

    private static Json items(List<Update> needed) {
        List<Json> items = new ArrayList<>();
        for (Update update : needed) {
            Json item = update.change().asObject().get("push");
            if (item != null) {
                items.add(item);
            }
        }
        return JsonArray.of(items);
    }

    private static List<Update> writesThatCount(List<Update> all) {
        Map<String, Update> whole = new HashMap<>();
        Map<String, Map<String, Update>> fields = new HashMap<>();
        for (Update update : all) {
            if (second(update) instanceof JsonObject object) {
                Map<String, Update> ofKey = fields.computeIfAbsent(key(update), key -> new HashMap<>());
                object.keys().forEach(field -> ofKey.put("." + field, update));
                ofKey.put("latest", update);
            } else {
                whole.put(key(update), update);
                fields.remove(key(update));
            }
        }
        return all.stream()
                .filter(update -> whole.get(key(update)) == update
                        || fields.getOrDefault(key(update), Map.of()).containsValue(update))
                .toList();
    }

    private static JsonObject mergedKeys(List<Update> needed) {
        Map<String, Json> values = new HashMap<>();
        for (Update update : needed) {
            Json value = second(update);
            if (value instanceof JsonObject object && values.get(key(update)) instanceof JsonObject before) {
                for (Map.Entry<String, Json> field : object.entries()) {
                    before = before.with(field.getKey(), field.getValue());
                }
                value = before;
            }
            values.put(key(update), value);
        }
        JsonObject.Builder object = JsonObject.builder();
        values.forEach((key, value) -> {
            if (!value.isNull()) {
                object.put(key, value);
            }
        });
        return object.build();
    }

    private static Json second(Update update) {
        JsonArray change = update.change().asArray();
        return change.size() > 1 ? change.get(1) : Json.NULL;
    }

    private static List<Update> latestOfEachKey(List<Update> all) {
        Map<String, Update> latest = new HashMap<>();
        for (Update update : all) {
            latest.put(key(update), update);
        }
        return inStampOrder(new ArrayList<>(latest.values()));
    }

    private static JsonObject keysAndValues(List<Update> latest) {
        JsonObject.Builder object = JsonObject.builder();
        for (Update update : latest) {
            JsonArray change = update.change().asArray();
            if (change.size() > 1 && !change.get(1).isNull()) {
                object.put(key(update), change.get(1));
            }
        }
        return object.build();
    }

    private static String key(Update update) {
        return update.change().asArray().get(0).asString();
    }
}
