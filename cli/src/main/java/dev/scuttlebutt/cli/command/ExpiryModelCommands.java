package dev.scuttlebutt.cli.command;

import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.ExpiryModel;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code --type expiry-model}. */
final class ExpiryModelCommands extends TypeCommands<ExpiryModel> {
    private static final Verb.Completion<ExpiryModel> KEYS = (model, index) -> index == 0 ? model.keys() : List.of();

    private final ExpiryModel.Bounds bounds;

    ExpiryModelCommands() {
        this(ExpiryModel.Bounds.defaults());
    }

    private ExpiryModelCommands(ExpiryModel.Bounds bounds) {
        super(
                "expiry-model",
                List.of(
                        Verb.<ExpiryModel>of(
                                        "set", "KEY VALUE", "write a key; objects are merged", ExpiryModelCommands::set)
                                .completing(KEYS),
                        Verb.<ExpiryModel>of("delete", "KEY", "delete a key", ExpiryModelCommands::delete)
                                .completing(KEYS),
                        Verb.<ExpiryModel>of(
                                        "get", "KEY", "value of a key, null if it has none", ExpiryModelCommands::get)
                                .completing(KEYS),
                        Verb.of("keys", "", "keys, latest used first", (model, arguments) -> Json.of(model.keys()))));
        this.bounds = bounds;
    }

    @Override
    public TypeCommands<ExpiryModel> withMaxKeys(int keys) {
        if (keys < 0) {
            throw new IllegalArgumentException("expected a number of keys, or 0 for any number, found " + keys);
        }
        return new ExpiryModelCommands(bounds.maxKeys(keys));
    }

    @Override
    public TypeCommands<ExpiryModel> withMaxAge(Duration age) {
        if (age.isNegative() || age.isZero()) {
            throw new IllegalArgumentException("expected milliseconds above 0, found " + age.toMillis());
        }
        return new ExpiryModelCommands(bounds.maxAge(age));
    }

    @Override
    public ExpiryModel create(ReplicaOptions options) {
        return new ExpiryModel(options, bounds);
    }

    @Override
    public void show(ReplicaEvent event, EventSink out) {
        if (event instanceof ExpiryModel.Changed changed) {
            out.show(
                    "update",
                    Json.array(
                            changed.key(),
                            changed.value(),
                            changed.update().timestamp(),
                            changed.update().source()));
        } else if (event instanceof ExpiryModel.Expired expired) {
            out.show("expire", Json.of(expired.key()));
        } else if (event instanceof ExpiryModel.Evicted evicted) {
            out.show("evict", Json.of(evicted.key()));
        }
    }

    private static @Nullable Json set(ExpiryModel model, Arguments arguments) throws CommandException {
        model.set(arguments.text(0), arguments.value(1));
        return null;
    }

    private static @Nullable Json delete(ExpiryModel model, Arguments arguments) throws CommandException {
        model.delete(arguments.text(0));
        return null;
    }

    private static Json get(ExpiryModel model, Arguments arguments) throws CommandException {
        return Json.of(model.get(arguments.text(0)));
    }
}
