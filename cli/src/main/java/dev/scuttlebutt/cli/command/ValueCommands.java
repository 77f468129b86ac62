package dev.scuttlebutt.cli.command;

import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code --type value}. */
final class ValueCommands extends TypeCommands<Value> {
    ValueCommands() {
        super(
                "value",
                List.of(
                        Verb.of("set", "VALUE", "write the value", ValueCommands::set),
                        Verb.of("get", "", "the value, null if there is none", (value, arguments) -> value.toJson())));
    }

    @Override
    public Value create(ReplicaOptions options) {
        return new Value(options);
    }

    @Override
    public void show(ReplicaEvent event, EventSink out) {
        if (event instanceof Value.Changed changed) {
            out.show("change", changed.value());
        } else if (event instanceof Value.Received received) {
            out.show("update", received.update().change());
        } else if (event instanceof Value.Evicted evicted) {
            out.show("_remove", evicted.update().toJson());
        }
    }

    private static @Nullable Json set(Value value, Arguments arguments) throws CommandException {
        value.set(arguments.value(0));
        return null;
    }
}
