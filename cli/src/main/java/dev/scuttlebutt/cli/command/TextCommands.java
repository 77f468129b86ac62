package dev.scuttlebutt.cli.command;

import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.RArray;
import dev.scuttlebutt.types.ReplicatedText;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code --type edit} and {@code --type string}. */
final class TextCommands<R extends RArray & ReplicatedText> extends TypeCommands<R> {
    private final Function<ReplicaOptions, R> type;

    TextCommands(String name, Function<ReplicaOptions, R> type) {
        super(
                name,
                List.of(
                        Verb.of("text", "[STRING]", "the text; with STRING, make it so", TextCommands::text),
                        Verb.of("insert", "INDEX STRING", "insert into the text", TextCommands::insert),
                        Verb.of("delete", "INDEX COUNT", "delete from the text", TextCommands::delete),
                        Verb.of("length", "", "length of the text", (text, none) -> Json.of(text.length()))));
        this.type = type;
    }

    @Override
    public R create(ReplicaOptions options) {
        return type.apply(options);
    }

    @Override
    public void show(ReplicaEvent event, EventSink out) {
        ArrayCommands.showChange(event, out);
    }

    private static @Nullable Json text(ReplicatedText text, Arguments arguments) throws CommandException {
        if (!arguments.has(0)) {
            return Json.of(text.text());
        }
        text.text(arguments.text(0));
        return null;
    }

    private static @Nullable Json insert(ReplicatedText text, Arguments arguments) throws CommandException {
        int index = arguments.integer(0);
        String inserted = arguments.text(1);
        try {
            text.insert(index, inserted);
        } catch (IndexOutOfBoundsException noSuchPlace) {
            throw noSuchPlace(text, index);
        }
        return null;
    }

    private static @Nullable Json delete(ReplicatedText text, Arguments arguments) throws CommandException {
        int index = arguments.integer(0);
        int count = arguments.integer(1);
        try {
            text.delete(index, count);
        } catch (IndexOutOfBoundsException noSuchPlace) {
            throw noSuchPlace(text, index);
        }
        return null;
    }

    private static CommandException noSuchPlace(ReplicatedText text, int index) {
        return new CommandException("INDEX is to be from 0 to the length, " + text.length() + ", found " + index);
    }
}
