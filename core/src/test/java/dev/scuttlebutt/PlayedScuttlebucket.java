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
import dev.scuttlebutt.types.crdt.Doc;
import java.util.List;
import java.util.function.Function;

/** Scripts and exchanges of {@code scuttlebucket.jsonl}. */
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
            Replica added = part(bucket, name, part.asObject());
            if (added instanceof Scuttlebucket nested) {
                fill(nested, part.asObject());
            }
        });
    }

    /** A part that {@code holds} updates has them from before it came into the bucket. */
    private static Replica part(Scuttlebucket bucket, String name, JsonObject made) {
        Function<ReplicaOptions, Replica> type = type(made);
        if (!made.has("holds")) {
            return bucket.add(name, type);
        }
        Replica before = type.apply(ReplicaOptions.defaults());
        Vectors.member(made, "holds").asArray().forEach(update -> before.apply(Update.parse(update.toString())));
        return bucket.add(name, type, before);
    }

    private static Function<ReplicaOptions, Replica> type(JsonObject made) {
        return switch (Vectors.text(made, "type")) {
            case "model" -> Model::new;
            case "events" -> Events::new;
            case "r-value" ->
                options -> new Value(
                        options,
                        made.get("len") == null ? 1 : (int) made.get("len").asDouble());
            case "append-only" -> AppendOnly::new;
            case "expiry-model" -> ExpiryModel::new;
            case "gossip-object" -> GossipObject::new;
            case "crdt" -> Doc::new;
            case "scuttlebucket" -> Scuttlebucket::new;
            default -> throw new IllegalArgumentException("no such type: " + made);
        };
    }

    /** Tells whether nothing is done by listeners, whose part the named tests of the type play. */
    static boolean knows(JsonObject record) {
        return !record.has("reactions");
    }

    @Override
    public Replica part(Replica whole, String name) {
        return ((Scuttlebucket) whole).parts().get(name);
    }

    @Override
    public void call(Replica replica, JsonObject step) {
        Replica part = replica;
        String[] path = Vectors.text(step, "on").split("/");
        for (int i = 1; i < path.length; i++) {
            part = part(part, path[i]);
        }
        call(part, Vectors.text(step, "method"), step);
    }

    static void call(Replica part, String method, JsonObject step) {
        List<Json> arguments = step.get("args").asArray().toList();
        if (method.equals("setId")) {
            part.setId(arguments.get(0).asString());
        } else if (part instanceof Model model) {
            model.set(arguments.get(0).asString(), arguments.get(1));
        } else if (part instanceof ExpiryModel model) {
            model.set(arguments.get(0).asString(), arguments.get(1));
        } else if (part instanceof Value value) {
            value.set(arguments.get(0));
        } else if (part instanceof GossipObject) {
            PlayedGossipObject.CONVERGENT.call(part, step);
        } else if (part instanceof AppendOnly feed && method.equals("push")) {
            feed.push(arguments.get(0));
        } else if (part instanceof AppendOnly feed) {
            feed.remove(arguments.get(0).asString());
        } else if (part instanceof Events events) {
            events.emit(
                    arguments.get(0).asString(),
                    arguments.subList(1, arguments.size()).toArray());
        } else if (part instanceof Doc doc && method.equals("add")) {
            doc.add(arguments.get(0));
        } else if (part instanceof Doc doc && method.equals("rm")) {
            doc.row(arguments.get(0).asString()).remove();
        } else if (part instanceof Doc doc) {
            doc.row(arguments.get(0).asString()).set(arguments.get(1));
        } else {
            throw new AssertionError("no such change: " + step);
        }
    }

    @Override
    public Json read(Replica replica, String method, List<Json> arguments) {
        if (!method.equals("get")) {
            return replica.toJson();
        }
        if (replica instanceof Scuttlebucket) {
            return described(part(replica, arguments.get(0).asString()));
        }
        if (replica instanceof Value value) {
            return Json.of(value.get());
        }
        return Json.of(((Model) replica).get(arguments.get(0).asString()));
    }

    /** As the recordings describe an object of the family. */
    static Json described(Replica replica) {
        return replica == null ? null : Json.object("$", "scuttlebutt", "id", replica.id());
    }

    /** The clock of the original lacks its own changes until they come back (SB-1). */
    @Override
    public Clock comparable(Replica replica, Clock clock) {
        return Clock.of(clock.toJson().without(replica.id()));
    }

    /** What a part drops from the history is not told here. */
    @Override
    public boolean compares(String event) {
        return !event.startsWith("[\"_remove\"");
    }

    @Override
    public List<String> describe(ReplicaEvent event) {
        return List.of();
    }
}
