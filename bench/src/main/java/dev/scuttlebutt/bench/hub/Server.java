package dev.scuttlebutt.bench.hub;

import dev.scuttlebutt.bench.Conversation;
import dev.scuttlebutt.bench.Originals;
import dev.scuttlebutt.bench.PeerProcess;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.hub.DocumentTypes;
import dev.scuttlebutt.hub.Hub;
import dev.scuttlebutt.hub.HubOptions;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.store.MemoryStorage;
import dev.scuttlebutt.store.Store;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A server in a process of its own, on which load is put. */
final class Server implements AutoCloseable {
    /** Held, because a logger that nobody holds forgets its level. */
    private static final Logger LOG_OF_HUB = Logger.getLogger("dev.scuttlebutt.hub");

    private static final String RELAY = "relay";

    private final PeerProcess process;
    private final Dialect dialect;
    private final int port;

    private Server(PeerProcess process, Dialect dialect) throws IOException {
        this.process = process;
        this.dialect = dialect;
        Json hello = process.hear();
        Json said = hello == null ? null : hello.asObject().get("port");
        if (said == null) {
            process.close();
            throw new IOException("the server did not start");
        }
        this.port = (int) said.asDouble();
    }

    /** Starts our hub. */
    static Server ours(Scenario scenario, Work work) throws IOException {
        return new Server(PeerProcess.start(scenario, work.with(RELAY, 0)), Dialect.SCUTTLEBUTT);
    }

    /** Starts a relay. */
    static Server relay(Scenario scenario, Work work) throws IOException {
        return new Server(PeerProcess.start(scenario, work.with(RELAY, 1)), Dialect.SCUTTLEBUTT);
    }

    /** Starts a script of the resources. */
    static Server script(String script, Dialect dialect) throws IOException {
        return new Server(Originals.find(null).serve(script, "server.js"), dialect);
    }

    /** Is our hub, or a relay, in the process that was started, until its input ends. */
    static void be(Work work, Conversation measuring) throws IOException {
        if (work.count(RELAY) == 1) {
            Relay.be(measuring);
            return;
        }
        LOG_OF_HUB.setLevel(Level.WARNING);
        // Limits are for strangers; the other servers have none.
        HubOptions options = HubOptions.defaults()
                .http("127.0.0.1", 0)
                .maxConnections(0)
                .maxLinesPerSecond(0)
                .maxBytesPerSecond(0);
        try (Store store = Store.open(new MemoryStorage(), DocumentTypes.schema());
                Hub hub = Hub.start(store, options)) {
            measuring.say(Json.object("port", hub.address().getPort()));
            while (measuring.hear() != null) {
                measuring.say(Json.of(heldBytes()));
            }
        }
    }

    private static double heldBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory() + PlatformDependent.usedDirectMemory();
    }

    Dialect dialect() {
        return dialect;
    }

    int port() {
        return port;
    }

    /** Returns the processor time it has used. */
    long cpuNanos() {
        return process.cpuNanos();
    }

    /** Returns how many bytes it holds: objects that are in use, and buffers outside of the heap. */
    double memory() throws IOException {
        return process.ask(Json.object("memory", true)).asDouble();
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
