package dev.scuttlebutt.hub;

import dev.scuttlebutt.journal.Durability;
import dev.scuttlebutt.store.SqliteStorage;
import dev.scuttlebutt.store.Store;
import dev.scuttlebutt.store.StoreOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A hub in a process of its own, which can be killed. */
final class HubProcess implements AutoCloseable {
    private final Process process;
    private final int port;

    private HubProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts one and waits until it is ready.
     *
     * @param port 0 for a free one
     * @param neighbours addresses
     */
    static HubProcess start(int port, Path data, Path tokens, String... neighbours) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                HubProcess.class.getName(),
                Integer.toString(port),
                data.toString(),
                tokens.toString()));
        command.addAll(List.of(neighbours));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader out = process.inputReader();
        String ready = out.readLine();
        if (ready == null) {
            process.destroyForcibly();
            throw new IOException("the hub did not start");
        }
        return new HubProcess(process, Integer.parseInt(ready));
    }

    int port() {
        return port;
    }

    URI socketUri(String path) {
        return URI.create("ws://127.0.0.1:" + port + path);
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** As {@code kill -9} does. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }

    /** The process: port, directory, file of tokens, neighbours. Every update is on the disk before it is acknowledged. */
    public static void main(String... args) throws Exception {
        HubOptions options = HubOptions.defaults()
                .http("127.0.0.1", Integer.parseInt(args[0]))
                .tokens(Path.of(args[2]));
        for (int i = 3; i < args.length; i++) {
            options = options.neighbour(Neighbour.at(URI.create(args[i])).token("root"));
        }
        Store store = Store.open(
                SqliteStorage.open(Path.of(args[1])),
                DocumentTypes.schema(),
                StoreOptions.defaults().durability(Durability.everyUpdate()));
        Hub hub = Hub.start(store, options);
        new java.io.PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true)
                .println(hub.address().getPort());
        // Until it is killed, or whoever started it is gone.
        while (System.in.read() >= 0) {
            continue;
        }
        Runtime.getRuntime().halt(0);
    }
}
