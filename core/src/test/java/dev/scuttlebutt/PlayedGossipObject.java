package dev.scuttlebutt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonString;
import dev.scuttlebutt.types.GossipObject;
import dev.scuttlebutt.types.Resolution;
import java.util.List;

/** Scripts of {@code gossip-object.jsonl}, in either mode. */
enum PlayedGossipObject implements PlayedType {
    COMPATIBLE,
    CONVERGENT;

    @Override
    public GossipObject create(JsonObject made, TimeSource time) {
        return new GossipObject(
                ReplicaOptions.defaults().id(Vectors.text(made, "id")).time(time), Resolution.valueOf(name()));
    }

    @Override
    public void call(Replica replica, JsonObject step) {
        GossipObject object = (GossipObject) replica;
        GossipObject.Transaction transaction = object.transact();
        try {
            if (step.has("ops")) {
                for (Json operation : step.get("ops").asArray()) {
                    List<Json> parts = operation.asArray().toList();
                    add(transaction, parts.get(0).asString(), parts.subList(1, parts.size()));
                }
            } else {
                add(
                        transaction,
                        Vectors.text(step, "method"),
                        step.get("args").asArray().toList());
            }
            transaction.execute();
        } catch (IllegalArgumentException | IllegalStateException refused) {
            if (!step.has("throws")) {
                // Only what contradicts itself is refused here and not there: written past our methods.
                contradiction(object, step);
            }
        }
    }

    private static void add(GossipObject.Transaction transaction, String method, List<Json> arguments) {
        switch (method) {
            case "set" -> transaction.set(path(arguments.get(0)), arguments.get(1));
            case "delete" -> transaction.delete(path(arguments.get(0)));
            default -> throw new IllegalArgumentException("no such method: " + method);
        }
    }

    private static List<String> path(Json path) {
        return path instanceof JsonString key
                ? List.of(key.value())
                : path.asArray().stream().map(Json::asString).toList();
    }

    private static void contradiction(GossipObject object, JsonObject step) {
        Json events = step.get("events");
        for (Json event : events == null ? List.<Json>of() : events.asArray().toList()) {
            if (event.asArray().get(0).asString().equals("_update")) {
                object.localUpdate(event.asArray().get(1).asArray().get(0));
            }
        }
    }

    @Override
    public Json read(Replica replica, String method, List<Json> arguments) {
        if (!method.equals("get")) {
            return replica.toJson();
        }
        Json value = ((GossipObject) replica).get(path(arguments.get(0)));
        return value != null || arguments.size() < 2 ? value : arguments.get(1);
    }

    @Override
    public List<String> describe(ReplicaEvent event) {
        return List.of();
    }

    /** What {@code update} and {@code change} tell has another form here. */
    @Override
    public boolean compares(String event) {
        return !event.startsWith("[\"update\"") && !event.startsWith("[\"change\"");
    }
}
