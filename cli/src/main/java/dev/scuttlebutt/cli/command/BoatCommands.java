package dev.scuttlebutt.cli.command;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.AppendOnly;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.ExpiryModel;
import dev.scuttlebutt.types.GossipObject;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.types.RArray;
import dev.scuttlebutt.types.REdit;
import dev.scuttlebutt.types.RString;
import dev.scuttlebutt.types.Scuttleboat;
import dev.scuttlebutt.types.Value;
import dev.scuttlebutt.types.crdt.Doc;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code --type boat}. */
final class BoatCommands extends TypeCommands<Scuttleboat> {
    private static final List<Kind<?>> KINDS = List.of(
            new Kind<>("Model", Model.class, new ModelCommands()),
            new Kind<>("Events", Events.class, new EventsCommands()),
            new Kind<>("Value", Value.class, new ValueCommands()),
            new Kind<>("AppendOnly", AppendOnly.class, new AppendOnlyCommands()),
            new Kind<>("ExpiryModel", ExpiryModel.class, new ExpiryModelCommands()),
            new Kind<>("GossipObject", GossipObject.class, new ObjectCommands()),
            new Kind<>("RArray", RArray.class, new ArrayCommands()),
            new Kind<>("REdit", REdit.class, new TextCommands<>("edit", REdit::new)),
            new Kind<>("RString", RString.class, new TextCommands<>("string", RString::new)),
            new Kind<>("Doc", Doc.class, new DocCommands()));

    /** A type of document: its name in the manifest, and what can be done with it. */
    private record Kind<R extends Replica>(String name, Class<R> type, TypeCommands<R> commands) {
        Optional<Scope> scope(Replica document) {
            return type.isInstance(document) ? Optional.of(commands.verbs(type.cast(document))) : Optional.empty();
        }

        void watch(String key, Replica document, EventSink out) {
            if (type.isInstance(document)) {
                PartScopes.watch(key, type.cast(document), commands, out);
            }
        }
    }

    BoatCommands() {
        super(
                "boat",
                List.of(
                        Verb.<Scuttleboat>of(
                                        "add", "NAME TYPE [OPTIONS]", "add a document everywhere", BoatCommands::add)
                                .completing((boat, index) -> index == 1 ? names() : List.of()),
                        Verb.of("list", "", "names and types of all documents", BoatCommands::list)));
    }

    private static List<String> names() {
        return KINDS.stream().<String>map(Kind::name).toList();
    }

    @Override
    public Scuttleboat create(ReplicaOptions options) {
        Scuttleboat boat = new Scuttleboat(options);
        KINDS.forEach(kind ->
                boat.register(kind.name(), (inner, settings) -> kind.commands().create(inner)));
        return boat;
    }

    @Override
    public Scope scope(Scuttleboat boat, EventSink out) {
        boat.documents().forEach((key, document) -> watch(key, document, out));
        boat.on(Scuttleboat.Created.class, created -> watch(created.key(), created.document(), out));
        return Scope.of(verbs(boat), new PartScopes(() -> {
            List<PartScopes.Named> all = new ArrayList<>();
            boat.documents()
                    .forEach((key, document) -> KINDS.stream()
                            .map(kind -> kind.scope(document))
                            .flatMap(Optional::stream)
                            .findFirst()
                            .ifPresent(scope -> all.add(new PartScopes.Named(key, scope))));
            return all;
        }));
    }

    private static void watch(String key, Replica document, EventSink out) {
        KINDS.forEach(kind -> kind.watch(key, document, out));
    }

    @Override
    public void show(ReplicaEvent event, EventSink out) {
        if (event instanceof Scuttleboat.Created created) {
            out.show("create", Json.of(created.key()));
        } else if (event instanceof Scuttleboat.Gone gone) {
            out.show("gone", Json.of(gone.key()));
        } else if (event instanceof Scuttleboat.Replaced replaced) {
            out.show("replaced", Json.array(replaced.key(), replaced.type()));
        } else if (event instanceof Scuttleboat.Ignored ignored) {
            out.show("ignored", ignored.row().toJson());
        } else if (event instanceof Scuttleboat.NotCreated not) {
            out.show("unknown", Json.array(not.key(), not.type(), not.reason()));
        } else {
            PartScopes.showWaiting(event, out);
        }
    }

    private static @Nullable Json add(Scuttleboat boat, Arguments arguments) throws CommandException {
        boat.add(arguments.text(0), arguments.text(1), arguments.has(2) ? arguments.value(2) : null);
        return null;
    }

    private static Json list(Scuttleboat boat, Arguments none) {
        JsonObject.Builder list = JsonObject.builder();
        boat.documents()
                .forEach((key, document) ->
                        list.put(key, Json.of(document.getClass().getSimpleName())));
        return list.build();
    }
}
