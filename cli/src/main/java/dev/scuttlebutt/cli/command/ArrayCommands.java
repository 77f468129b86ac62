package dev.scuttlebutt.cli.command;

import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.RArray;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code --type array}. */
final class ArrayCommands extends TypeCommands<RArray> {
    ArrayCommands() {
        super(
                "array",
                List.of(
                        Verb.of("push", "VALUE", "add at the end", ArrayCommands::push),
                        Verb.of("unshift", "VALUE", "add at the beginning", ArrayCommands::unshift),
                        Verb.of("pop", "", "take out the last value", (array, none) -> array.pop()),
                        Verb.of("shift", "", "take out the first value", (array, none) -> array.shift()),
                        Verb.of(
                                "splice",
                                "INDEX COUNT VALUE…",
                                "replace COUNT values at INDEX, by more or fewer",
                                ArrayCommands::splice),
                        Verb.of("get", "INDEX", "value at an index", ArrayCommands::get),
                        Verb.of("length", "", "number of values", (array, none) -> Json.of(array.size())),
                        Verb.of("keys", "", "position keys, in order", (array, none) -> Json.of(array.keys()))));
    }

    @Override
    public RArray create(ReplicaOptions options) {
        return new RArray(options);
    }

    @Override
    public void show(ReplicaEvent event, EventSink out) {
        showChange(event, out);
    }

    static void showChange(ReplicaEvent event, EventSink out) {
        if (event instanceof RArray.Changed changed) {
            out.show("update", changed.written());
        } else if (event instanceof RArray.Superseded superseded) {
            out.show("_remove", superseded.update().toJson());
        }
    }

    private static @Nullable Json push(RArray array, Arguments arguments) throws CommandException {
        array.push(arguments.value(0));
        return null;
    }

    private static @Nullable Json unshift(RArray array, Arguments arguments) throws CommandException {
        array.unshift(arguments.value(0));
        return null;
    }

    private static @Nullable Json splice(RArray array, Arguments arguments) throws CommandException {
        int index = arguments.integer(0);
        int count = arguments.integer(1);
        Object[] values = arguments.values(2).toArray();
        try {
            array.splice(index, count, values);
        } catch (IndexOutOfBoundsException noSuchPlace) {
            throw new CommandException(
                    "INDEX is to be from 0 to the number of values, " + array.size() + ", found " + index);
        }
        return null;
    }

    private static @Nullable Json get(RArray array, Arguments arguments) throws CommandException {
        int index = arguments.integer(0);
        try {
            return array.get(index);
        } catch (IndexOutOfBoundsException noSuchPlace) {
            return null;
        }
    }
}
