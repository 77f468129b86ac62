package dev.scuttlebutt.cli.command;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.Scuttlebucket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The commands of parts: {@code NAME: COMMAND…}. */
final class PartScopes implements Scope {
    /** A part and its commands. */
    record Named(String part, Scope commands) {}

    /** Shows what happens in a part: {@code NAME: EVENT}. What every type tells, the whole tells too. */
    static <R extends Replica> void watch(String name, R part, TypeCommands<R> type, EventSink out) {
        EventSink named = named(name, out);
        part.on(ReplicaEvent.class, event -> type.show(event, named));
    }

    /** Shows what happens to updates of parts that are not there; other events are left alone. */
    static void showWaiting(ReplicaEvent event, EventSink out) {
        if (event instanceof Scuttlebucket.Missing missing) {
            out.show("missing", Json.of(missing.name()));
        } else if (event instanceof Scuttlebucket.Dropped dropped) {
            out.show("dropped", dropped.update().toJson());
        }
    }

    /** Returns where events of the parts of a part go. */
    static EventSink named(String name, EventSink out) {
        return (event, data) -> out.show(name + ": " + event, data);
    }

    private final Supplier<List<Named>> parts;

    /** Looks for parts each time, since there may be more. */
    PartScopes(Supplier<List<Named>> parts) {
        this.parts = parts;
    }

    private Map<String, Scope> byCall() {
        Map<String, Scope> all = new LinkedHashMap<>();
        parts.get().forEach(part -> all.put(part.part() + ":", part.commands()));
        return all;
    }

    @Override
    public boolean knows(String command) {
        return byCall().containsKey(command);
    }

    @Override
    public @Nullable Json run(Words words) throws CommandException {
        Scope part = byCall().get(words.get(0));
        if (part == null) {
            throw Nearest.unknownCommand(words.get(0), names());
        }
        if (words.size() < 2) {
            throw new CommandException(
                    words.get(0) + " is to be followed by one of " + String.join(", ", part.names()));
        }
        Words rest = words.rest();
        if (!part.knows(rest.get(0))) {
            throw Nearest.unknownCommand(rest.get(0), part.names());
        }
        return part.run(rest);
    }

    @Override
    public List<String> names() {
        return List.copyOf(byCall().keySet());
    }

    @Override
    public List<Help> help() {
        return byCall().entrySet().stream()
                .flatMap(part -> part.getValue().help().stream()
                        .map(line -> new Help(part.getKey() + " " + line.call(), line.meaning())))
                .toList();
    }

    @Override
    public List<String> complete(Words before) {
        Scope part = byCall().get(before.get(0));
        if (part == null) {
            return List.of();
        }
        if (before.size() == 1) {
            return part.names();
        }
        Words rest = before.rest();
        return part.knows(rest.get(0)) ? part.complete(rest) : List.of();
    }
}
