package dev.scuttlebutt.cli;

import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SessionOptions;
import dev.scuttlebutt.cli.command.CommandException;
import dev.scuttlebutt.cli.command.EventSink;
import dev.scuttlebutt.cli.command.TypeCommands;
import dev.scuttlebutt.json.Json;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A run of {@code scuttlebutt node} from its first connection to its end. */
final class NodeRun {
    /** Of a peer that has data of another type, or unknown keys, many may come. */
    private static final Set<String> DROPPED = Set.of("invalid", "unverified_data", "refused");

    /** Shown at a prompt even when nobody asked for events. */
    private static final Set<String> NOTICES = Set.of("sync", "error", "invalid", "unverified_data", "refused");

    private final Io io;
    private final boolean events;
    private final NodeJournal.@Nullable Place place;
    private final List<HostPort> listeners;
    private final List<HostPort> peers;

    NodeRun(Io io, boolean events, NodeJournal.@Nullable Place place, List<HostPort> listeners, List<HostPort> peers) {
        this.io = io;
        this.events = events;
        this.place = place;
        this.listeners = listeners;
        this.peers = peers;
    }

    /** A dialogue with the node, which is connected by now. */
    @FunctionalInterface
    private interface Dialogue {
        void run() throws IOException;
    }

    void run(TypeCommands<?> type, ReplicaOptions replica, SessionOptions session)
            throws IOException, CommandException {
        if (io.terminal()) {
            runAtPrompt(type, replica, session);
        } else {
            runScript(type, replica, session);
        }
    }

    private void runScript(TypeCommands<?> type, ReplicaOptions replica, SessionOptions session)
            throws IOException, CommandException {
        JsonOutput out = new JsonOutput(io.out(), io.ending()::endProcess);
        EventSink all = (name, data) -> out.write(Json.object("event", name, "data", data));
        Node node = create(type, replica, session, events ? all : new Errors(io));
        run(
                node,
                address -> out.write(Json.object("listening", address.toString())),
                new Script(node, io, out)::run,
                () -> {});
    }

    /** Tells whoever runs a script what went wrong with a peer; the output is for the answers. */
    private static final class Errors implements EventSink {
        private final Io io;
        private final Set<String> told = new HashSet<>();
        private boolean met;
        private @Nullable Json latest;

        Errors(Io io) {
            this.io = io;
        }

        @Override
        public synchronized void show(String name, Json data) {
            // What "apply" does is answered to whoever gave the command.
            met |= name.equals("header");
            // Attempts to connect fail the same way many times over.
            if (name.equals("error") && !data.equals(latest)) {
                latest = data;
                io.err().println("scuttlebutt node: " + data.asString());
            } else if (met && DROPPED.contains(name) && told.add(name)) {
                io.err()
                        .println(
                                "scuttlebutt node: an update was dropped, as " + name + ": "
                                        + Failure.shorten(Style.harmless(data.toString()))
                                        + "; does the peer have another type, or keys that are not trusted? --events shows all such");
            }
        }
    }

    private void runAtPrompt(TypeCommands<?> type, ReplicaOptions replica, SessionOptions session)
            throws IOException, CommandException {
        try (Prompt prompt = Prompt.onTerminal(io)) {
            EventSink all = prompt.events();
            EventSink notices = (name, data) -> {
                if (NOTICES.contains(name)) {
                    all.show(name, data);
                }
            };
            Node node = create(type, replica, session, events ? all : notices);
            run(node, address -> prompt.say("listening on " + address), () -> prompt.run(node), prompt::close);
        }
    }

    private Node create(TypeCommands<?> type, ReplicaOptions replica, SessionOptions session, @Nullable EventSink sink)
            throws IOException {
        return place == null
                ? Node.create(type, replica, session, sink)
                : Node.create(type, replica, session, place, sink, io.err());
    }

    private void run(Node node, Consumer<HostPort> listening, Dialogue dialogue, Runnable lastly)
            throws IOException, CommandException {
        io.ending().finishWith(() -> {
            close(node);
            try {
                node.closeJournal();
            } catch (IOException notSaved) {
                io.err().println("scuttlebutt node: " + Failure.text(notSaved));
            }
            lastly.run();
        });
        try {
            for (HostPort listener : listeners) {
                listening.accept(node.connections().listen(listener));
            }
            for (HostPort peer : peers) {
                node.connections().connect(peer);
            }
            dialogue.run();
        } finally {
            close(node);
            io.ending().finishWith(null);
            node.closeJournal();
        }
    }

    private void close(Node node) {
        for (String peer : node.close()) {
            io.err().println("scuttlebutt node: may lack updates made here: " + peer);
        }
    }
}
