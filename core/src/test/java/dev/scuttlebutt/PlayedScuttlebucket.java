package dev.scuttlebutt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.AppendOnly;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.ExpiryModel;
import dev.scuttlebutt.types.GossipObject;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.types.Scuttlebucket;
import dev.scuttlebutt.types.Value;
import java.util.List;
import java.util.function.Function;

/** Exchanges of {@code scuttlebucket.jsonl}. */
enum PlayedScuttlebucket implements PlayedType {
    CONVERGENT;

    @Override
    public Scuttlebucket create(JsonObject made, TimeSource time) {
        Scuttlebucket bucket = new Scuttlebucket(
                ReplicaOptions.defaults().id(Vectors.text(made, "id")).time(time));
        fill(bucket, made);
        return bucket;
    }

    private static void fill(Scuttlebucket bucket, JsonObject made) {
        Vectors.member(made, "parts").asObject().forEach((name, part) -> {
            Replica added = bucket.add(name, type(Vectors.text(part.asObject(), "type")));
            if (added instanceof Scuttlebucket nested) {
                fill(nested, part.asObject());
            }
        });
    }

    private static Function<ReplicaOptions, Replica> type(String name) {
        return switch (name) {
            case "model" -> Model::new;
            case "events" -> Events::new;
            case "r-value" -> Value::new;
            case "append-only" -> AppendOnly::new;
            case "expiry-model" -> ExpiryModel::new;
            case "gossip-object" -> GossipObject::new;
            case "scuttlebucket" -> Scuttlebucket::new;
            default -> throw new IllegalArgumentException("no such type: " + name);
        };
    }

    /** Tells whether all that happens can happen here: a part cannot have a history of its own before it is one. */
    static boolean knows(JsonObject record) {
        String text = record.toString();
        return !text.contains("\"type\":\"crdt\"")
                && !Vectors.text(record, "case").endsWith("add-late")
                && !record.has("reactions");
    }

    @Override
    public void call(Replica replica, JsonObject step) {
        Replica part = replica;
        String[] path = Vectors.text(step, "on").split("/");
        for (int i = 1; i < path.length; i++) {
            part = ((Scuttlebucket) part).parts().get(path[i]);
        }
        List<Json> arguments = step.get("args").asArray().toList();
        String method = Vectors.text(step, "method");
        if (part instanceof Model model) {
            model.set(arguments.get(0).asString(), arguments.get(1));
        } else if (part instanceof Value value) {
            value.set(arguments.get(0));
        } else if (part instanceof GossipObject) {
            PlayedGossipObject.CONVERGENT.call(part, step);
        } else if (part instanceof AppendOnly feed && method.equals("push")) {
            feed.push(arguments.get(0));
        } else if (part instanceof AppendOnly feed) {
            feed.remove(arguments.get(0).asString());
        } else {
            throw new AssertionError("no such change: " + step);
        }
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
