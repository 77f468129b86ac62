package dev.scuttlebutt.testkit;

import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What an array must look like. The updates come in stamp order, so the last one of a key is the greatest. */
final class NaiveArray {
    private final TreeMap<String, Update> winners = new TreeMap<>();

    private NaiveArray(List<Update> updates) {
        for (Update update : updates) {
            for (String key : update.change().asObject().keys()) {
                if (!key.equals("__proto__")) {
                    winners.put(key, update);
                }
            }
        }
    }

    static NaiveReplica reference() {
        return new NaiveReplica(
                all -> NaiveReplica.inStampOrder(new ArrayList<>(new NaiveArray(all).winners.values())),
                needed -> new NaiveArray(needed).values());
    }

    private Json values() {
        List<Json> values = new ArrayList<>();
        winners.forEach((key, update) -> {
            JsonObject written = update.change().asObject();
            Json value = written.get(key);
            if (value != null && !value.isNull()) {
                values.add(value);
            }
        });
        return JsonArray.of(values);
    }
}
