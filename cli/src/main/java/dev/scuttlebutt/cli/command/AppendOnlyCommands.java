package dev.scuttlebutt.cli.command;

import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.AppendOnly;
import java.util.List;

/** {@code --type append-only}. */
final class AppendOnlyCommands extends TypeCommands<AppendOnly> {
    AppendOnlyCommands() {
        super(
                "append-only",
                List.of(
                        Verb.of("push", "ITEM", "add an object or array, result: its id", AppendOnlyCommands::push),
                        Verb.<AppendOnly>of("remove", "ID", "remove an item everywhere", AppendOnlyCommands::remove)
                                .completing((feed, index) -> index == 0 ? ids(feed) : List.of()),
                        Verb.of("ids", "", "ids of all items, in order", (feed, arguments) -> Json.of(ids(feed)))));
    }

    @Override
    public AppendOnly create(ReplicaOptions options) {
        return new AppendOnly(options);
    }

    @Override
    public void show(ReplicaEvent event, EventSink out) {
        if (event instanceof AppendOnly.Added added) {
            out.show("item", added.item().value());
        } else if (event instanceof AppendOnly.Removed removed) {
            out.show(
                    "_remove",
                    Json.array(removed.item().push().toJson(), removed.by().toJson()));
            out.show("remove", removed.item().value());
        }
    }

    private static Json push(AppendOnly feed, Arguments arguments) throws CommandException {
        return Json.of(feed.push(arguments.value(0)));
    }

    private static Json remove(AppendOnly feed, Arguments arguments) throws CommandException {
        return Json.of(feed.remove(arguments.text(0)));
    }

    private static List<String> ids(AppendOnly feed) {
        return feed.items().stream().map(AppendOnly.Item::id).toList();
    }
}
