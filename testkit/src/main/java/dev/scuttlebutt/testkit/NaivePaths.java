package dev.scuttlebutt.testkit;

import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The reference of {@code GossipObject}. */
final class NaivePaths {
    private NaivePaths() {}

    /** For each path its latest change; of all changes in stamp order each wipes what its path leads to or through. */
    static NaiveReplica replica() {
        return new NaiveReplica(NaivePaths::latestOfEachPath, NaivePaths::show);
    }

    private static List<Update> latestOfEachPath(List<Update> all) {
        Map<List<Json>, Update> latest = new HashMap<>();
        for (Update update : all) {
            for (Json change : update.change().asArray()) {
                latest.put(path(change), update);
            }
        }
        Set<Update> needed = new HashSet<>(latest.values());
        return all.stream().filter(needed::contains).toList();
    }

    private static Json show(List<Update> all) {
        Map<List<Json>, Json> values = new LinkedHashMap<>();
        for (Update update : all) {
            for (Json change : update.change().asArray()) {
                List<Json> path = path(change);
                values.keySet().removeIf(other -> startsWith(path, other) || startsWith(other, path));
                if (change.asArray().size() > 1) {
                    values.put(path, change.asArray().get(1));
                }
            }
        }
        JsonObject object = JsonObject.builder().build();
        for (Map.Entry<List<Json>, Json> value : values.entrySet()) {
            object = with(object, value.getKey(), value.getValue());
        }
        return object;
    }

    private static JsonObject with(JsonObject object, List<Json> path, Json value) {
        String key = path.get(0).asString();
        if (path.size() == 1) {
            return object.with(key, value);
        }
        JsonObject child = object.get(key) instanceof JsonObject known ? known : Json.object();
        return object.with(key, with(child, path.subList(1, path.size()), value));
    }

    private static boolean startsWith(List<Json> path, List<Json> beginning) {
        return path.size() >= beginning.size()
                && path.subList(0, beginning.size()).equals(beginning);
    }

    private static List<Json> path(Json change) {
        JsonArray parts = change.asArray();
        return parts.get(0).asArray().toList();
    }
}
