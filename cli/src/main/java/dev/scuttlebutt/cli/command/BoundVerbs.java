package dev.scuttlebutt.cli.command;

import dev.scuttlebutt.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A table of commands and their target. */
final class BoundVerbs<T> implements Scope {
    private final Map<String, Verb<T>> verbs = new LinkedHashMap<>();
    private final T target;

    BoundVerbs(List<Verb<T>> verbs, T target) {
        verbs.forEach(verb -> this.verbs.put(verb.name(), verb));
        this.target = target;
    }

    @Override
    public boolean knows(String command) {
        return verbs.containsKey(command);
    }

    @Override
    public @Nullable Json run(Words words) throws CommandException {
        Verb<T> verb = verbs.get(words.get(0));
        if (verb == null) {
            throw Nearest.unknownCommand(words.get(0), names());
        }
        try {
            return verb.run(target, words.rest());
        } catch (IllegalArgumentException refused) {
            throw new CommandException(refused.getMessage() == null ? refused.toString() : refused.getMessage());
        }
    }

    @Override
    public List<String> names() {
        return List.copyOf(verbs.keySet());
    }

    @Override
    public List<Help> help() {
        return verbs.values().stream()
                .map(verb -> new Help((verb.name() + " " + verb.usage()).strip(), verb.help()))
                .toList();
    }

    @Override
    public List<String> complete(Words before) {
        @Nullable Verb<T> verb = verbs.get(before.get(0));
        return verb == null ? List.of() : verb.completion().words(target, before.size() - 1);
    }
}
