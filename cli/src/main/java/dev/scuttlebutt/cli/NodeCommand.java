package dev.scuttlebutt.cli;

import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SessionOptions;
import dev.scuttlebutt.cli.command.CommandException;
import dev.scuttlebutt.cli.command.TypeCommands;
import dev.scuttlebutt.cli.command.Types;
import dev.scuttlebutt.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code scuttlebutt node}: one replica, driven from a terminal or a script. */
@Command(
        name = "node",
        header = "One replica, driven by commands: one per line of input, or at a prompt.",
        customSynopsis = "scuttlebutt node --type=TYPE [OPTION]...   Addresses and --trust repeat.",
        sortOptions = false,
        footer = {"Example:", "  printf 'sync\\njson\\n' | scuttlebutt node --type model --connect 127.0.0.1:7000"})
final class NodeCommand implements Callable<Integer> {
    private final Io io;

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Option(
            names = "--type",
            required = true,
            paramLabel = "TYPE",
            completionCandidates = TypeNames.class,
            description = "Data type: ${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init") // required
    private String type;

    @Option(names = "--id", paramLabel = "ID", description = "Id of this replica; otherwise a new random one.")
    private @Nullable String id;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Accept connections here; port 0 picks a free one.")
    private List<String> listen = new ArrayList<>();

    @Option(
            names = "--connect",
            paramLabel = "HOST:PORT",
            description = "Connect to this peer, again whenever that fails.")
    private List<String> connect = new ArrayList<>();

    @Mixin
    private BoundOptions bounds = new BoundOptions();

    @ArgGroup
    private Direction direction = new Direction();

    @Mixin
    private FileOptions kept = new FileOptions();

    @Mixin
    private KeyOptions keys = new KeyOptions();

    @Option(names = "--meta", paramLabel = "JSON", description = "Tell this to the peers' applications.")
    private @Nullable String meta;

    @Option(names = "--events", description = "Print what happens, as it happens.")
    private boolean events;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    /** At most one of them. */
    static final class Direction {
        @Option(names = "--read-only", description = "Peers can read and not write.")
        private boolean readOnly;

        @Option(names = "--write-only", description = "Peers can write and not read.")
        private boolean writeOnly;
    }

    /** For help and completion. */
    static final class TypeNames extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        TypeNames() {
            super(Types.names());
        }
    }

    NodeCommand(Io io) {
        this.io = io;
    }

    @Override
    public Integer call() throws IOException, CommandException {
        TypeCommands<?> named = OptionValue.of(spec, "--type", () -> Types.named(type));
        TypeCommands<?> commands = OptionValue.of(spec, () -> bounds.applyTo(named));
        List<HostPort> listeners = addresses("--listen", listen);
        List<HostPort> peers = addresses("--connect", connect);
        ReplicaOptions replica = OptionValue.of(spec, "--id", this::replicaOptions);
        SessionOptions session = OptionValue.of(spec, "--meta", this::sessionOptions);
        OptionValue.check(spec, "--connect", () -> checkPeers(peers));
        OptionValue.check(spec, "--durability", kept::check);
        OptionValue.check(spec, this::checkKeys);
        Path file = kept.file();
        NodeJournal.Place place = file == null ? null : new NodeJournal.Place(file, kept.durability());
        replica = keys.applyTo(replica, io);
        new NodeRun(io, events, place, listeners, peers).run(commands, replica, session);
        return 0;
    }

    private void checkKeys() {
        keys.check();
        if (id != null && keys.giveId()) {
            throw new IllegalArgumentException("--id: the id of a replica that signs is made from its public key");
        }
    }

    private ReplicaOptions replicaOptions() {
        if (id == null) {
            return ReplicaOptions.defaults();
        }
        if (id.isEmpty()) {
            throw new IllegalArgumentException("an id has at least one character");
        }
        return ReplicaOptions.defaults().id(id);
    }

    private SessionOptions sessionOptions() {
        SessionOptions session = direction.readOnly
                ? SessionOptions.sendOnly()
                : direction.writeOnly ? SessionOptions.receiveOnly() : SessionOptions.twoWay();
        return meta == null ? session : session.meta(Json.parse(meta));
    }

    private List<HostPort> addresses(String option, List<String> texts) {
        return OptionValue.of(
                spec, option, () -> texts.stream().map(HostPort::parse).toList());
    }

    private static void checkPeers(List<HostPort> peers) {
        Set<HostPort> distinct = new HashSet<>();
        for (HostPort peer : peers) {
            peer.checkIsPeer();
            if (!distinct.add(peer)) {
                throw new IllegalArgumentException(peer + " is given twice");
            }
        }
    }
}
