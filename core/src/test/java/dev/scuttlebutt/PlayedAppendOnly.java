package dev.scuttlebutt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.AppendOnly;
import dev.scuttlebutt.types.Resolution;
import java.util.List;

/** Scripts of {@code append-only.jsonl}, in either mode. */
enum PlayedAppendOnly implements PlayedType {
    COMPATIBLE,
    CONVERGENT;

    @Override
    public AppendOnly create(JsonObject made, TimeSource time) {
        return new AppendOnly(
                ReplicaOptions.defaults().id(Vectors.text(made, "id")).time(time), Resolution.valueOf(name()));
    }

    /** What our own methods refuse is written past them: the original stores it before it throws. */
    @Override
    public void call(Replica replica, JsonObject step) {
        Json argument = step.get("args").asArray().get(0);
        if (Vectors.text(step, "method").equals("push")) {
            replica.localUpdate(Json.object("push", argument));
        } else {
            Json id = argument instanceof JsonObject item && item.has("__id") ? item.get("__id") : argument;
            replica.localUpdate(Json.object("remove", id));
        }
    }

    @Override
    public Json read(Replica replica, String method, List<Json> arguments) {
        return replica.toJson();
    }

    @Override
    public Json state(Replica replica) {
        return JsonArray.of(((AppendOnly) replica)
                .arrivals().stream().map(AppendOnly.Item::value).toList());
    }

    @Override
    public List<String> describe(ReplicaEvent event) {
        if (event instanceof AppendOnly.Added added) {
            return List.of(List.of(Json.of("item"), added.item().value()).toString());
        } else if (event instanceof AppendOnly.Removed removed) {
            return List.of(
                    List.of(
                                    Json.of("_remove"),
                                    removed.item().push().toJson(),
                                    removed.by().toJson())
                            .toString(),
                    List.of(Json.of("remove"), removed.item().value()).toString());
        }
        return List.of();
    }

    @Override
    public boolean compares(String event) {
        return !event.contains("{\"$\":\"undefined\"}");
    }

    @Override
    public boolean agrees(Replica replica, JsonObject last) {
        List<Json> ids = ((AppendOnly) replica)
                .arrivals().stream().map(item -> Json.of(item.id())).toList();
        return this == CONVERGENT || JsonArray.of(ids).equals(last.get("ids"));
    }
}
