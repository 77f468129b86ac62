package dev.scuttlebutt.cli.command;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.Scuttlebucket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** {@code --type bucket}. */
final class BucketCommands extends TypeCommands<Scuttlebucket> {
    BucketCommands() {
        super("bucket", List.of());
    }

    /** What is declared, and what it is declared in. */
    private record Target(Scuttlebucket bucket, List<PartScopes.Named> parts, EventSink out) {
        @Nullable
        Json declare(Arguments arguments) throws CommandException {
            return declare(arguments.text(0), Types.named(arguments.text(1)));
        }

        private <R extends Replica> @Nullable Json declare(String name, TypeCommands<R> type) {
            // Before it is in its place: what has waited for it is told, too.
            R part = bucket.add(name, options -> {
                R made = type.create(options);
                PartScopes.watch(name, made, type, out);
                return made;
            });
            parts.add(new PartScopes.Named(name, type.scope(part, PartScopes.named(name, out))));
            return null;
        }
    }

    private static final List<Verb<Target>> VERBS = List.of(
            Verb.<Target>of("part", "NAME TYPE", "declare a part; then NAME: COMMAND…", Target::declare)
                    .completing((target, index) -> index == 1 ? Types.names() : List.of()),
            Verb.of(
                    "pending",
                    "",
                    "updates for parts that are not declared",
                    (target, arguments) -> Json.of(target.bucket().pending())));

    @Override
    public Scuttlebucket create(ReplicaOptions options) {
        return new Scuttlebucket(options);
    }

    @Override
    public Scope scope(Scuttlebucket bucket, EventSink out) {
        List<PartScopes.Named> parts = new CopyOnWriteArrayList<>();
        return Scope.of(Scope.of(VERBS, new Target(bucket, parts, out)), new PartScopes(() -> parts));
    }

    @Override
    public void show(ReplicaEvent event, EventSink out) {
        PartScopes.showWaiting(event, out);
    }
}
