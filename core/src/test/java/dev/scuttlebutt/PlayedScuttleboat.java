package dev.scuttlebutt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.AppendOnly;
import dev.scuttlebutt.types.GossipObject;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.types.Scuttleboat;
import dev.scuttlebutt.types.Value;
import dev.scuttlebutt.types.crdt.Doc;
import java.util.List;

/** Arrival orders and exchanges of {@code scuttleboat.jsonl}. */
enum PlayedScuttleboat implements PlayedType {
    CONVERGENT;

    @Override
    public Scuttleboat create(JsonObject made, TimeSource time) {
        Scuttleboat boat = new Scuttleboat(
                ReplicaOptions.defaults().id(Vectors.text(made, "id")).time(time));
        Vectors.member(made, "constructors")
                .asObject()
                .forEach((name, type) -> boat.register(name, type(type.asString())));
        return boat;
    }

    private static Scuttleboat.Type type(String name) {
        return switch (name) {
            case "model" -> (options, settings) -> new Model(options);
            case "r-value" -> (options, settings) -> new Value(options);
            case "append-only" -> (options, settings) -> new AppendOnly(options);
            case "gossip-object" -> (options, settings) -> new GossipObject(options);
            case "crdt" -> (options, settings) -> new Doc(options);
            default -> throw new AssertionError("no such type: " + name);
        };
    }

    @Override
    public void call(Replica replica, JsonObject step) {
        throw new AssertionError("not played");
    }

    @Override
    public Json read(Replica replica, String method, List<Json> arguments) {
        return replica.toJson();
    }

    @Override
    public List<String> describe(ReplicaEvent event) {
        return List.of();
    }
}
