package dev.scuttlebutt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.AppendOnly;
import dev.scuttlebutt.types.GossipObject;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.types.Resolution;
import dev.scuttlebutt.types.Scuttleboat;
import dev.scuttlebutt.types.Value;
import dev.scuttlebutt.types.crdt.Doc;
import java.util.List;

/** Scripts, arrival orders and exchanges of {@code scuttleboat.jsonl}, in either mode. */
enum PlayedScuttleboat implements PlayedType {
    COMPATIBLE,
    CONVERGENT;

    @Override
    public Scuttleboat create(JsonObject made, TimeSource time) {
        Scuttleboat boat = new Scuttleboat(
                ReplicaOptions.defaults().id(Vectors.text(made, "id")).time(time), Resolution.valueOf(name()));
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
    public Replica part(Replica whole, String name) {
        Scuttleboat boat = (Scuttleboat) whole;
        return name.equals("__manifest__") ? boat.manifest() : boat.documents().get(name);
    }

    /** Rows have the id that the recording shows, and what our own method refuses is written past it. */
    @Override
    public void call(Replica replica, JsonObject step) {
        String[] path = Vectors.text(step, "on").split("/");
        if (path.length > 1) {
            PlayedScuttlebucket.call(part(replica, path[1]), Vectors.text(step, "method"), step);
            return;
        }
        Json events = step.get("events");
        for (Json event : events == null ? List.<Json>of() : events.asArray().toList()) {
            List<Json> parts = event.asArray().toList();
            if (parts.get(0).asString().equals("_update")) {
                replica.localUpdate(parts.get(1).asArray().get(0));
            }
        }
    }

    @Override
    public Json read(Replica replica, String method, List<Json> arguments) {
        return switch (method) {
            case "toJSON" -> replica.toJson();
            case "list" -> rows(((Scuttleboat) replica).manifest());
            case "get" ->
                PlayedScuttlebucket.described(
                        ((Scuttleboat) replica).documents().get(arguments.get(0).asString()));
            default -> throw new AssertionError("no such method: " + method);
        };
    }

    private static Json rows(Doc manifest) {
        JsonObject.Builder rows = JsonObject.builder();
        manifest.rows()
                .forEach(row -> rows.put(row.id(), Json.object("$", "row", "id", row.id(), "state", row.toJson())));
        return rows.build();
    }

    @Override
    public Clock comparable(Replica replica, Clock clock) {
        return PlayedScuttlebucket.CONVERGENT.comparable(replica, clock);
    }

    @Override
    public boolean compares(String event) {
        return PlayedScuttlebucket.CONVERGENT.compares(event);
    }

    @Override
    public List<String> describe(ReplicaEvent event) {
        if (event instanceof Scuttleboat.Created created) {
            return List.of(List.of(Json.of("create"), Json.of(created.key()), Json.object("$", "self"))
                    .toString());
        }
        return List.of();
    }
}
