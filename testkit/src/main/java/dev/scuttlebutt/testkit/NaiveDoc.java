package dev.scuttlebutt.testkit;

import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a document must look like. The updates come in stamp order, so the last one of anything is the greatest. */
final class NaiveDoc {
    private static final Set<String> IN_EVERY_OBJECT = Set.of(
            "__proto__",
            "__defineGetter__",
            "__defineSetter__",
            "__lookupGetter__",
            "__lookupSetter__",
            "constructor",
            "hasOwnProperty",
            "isPrototypeOf",
            "propertyIsEnumerable",
            "toLocaleString",
            "toString",
            "valueOf");

    private record Field(String row, String name) {}

    private final Map<String, Update> deletions = new HashMap<>();
    private final Map<Field, Update> writes = new LinkedHashMap<>();

    private NaiveDoc(List<Update> updates) {
        for (Update update : updates) {
            JsonArray change = update.change().asArray();
            String row = change.get(0).asString();
            if (change.get(1).isNull()) {
                deletions.put(row, update);
                writes.keySet().removeIf(field -> field.row.equals(row));
            } else {
                change.get(1).asObject().keys().stream()
                        .filter(name -> !IN_EVERY_OBJECT.contains(name))
                        .forEach(name -> writes.put(new Field(row, name), update));
            }
        }
    }

    static NaiveReplica reference() {
        return new NaiveReplica(all -> new NaiveDoc(all).needed(), needed -> new NaiveDoc(needed).visible());
    }

    private List<Update> needed() {
        List<Update> needed = new ArrayList<>(deletions.values());
        needed.addAll(writes.values());
        return NaiveReplica.inStampOrder(needed);
    }

    private Json visible() {
        Map<String, Map<String, Json>> rows = new HashMap<>();
        Set<String> alive = new HashSet<>();
        writes.forEach((field, update) -> {
            JsonObject fields = update.change().asArray().get(1).asObject();
            Json value = fields.get(field.name);
            if (value == null) {
                throw new AssertionError("no " + field.name + " in " + update);
            }
            rows.computeIfAbsent(field.row, row -> new HashMap<>(Map.of("id", Json.of(row))))
                    .put(field.name, value);
            if (!value.isNull() || !deletions.containsKey(field.row)) {
                alive.add(field.row);
            }
        });
        rows.keySet().retainAll(alive);
        return Json.of(rows);
    }
}
