package dev.scuttlebutt.cli.command;

import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.Model;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code --type model}. */
final class ModelCommands extends TypeCommands<Model> {
    private static final Verb.Completion<Model> KEYS = (model, index) -> index == 0 ? model.keys() : List.of();

    ModelCommands() {
        super(
                "model",
                List.of(
                        Verb.<Model>of("set", "KEY VALUE", "write a key", ModelCommands::set)
                                .completing(KEYS),
                        Verb.<Model>of("delete", "KEY", "delete a key", ModelCommands::delete)
                                .completing(KEYS),
                        Verb.<Model>of("get", "KEY", "value of a key, null if it has none", ModelCommands::get)
                                .completing(KEYS),
                        Verb.of("keys", "", "all keys ever written", (model, arguments) -> Json.of(model.keys()))));
    }

    @Override
    public Model create(ReplicaOptions options) {
        return new Model(options);
    }

    @Override
    public void show(ReplicaEvent event, EventSink out) {
        if (event instanceof Model.Superseded superseded) {
            out.show("_remove", superseded.update().toJson());
        } else if (event instanceof Model.Changed changed) {
            out.show("update", changed.update().toJson());
            out.show("change", Json.array(changed.key(), changed.value()));
        }
    }

    private static @Nullable Json set(Model model, Arguments arguments) throws CommandException {
        model.set(arguments.text(0), arguments.value(1));
        return null;
    }

    private static @Nullable Json delete(Model model, Arguments arguments) throws CommandException {
        model.delete(arguments.text(0));
        return null;
    }

    private static Json get(Model model, Arguments arguments) throws CommandException {
        return Json.of(model.get(arguments.text(0)));
    }
}
