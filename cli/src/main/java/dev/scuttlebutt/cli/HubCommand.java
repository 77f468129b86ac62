package dev.scuttlebutt.cli;

import dev.scuttlebutt.hub.DocumentTypes;
import dev.scuttlebutt.hub.Hub;
import dev.scuttlebutt.hub.HubOptions;
import dev.scuttlebutt.hub.Neighbour;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.netty.Tls;
import dev.scuttlebutt.store.MemoryStorage;
import dev.scuttlebutt.store.Schema;
import dev.scuttlebutt.store.Storage;
import dev.scuttlebutt.store.Store;
import dev.scuttlebutt.store.StoreOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code scuttlebutt hub}: many documents for many peers. */
@Command(
        name = "hub",
        header = "Many documents for many peers, with a web page.",
        description = "Documents are made on first use, at ws://HOST:PORT/replicate/NAME. Prints one line of JSON when "
                + "it is ready, and stays until Ctrl-C.",
        customSynopsis = "scuttlebutt hub [OPTION]...   --tcp, --schema, --origin, --peer repeat.",
        sortOptions = false,
        footer = {"", "Example:", "  scuttlebutt hub --http 0.0.0.0:7080 --tokens tokens.json"})
final class HubCommand implements Callable<Integer> {
    private static final String FOLDER = "scuttlebutt-data";

    private final Io io;

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Option(names = "--http", paramLabel = "HOST:PORT", description = "HTTP and WebSocket; default 127.0.0.1:7080.")
    private String http = "127.0.0.1:7080";

    @Option(names = "--tcp", paramLabel = "HOST:PORT=DOC", description = "A bare TCP port for one document.")
    private List<String> tcp = new ArrayList<>();

    @Option(names = "--data", paramLabel = "DIR", description = "Where documents are kept; default " + FOLDER + ".")
    private @Nullable Path data;

    @Option(names = "--memory", description = "Keep documents in memory only.")
    private boolean memory;

    @Option(
            names = "--schema",
            paramLabel = "PATTERN=TYPE",
            description = "Type of documents; * at the end stands for any.")
    private List<String> schema = new ArrayList<>();

    @Option(
            names = "--durability",
            paramLabel = "WHEN",
            description = "Force the disk: none, interval (default), update.")
    private DurabilityLevel durability = DurabilityLevel.interval;

    @Option(names = "--tokens", paramLabel = "FILE", description = "Who may read, write and administrate what.")
    private @Nullable Path tokens;

    @Option(names = "--tls-cert", paramLabel = "FILE", description = "Certificates, PEM.")
    private @Nullable Path tlsCert;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "Private key, PEM.")
    private @Nullable Path tlsKey;

    @Option(names = "--origin", paramLabel = "URL", description = "Let pages of this origin in; * for all.")
    private List<String> origins = new ArrayList<>();

    @Option(names = "--peer", paramLabel = "URL", description = "Another hub to share all documents with.")
    private List<URI> peers = new ArrayList<>();

    @Option(names = "--peers", paramLabel = "FILE", description = "Hubs to share with, with tokens and prefixes.")
    private @Nullable Path peersFile;

    @Option(names = "--max-connections", paramLabel = "N", description = "At a time; default 10000.")
    private int maxConnections = 10_000;

    @Option(names = "--max-per-address", paramLabel = "N", description = "Of one IP address; default no limit.")
    private int maxPerAddress;

    @Option(names = "--max-message", paramLabel = "BYTES", description = "Longest update; default 1048576.")
    private int maxMessage = 1 << 20;

    @Option(names = "--max-document", paramLabel = "BYTES", description = "Largest document; default 67108864.")
    private long maxDocument = 64L << 20;

    @Option(names = "--max-lines", paramLabel = "N", description = "Of a peer per second; default 20000.")
    private long maxLines = 20_000;

    @Option(names = "--idle", paramLabel = "SECONDS", description = "Close silent connections; default never.")
    private long idleSeconds;

    @Option(names = "--log", paramLabel = "LEVEL", description = "none, error, warn, info (default) or debug.")
    private String log = "info";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    HubCommand(Io io) {
        this.io = io;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Schema types = OptionValue.of(spec, "--schema", () -> DocumentTypes.schema(SchemaRules.parse(schema)));
        if (memory && data != null) {
            throw new ParameterException(
                    spec.commandLine(), "--memory: keeps nothing, and --data names where to keep it; give one of them");
        }
        HubOptions options = options();
        OptionValue.check(spec, "--log", () -> Logging.ofHub(log));
        StoreOptions storing = StoreOptions.defaults().durability(durability.durability());
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        io.ending().finishWith(() -> {
            stop.countDown();
            awaitQuietly(stopped);
        });
        try (Storage storage = storage();
                Store store = Store.open(storage, types, storing);
                Hub hub = Hub.start(store, options)) {
            PrintWriter out = new PrintWriter(io.out(), true, StandardCharsets.UTF_8);
            out.println(Json.object("ready", ready(hub)));
            stop.await();
        } finally {
            stopped.countDown();
            io.ending().finishWith(null);
        }
        return 0;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    private Storage storage() throws IOException {
        return memory ? new MemoryStorage() : DataFolder.open(folder());
    }

    private Path folder() {
        return data == null ? Path.of(FOLDER) : data;
    }

    private JsonObject ready(Hub hub) {
        JsonObject.Builder tcpPorts = JsonObject.builder();
        hub.tcpAddresses()
                .forEach(
                        (address, document) -> tcpPorts.put(HostPort.of(address).toString(), Json.of(document)));
        return JsonObject.builder()
                .put("http", Json.of(HostPort.of(hub.address()).toString()))
                .put("page", Json.of(page(hub.address(), tlsCert != null)))
                .put("tcp", tcpPorts.build())
                .put("data", Json.of(memory ? null : folder().toString()))
                .build();
    }

    /** Returns where a browser finds the page. */
    static String page(InetSocketAddress address, boolean secure) {
        HostPort listening = HostPort.of(address);
        String host = address.getAddress().isAnyLocalAddress() ? "localhost" : listening.host();
        return (secure ? "https://" : "http://") + new HostPort(host, listening.port()) + "/";
    }

    private HubOptions options() throws IOException {
        HostPort address = OptionValue.of(spec, "--http", () -> HostPort.parse(http));
        HubOptions options = HubOptions.defaults()
                .http(address.host(), address.port())
                .maxConnections((int) atLeast(1, "--max-connections", maxConnections))
                .maxConnectionsPerAddress((int) atLeast(0, "--max-per-address", maxPerAddress))
                .maxDocumentBytes(atLeast(1, "--max-document", maxDocument))
                .maxLinesPerSecond(atLeast(1, "--max-lines", maxLines))
                .idleTimeout(Duration.ofSeconds(atLeast(0, "--idle", idleSeconds)));
        options = withMessage(options);
        for (String port : tcp) {
            HubOptions before = options;
            options = OptionValue.of(spec, "--tcp", () -> withPort(before, port));
        }
        for (String origin : origins) {
            HubOptions before = options;
            options = OptionValue.of(spec, "--origin", () -> before.origin(origin));
        }
        for (URI peer : peers) {
            options = options.neighbour(OptionValue.of(spec, "--peer", () -> Neighbour.at(peer)));
        }
        if (peersFile != null) {
            for (Neighbour neighbour : Neighbour.read(secret("--peers", peersFile))) {
                options = options.neighbour(neighbour);
            }
        }
        if (tokens != null) {
            options = options.tokens(secret("--tokens", tokens));
        }
        if ((tlsCert == null) != (tlsKey == null)) {
            throw new ParameterException(spec.commandLine(), "--tls-cert and --tls-key go together");
        }
        return tlsCert == null || tlsKey == null
                ? options
                : options.tls(
                        Tls.server(InputFile.readable("--tls-cert", tlsCert), secret("--tls-key", tlsKey)),
                        List.of(tlsCert, tlsKey));
    }

    /** Returns a file that nobody else should be able to read. */
    private Path secret(String option, Path file) throws IOException {
        KeyFiles.warnIfOpen(InputFile.readable(option, file), io);
        return file;
    }

    private long atLeast(long least, String option, long value) {
        if (value < least) {
            throw new ParameterException(
                    spec.commandLine(), option + ": expected a number from " + least + " on, found " + value);
        }
        return value;
    }

    private HubOptions withMessage(HubOptions options) {
        return OptionValue.of(spec, "--max-message", () -> options.maxMessageBytes(maxMessage));
    }

    private static HubOptions withPort(HubOptions options, String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("expected HOST:PORT=DOCUMENT, found \"" + text + "\"");
        }
        HostPort address = HostPort.parse(text.substring(0, equals));
        return options.tcp(address.host(), address.port(), text.substring(equals + 1));
    }
}
