package dev.scuttlebutt.cli;

import dev.scuttlebutt.cli.command.Arguments;
import dev.scuttlebutt.cli.command.CommandException;
import dev.scuttlebutt.cli.command.Scope;
import dev.scuttlebutt.cli.command.Verb;
import dev.scuttlebutt.json.Json;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commands about connections and about the program itself. */
final class NodeCommands {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final List<Verb<Node>> VERBS = List.of(
            Verb.of("sync", "[SECONDS]", "wait until all connections are up to date", NodeCommands::sync),
            Verb.of(
                    "peers",
                    "",
                    "the connections",
                    (node, arguments) -> node.connections().peers()),
            Verb.of("connect", "HOST:PORT", "connect, and again when it is lost", NodeCommands::connect),
            Verb.<Node>of("disconnect", "HOST:PORT", "end a connection", NodeCommands::disconnect)
                    .completing((node, index) -> node.connections().addresses()),
            Verb.of("quit", "", "send what is due, close, end", NodeCommands::quit));

    private NodeCommands() {}

    static Scope scope(Node node) {
        return Scope.of(VERBS, node);
    }

    private static Json sync(Node node, Arguments arguments) throws CommandException {
        node.connections().sync(node.waiting(), arguments.seconds(0, PATIENCE));
        return Json.TRUE;
    }

    private static @Nullable Json connect(Node node, Arguments arguments) throws CommandException {
        node.connections().connect(HostPort.parse(arguments.word(0)));
        return null;
    }

    private static @Nullable Json disconnect(Node node, Arguments arguments) throws CommandException {
        node.connections().disconnect(HostPort.parse(arguments.word(0)));
        return null;
    }

    private static @Nullable Json quit(Node node, Arguments arguments) {
        node.quit();
        return null;
    }
}
