package dev.scuttlebutt.cli.command;

import dev.scuttlebutt.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several scopes, asked in order. */
final class ScopeChain implements Scope {
    private final List<Scope> scopes;

    ScopeChain(List<Scope> scopes) {
        this.scopes = scopes;
    }

    @Override
    public boolean knows(String command) {
        return scopes.stream().anyMatch(scope -> scope.knows(command));
    }

    @Override
    public @Nullable Json run(Words words) throws CommandException {
        for (Scope scope : scopes) {
            if (scope.knows(words.get(0))) {
                return scope.run(words);
            }
        }
        throw Nearest.unknownCommand(words.get(0), names());
    }

    @Override
    public List<String> names() {
        return scopes.stream()
                .flatMap(scope -> scope.names().stream())
                .distinct()
                .toList();
    }

    @Override
    public List<Help> help() {
        return scopes.stream().flatMap(scope -> scope.help().stream()).toList();
    }

    @Override
    public List<String> complete(Words before) {
        for (Scope scope : scopes) {
            if (scope.knows(before.get(0))) {
                return scope.complete(before);
            }
        }
        return List.of();
    }
}
