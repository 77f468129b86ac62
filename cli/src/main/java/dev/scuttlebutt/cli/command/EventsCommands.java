package dev.scuttlebutt.cli.command;

import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.Events;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code --type events}. */
final class EventsCommands extends TypeCommands<Events> {
    EventsCommands() {
        super("events", List.of(Verb.of("emit", "NAME DATA…", "emit an event", EventsCommands::emit)));
    }

    @Override
    public Events create(ReplicaOptions options) {
        return new Events(options);
    }

    /** What applications emit is shown under one name, for the names they choose may be those of other events. */
    @Override
    public void show(ReplicaEvent event, EventSink out) {
        if (event instanceof Events.Emitted emitted) {
            List<Object> nameAndArguments = new ArrayList<>();
            nameAndArguments.add(emitted.name());
            nameAndArguments.addAll(emitted.arguments());
            out.show("emit", Json.of(nameAndArguments));
        }
    }

    private static @Nullable Json emit(Events events, Arguments arguments) throws CommandException {
        events.emit(arguments.text(0), arguments.values(1).toArray());
        return null;
    }
}
