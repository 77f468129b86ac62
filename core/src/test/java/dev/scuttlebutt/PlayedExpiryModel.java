package dev.scuttlebutt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.ExpiryModel;
import dev.scuttlebutt.types.Resolution;
import java.time.Duration;
import java.util.List;

/** Scripts of {@code expiry-model.jsonl}, in either mode. */
enum PlayedExpiryModel implements PlayedType {
    COMPATIBLE,
    CONVERGENT;

    @Override
    public ExpiryModel create(JsonObject made, TimeSource time) {
        ExpiryModel.Bounds bounds = ExpiryModel.Bounds.defaults().maxAhead(Duration.ofDays(1));
        if (made.get("opts") instanceof JsonObject options) {
            if (options.has("max")) {
                bounds = bounds.maxKeys((int) options.get("max").asDouble());
            }
            if (options.has("maxAge")) {
                bounds = bounds.maxAge(
                        Duration.ofMillis((long) options.get("maxAge").asDouble()));
            }
        }
        return new ExpiryModel(
                ReplicaOptions.defaults().id(Vectors.text(made, "id")).time(time), bounds, Resolution.valueOf(name()));
    }

    @Override
    public void call(Replica replica, JsonObject step) {
        List<Json> arguments = step.get("args").asArray().toList();
        ((ExpiryModel) replica).set(arguments.get(0).asString(), arguments.get(1));
    }

    @Override
    public Json read(Replica replica, String method, List<Json> arguments) {
        return method.equals("get")
                ? Json.of(((ExpiryModel) replica).get(arguments.get(0).asString()))
                : replica.toJson();
    }

    @Override
    public List<String> describe(ReplicaEvent event) {
        if (event instanceof ExpiryModel.Changed changed) {
            return List.of(List.of(
                            Json.of("update"),
                            Json.of(changed.key()),
                            changed.value(),
                            Json.of(changed.update().timestamp()),
                            Json.of(changed.update().source()))
                    .toString());
        }
        return List.of();
    }

    /** Compares the order in which keys were used. */
    @Override
    public boolean agrees(Replica replica, JsonObject last) {
        return this == CONVERGENT || Json.of(((ExpiryModel) replica).keys()).equals(last.get("mru"));
    }
}
