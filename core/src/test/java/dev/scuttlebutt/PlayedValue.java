package dev.scuttlebutt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.Value;
import java.util.List;

/** Scripts of {@code r-value.jsonl}. */
enum PlayedValue implements PlayedType {
    TYPE;

    static Value value(JsonObject made, TimeSource time) {
        Json length = made.get("len");
        return new Value(
                ReplicaOptions.defaults().id(Vectors.text(made, "id")).time(time),
                length == null ? 1 : (int) length.asDouble());
    }

    @Override
    public Value create(JsonObject made, TimeSource time) {
        return value(made, time);
    }

    @Override
    public void call(Replica replica, JsonObject step) {
        ((Value) replica).set(step.get("args").asArray().get(0));
    }

    @Override
    public Json read(Replica replica, String method, List<Json> arguments) {
        return switch (method) {
            case "get" -> ((Value) replica).get() == null ? Json.NULL : ((Value) replica).get();
            case "toJSON" -> replica.toJson();
            default -> throw new AssertionError("no such method: " + method);
        };
    }

    @Override
    public List<String> describe(ReplicaEvent event) {
        if (event instanceof Value.Received received) {
            return List.of(
                    List.of(Json.of("update"), received.update().change()).toString());
        } else if (event instanceof Value.Evicted evicted) {
            return List.of(
                    List.of(Json.of("_remove"), evicted.update().toJson()).toString());
        }
        return List.of();
    }
}
