package dev.scuttlebutt.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.cli.Main;
import dev.scuttlebutt.netty.LinkOptions;
import dev.scuttlebutt.netty.WebSocketClient;
import dev.scuttlebutt.testkit.Gen;
import dev.scuttlebutt.testkit.Workload;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A hub in a process of its own that is killed and started again, with Java replicas and originals around it: some behind
 * proxies that cut connections, some that read nothing, some that send garbage.
 */
final class Mesh implements AutoCloseable {
    private static final int REPLICAS_OF_A_DOCUMENT = 3;
    private static final int CUT_AFTER_BYTES = 60_000;
    private static final LinkOptions LINKS =
            LinkOptions.defaults().backOff(Duration.ofMillis(20), Duration.ofMillis(200));

    /** The replicas of one document outside the hub. */
    private final class Document<R extends Replica> {
        final String name;
        final Workload<R> workload;
        final List<R> replicas = new ArrayList<>();
        final List<WebSocketClient> links = new ArrayList<>();

        Document(String name, Workload<R> workload) {
            this.name = name;
            this.workload = workload;
            for (int i = 0; i < REPLICAS_OF_A_DOCUMENT; i++) {
                R replica = workload.create(ReplicaOptions.defaults().id("java" + i + "-" + name));
                replicas.add(replica);
                int through = i == 0 ? port : proxy.port();
                links.add(WebSocketClient.connect(replica, address(through, name), LINKS, Map.of()));
            }
        }

        void change() {
            try {
                if (!workload.step(dice, dice.pick(replicas)).isEmpty()) {
                    changes++;
                }
            } catch (IndexOutOfBoundsException somebodyWasFaster) {
                // A step counts the items and then picks one; a peer may have taken it out in between.
                overtaken++;
            }
        }

        void checkEqual() {
            R first = replicas.get(0);
            for (int i = 1; i < replicas.size(); i++) {
                R other = replicas.get(i);
                assertThat(without(Meeting.history(first), Meeting.history(other)))
                        .as("what %s lacks; %s", other.id(), links(i))
                        .isEmpty();
                assertThat(without(Meeting.history(other), Meeting.history(first)))
                        .as("what only %s has; %s", other.id(), links(i))
                        .isEmpty();
                assertThat(other.toJson()).as("state of %s", other.id()).isEqualTo(first.toJson());
            }
        }

        private String links(int number) {
            return Stream.of(0, number)
                    .map(i -> links.get(i) + " after " + links.get(i).attempts() + " attempts, last failure "
                            + links.get(i).lastFailure() + ", sessions "
                            + replicas.get(i).sessions().stream()
                                    .map(Session::stats)
                                    .toList())
                    .toList()
                    .toString();
        }
    }

    /**
     * A model that originals share with Java. Each writes keys of its own, because they decide ties differently. The older
     * original is not among them: it loses what it writes between connecting and the handshake of its peer.
     */
    private final class Original {
        final NodePeer node;
        final int number;
        final String name;

        Original(int number, String name) throws Exception {
            this.number = number;
            this.name = name;
            this.node = NodePeer.start("scuttlebutt", "model", "node" + number);
        }

        void change() throws Exception {
            node.set(
                    "node" + number + "-" + dice.below(50),
                    RandomOperationsTest.VALUES[dice.below(RandomOperationsTest.VALUES.length)]);
            changes++;
        }

        /** Says whether it could. */
        boolean reconnect(int through) throws Exception {
            node.cut();
            try {
                node.websocket(address(through, name).toString());
                return true;
            } catch (IllegalStateException noHub) {
                return false;
            }
        }
    }

    private final Gen dice;
    private final Path data;
    private final int port;
    private final CuttingProxy proxy;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Document<?>> documents = new ArrayList<>();
    private final List<Original> originals = new ArrayList<>();
    private final List<WebSocket> stalled = new ArrayList<>();
    private Process hub;
    private long changes;
    private long overtaken;
    private int kills;
    private int hostile;

    Mesh(Path data, long seed) throws Exception {
        this.dice = Gen.seeded(seed);
        this.data = data;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        proxy = new CuttingProxy(port, seed, CUT_AFTER_BYTES);
        hub = start();
    }

    <R extends Replica> void document(String name, Workload<R> workload) {
        documents.add(new Document<>(name, workload));
    }

    /** Adds originals to a document, which must be a model. */
    void originals(String name, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            Original original = new Original(originals.size(), name);
            originals.add(original);
            original.reconnect(port);
        }
    }

    /** Changes everything, and breaks something now and then, for so long. */
    void run(Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            for (Document<?> document : documents) {
                for (int i = dice.below(6); i > 0; i--) {
                    document.change();
                }
            }
            for (Original original : originals) {
                original.change();
            }
            disturb();
        }
    }

    private void disturb() throws Exception {
        if (dice.oneIn(20) && !originals.isEmpty()) {
            dice.pick(originals).reconnect(dice.percent(50) ? port : proxy.port());
        }
        if (dice.oneIn(10)) {
            sendGarbage();
        }
        if (dice.oneIn(40)) {
            stall();
        }
        if (dice.oneIn(100)) {
            hub.destroyForcibly().waitFor();
            hub = start();
            kills++;
        }
    }

    private void sendGarbage() {
        hostile++;
        String name = dice.pick(documents).name;
        List<String> garbage = List.of(
                "{\"id\":\"x\",\"clock\":{}}\n[[\"__proto__\",1],1e400,\"x\"]\n[",
                "[".repeat(5_000),
                "{\"id\":5}\n",
                "\"SYNC\"\n[[],1,\"y\"]\n",
                "{\"id\":\"x\",\"clock\":{}}\n[{\"push\":1},5,\"x\"]\n[null,6,\"x\"]\n[[\"a\"],7,\"x\"]\nnonsense\n");
        try {
            if (dice.percent(50)) {
                http.newWebSocketBuilder()
                        .buildAsync(address(port, name), new WebSocket.Listener() {})
                        .join()
                        .sendText(dice.pick(garbage), true)
                        .join();
            } else {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    OutputStream out = socket.getOutputStream();
                    byte[] bytes = new byte[1 + dice.below(2_000)];
                    for (int i = 0; i < bytes.length; i++) {
                        bytes[i] = (byte) dice.bits();
                    }
                    out.write(
                            dice.percent(50)
                                    ? "GET /replicate/ HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII)
                                    : bytes);
                    out.write(bytes);
                }
            }
        } catch (IOException | CompletionException sentAway) {
            // What the hub does with such a peer is its own affair; what counts is everybody else.
        }
    }

    /** Connects somebody who never reads. */
    private void stall() {
        if (stalled.size() > 20) {
            stalled.remove(0).abort();
        }
        try {
            WebSocket.Listener deaf = new WebSocket.Listener() {
                @Override
                public void onOpen(WebSocket socket) {
                    socket.sendText("{\"id\":\"deaf\",\"clock\":{}}\n", true);
                }
            };
            stalled.add(http.newWebSocketBuilder()
                    .buildAsync(address(port, dice.pick(documents).name), deaf)
                    .join());
        } catch (CompletionException noHub) {
            // It comes back later, and so do others who are deaf.
        }
    }

    /** Stops breaking things and waits until all are equal. */
    void heal() {
        proxy.stopCutting();
        stalled.forEach(WebSocket::abort);
        for (Original original : originals) {
            await().atMost(Duration.ofSeconds(30)).until(() -> original.reconnect(port));
        }
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> {
                    for (Document<?> document : documents) {
                        document.checkEqual();
                    }
                    for (Original original : originals) {
                        Document<?> same = documents.stream()
                                .filter(document -> document.name.equals(original.name))
                                .findFirst()
                                .orElseThrow();
                        Replica java = same.replicas.get(0);
                        assertThat(without(Meeting.history(java), original.node.history()))
                                .as("what node%s lacks", original.number)
                                .isEmpty();
                        assertThat(without(original.node.history(), Meeting.history(java)))
                                .as("what only node%s has", original.number)
                                .isEmpty();
                    }
                });
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d documents, %d originals: %,d changes (%d overtaken), %d connections cut, hub killed %d times, %d hostile peers",
                documents.size(),
                originals.size(),
                changes,
                overtaken,
                proxy.cuts(),
                kills,
                hostile);
    }

    private static Set<String> without(Set<String> all, Set<String> others) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(others);
        return rest;
    }

    private Process start() throws IOException {
        Process started = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "hub",
                        "--http",
                        "127.0.0.1:" + port,
                        "--data",
                        data.toString(),
                        "--durability",
                        "none")
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        data.resolveSibling(data.getFileName() + ".log").toFile()))
                .start();
        BufferedReader ready =
                new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
        String line = ready.readLine();
        if (line == null) {
            throw new IOException("the hub did not start, see " + data.resolveSibling(data.getFileName() + ".log"));
        }
        return started;
    }

    private static URI address(int port, String name) {
        return URI.create("ws://127.0.0.1:" + port + "/replicate/" + name);
    }

    @Override
    public void close() throws Exception {
        stalled.forEach(WebSocket::abort);
        for (Document<?> document : documents) {
            document.links.forEach(WebSocketClient::close);
        }
        for (Original original : originals) {
            original.node.close();
        }
        hub.destroy();
        if (!hub.waitFor(10, TimeUnit.SECONDS)) {
            hub.destroyForcibly();
        }
        proxy.close();
    }
}
