package dev.scuttlebutt.cli.command;

import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonString;
import dev.scuttlebutt.types.GossipObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code --type object}. */
final class ObjectCommands extends TypeCommands<GossipObject> {
    private static final Verb.Completion<GossipObject> KEYS =
            (object, index) -> index == 0 ? object.toJson().keys() : List.of();

    ObjectCommands() {
        super(
                "object",
                List.of(
                        Verb.<GossipObject>of("set", "PATH VALUE", "write a path", ObjectCommands::set)
                                .completing(KEYS),
                        Verb.<GossipObject>of("delete", "PATH", "delete a path and all below", ObjectCommands::delete)
                                .completing(KEYS),
                        Verb.<GossipObject>of("get", "PATH", "value or object at a path", ObjectCommands::get)
                                .completing(KEYS),
                        Verb.of(
                                "transact",
                                "CHANGES",
                                "several at once: [[PATH,VALUE],[PATH],…]",
                                ObjectCommands::transact)));
    }

    @Override
    public GossipObject create(ReplicaOptions options) {
        return new GossipObject(options);
    }

    @Override
    public void show(ReplicaEvent event, EventSink out) {
        if (event instanceof GossipObject.Changed changed) {
            out.show("change", changed.before());
        }
    }

    private static @Nullable Json set(GossipObject object, Arguments arguments) throws CommandException {
        object.set(path(arguments.value(0)), arguments.value(1));
        return null;
    }

    private static @Nullable Json delete(GossipObject object, Arguments arguments) throws CommandException {
        object.delete(path(arguments.value(0)));
        return null;
    }

    private static Json get(GossipObject object, Arguments arguments) throws CommandException {
        return Json.of(object.get(path(arguments.value(0))));
    }

    private static @Nullable Json transact(GossipObject object, Arguments arguments) throws CommandException {
        GossipObject.Transaction transaction = object.transact();
        JsonArray changes = array(arguments.value(0), "CHANGES are to be [[PATH,VALUE],[PATH],…]");
        if (changes.size() == 0) {
            throw new CommandException("CHANGES has none");
        }
        for (Json each : changes) {
            JsonArray change = array(each, "each of CHANGES is to be [PATH,VALUE] or [PATH]");
            if (change.size() == 2) {
                transaction.set(path(change.get(0)), change.get(1));
            } else if (change.size() == 1) {
                transaction.delete(path(change.get(0)));
            } else {
                throw new CommandException("each of CHANGES is to be [PATH,VALUE] or [PATH], found " + change);
            }
        }
        transaction.execute();
        return null;
    }

    private static List<String> path(Json path) throws CommandException {
        if (path instanceof JsonString key) {
            return List.of(key.value());
        }
        JsonArray keys = array(path, "PATH is to be a text or an array of texts");
        for (Json key : keys) {
            if (!(key instanceof JsonString)) {
                throw new CommandException("PATH is to be a text or an array of texts, found " + path);
            }
        }
        return keys.stream().map(Json::asString).toList();
    }

    private static JsonArray array(Json value, String wanted) throws CommandException {
        if (value instanceof JsonArray array) {
            return array;
        }
        throw new CommandException(wanted + ", found " + value);
    }
}
