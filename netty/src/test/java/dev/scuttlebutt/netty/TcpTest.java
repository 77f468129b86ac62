package dev.scuttlebutt.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.Session;
import dev.scuttlebutt.SessionEvent;
import dev.scuttlebutt.SessionOptions;
import dev.scuttlebutt.types.Model;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpTest {
    private static final LinkOptions DEFAULTS = LinkOptions.defaults();

    private final Model here = new Model("here");
    private final Model there = new Model("there");

    @Test
    void twoReplicas_exchangeBothWaysAndGoOn() throws Exception {
        here.set("a", 1);
        there.set("b", "zwei");
        try (TcpServer server = TcpServer.listen(here, "127.0.0.1", 0);
                TcpClient client = TcpClient.connect(there, server.address(), DEFAULTS)) {
            await().until(() -> here.has("b") && there.has("a"));
            here.set("c", 3);
            there.set("d", 4);
            await().until(() -> here.has("d") && there.has("c"));

            Connection connection = server.connections().get(0);
            assertThat(connection.session().state()).isEqualTo(Session.State.LIVE);
            assertThat(connection.bytesIn()).isEqualTo(client.connection().bytesOut());
            assertThat(client.state()).isEqualTo(TcpClient.State.CONNECTED);
            assertThat(client.attempts()).isEqualTo(1);
        }
        assertThat(there.toJson()).isEqualTo(here.toJson());
        assertThat(here.sessions()).isEmpty();
        assertThat(there.sessions()).isEmpty();
    }

    @Test
    void bytesInPieces_cutInsideLinesAndCharacters_meanTheSame() throws Exception {
        String all = "{\"id\":\"x\",\"clock\":{}}\n[[\"k\",\"é€😀\"],1,\"x\"]\n[[\"é\",\"2\"],2,\"x\"]\n\"SYNC\"\n";
        try (TcpServer server = TcpServer.listen(here, "127.0.0.1", 0);
                RawPeer peer = new RawPeer(server.address())) {
            for (byte one : all.getBytes(StandardCharsets.UTF_8)) {
                peer.send(new byte[] {one});
            }
            await().until(() -> here.has("é"));
            assertThat(here.get("k", String.class)).isEqualTo("é€😀");
        }
    }

    @Test
    void withoutTail_clientGetsAndGivesAllThenBothClose() throws Exception {
        fill(here, 5_000);
        there.set("own", true);
        LinkOptions once = DEFAULTS.session(SessionOptions.twoWay().tail(false));
        try (TcpServer server = TcpServer.listen(here, "127.0.0.1", 0);
                TcpClient client = TcpClient.connect(there, server.address(), once)) {
            client.closed().get(60, TimeUnit.SECONDS);
            assertThat(client.state()).isEqualTo(TcpClient.State.CLOSED);
            assertThat(client.lastFailure()).isNull();
            assertThat(client.attempts()).isEqualTo(1);
            await().until(() -> server.connections().isEmpty());
        }
        assertThat(there.toJson()).isEqualTo(here.toJson());
    }

    @Test
    void withoutTail_serverGivesAndGetsAllThenBothClose() throws Exception {
        fill(there, 5_000);
        here.set("own", true);
        LinkOptions once = DEFAULTS.session(SessionOptions.twoWay().tail(false));
        CompletableFuture<Connection> ended = new CompletableFuture<>();
        LinkListener listener = new LinkListener() {
            @Override
            public void closed(Connection connection) {
                ended.complete(connection);
            }
        };
        try (TcpServer server = TcpServer.listen(here, "127.0.0.1", 0, once.listener(listener));
                TcpClient client = TcpClient.connect(there, server.address(), DEFAULTS.reconnect(false))) {
            client.closed().get(60, TimeUnit.SECONDS);
            assertThat(client.lastFailure()).isNull();
            assertThat(ended.get(60, TimeUnit.SECONDS).failure()).isNull();
        }
        assertThat(there.toJson()).isEqualTo(here.toJson());
    }

    @Test
    void halfClosedPeer_getsAllBeforeTheServerCloses() throws Exception {
        fill(here, 20_000);
        try (TcpServer server = TcpServer.listen(here, "127.0.0.1", 0);
                RawPeer peer = new RawPeer(server.address())) {
            peer.greet("x").send("[[\"late\",1],1,\"x\"]").endOutput();
            int updates = 0;
            String last = "";
            for (String line = peer.line(); line != null; line = peer.line()) {
                updates += line.startsWith("[") ? 1 : 0;
                last = line;
            }
            assertThat(updates).isEqualTo(20_000);
            assertThat(last).isEqualTo("\"SYNC\"");
            assertThat(here.has("late")).isTrue();
            await().until(() -> here.sessions().isEmpty());
        }
    }

    @Test
    void sendOnlyServer_givesAndDoesNotTake() throws Exception {
        here.set("a", 1);
        there.set("b", 2);
        LinkOptions sends = DEFAULTS.session(SessionOptions.sendOnly());
        try (TcpServer server = TcpServer.listen(here, "127.0.0.1", 0, sends);
                TcpClient client = TcpClient.connect(there, server.address(), DEFAULTS)) {
            await().until(() -> there.has("a"));
            here.set("c", 3);
            await().until(() -> there.has("c"));
        }
        assertThat(here.has("b")).isFalse();
    }

    @Test
    void sendOnlyToReceiveOnly_flowsOneWay() throws Exception {
        here.set("a", 1);
        there.set("b", 2);
        LinkOptions receives = DEFAULTS.session(SessionOptions.receiveOnly());
        LinkOptions sends = DEFAULTS.session(SessionOptions.sendOnly());
        try (TcpServer server = TcpServer.listen(here, "127.0.0.1", 0, receives);
                TcpClient client = TcpClient.connect(there, server.address(), sends)) {
            await().until(() -> here.has("b"));
            await().until(() -> client.connection().session().state() == Session.State.LIVE);
        }
        assertThat(there.has("a")).isFalse();
    }

    @Test
    void gracefulClose_deliversAHundredThousandUpdatesFirst() throws Exception {
        fill(here, 100_000);
        LinkOptions patient = DEFAULTS.closeTimeout(Duration.ofMinutes(2));
        CountDownLatch talking = new CountDownLatch(1);
        there.on(SessionEvent.HandshakeReceived.class, event -> talking.countDown());
        try (TcpClient client = clientOf(patient, talking)) {
            client.closed().get(60, TimeUnit.SECONDS);
            assertThat(there.history()).hasSize(100_000);
            assertThat(client.lastFailure()).isNull();
        }
    }

    /** Connects, waits for the server's first word, and shuts the server down. */
    private TcpClient clientOf(LinkOptions options, CountDownLatch talking) throws Exception {
        try (TcpServer server = TcpServer.listen(here, "127.0.0.1", 0, options)) {
            TcpClient client = TcpClient.connect(there, server.address(), options.reconnect(false));
            assertThat(talking.await(60, TimeUnit.SECONDS)).isTrue();
            await().until(() -> server.connections().size() == 1
                    && server.connections().get(0).session().state() != Session.State.GREETING);
            return client;
        }
    }

    @Test
    void close_whenThePeerNeverEnds_isBounded() throws Exception {
        LinkOptions hasty = DEFAULTS.closeTimeout(Duration.ofMillis(100));
        TcpServer server = TcpServer.listen(here, "127.0.0.1", 0, hasty);
        try (RawPeer peer = new RawPeer(server.address())) {
            peer.greet("x");
            assertThat(peer.lineStartingWith("\"SYNC\"")).isNotNull();
            Connection connection = server.connections().get(0);
            server.close();
            assertThat(server.connections()).isEmpty();
            assertThat(connection.failure()).isNull();
            assertThat(peer.line()).isNull();
        }
    }

    @Test
    void serverThatRestarts_isFoundAgain() throws Exception {
        LinkOptions quick = DEFAULTS.backOff(Duration.ofMillis(5), Duration.ofMillis(50));
        TcpServer first = TcpServer.listen(here, "127.0.0.1", 0);
        int port = first.address().getPort();
        try (TcpClient client = TcpClient.connect(there, "127.0.0.1", port, quick)) {
            await().until(() -> client.state() == TcpClient.State.CONNECTED);
            first.close();
            long before = client.attempts();
            await().until(() -> client.attempts() > before + 2 && client.lastFailure() instanceof IOException);
            there.set("meanwhile", 1);
            here.set("too", 2);
            try (TcpServer second = TcpServer.listen(here, "127.0.0.1", port)) {
                await().until(() -> here.has("meanwhile") && there.has("too"));
                assertThat(client.lastFailure()).isNull();
            }
        }
        assertThat(there.sessions()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost"})
    void singleShot_whereNobodyListens_closesWithTheReason(String host) throws Exception {
        int port;
        try (TcpServer server = TcpServer.listen(here, "127.0.0.1", 0)) {
            port = server.address().getPort();
        }
        try (TcpClient client = TcpClient.connect(there, host, port, DEFAULTS.reconnect(false))) {
            client.closed().get(60, TimeUnit.SECONDS);
            assertThat(client.lastFailure()).isInstanceOf(IOException.class);
            assertThat(client.connection()).isNull();
        }
        assertThat(there.sessions()).isEmpty();
    }

    @Test
    void hostThatDoesNotExist_isTriedAgain() throws Exception {
        LinkOptions quick = DEFAULTS.backOff(Duration.ofMillis(1), Duration.ofMillis(2));
        try (TcpClient client = TcpClient.connect(there, "no.such.host.invalid", 1, quick)) {
            await().until(() -> client.attempts() > 1 && client.lastFailure() != null);
            assertThat(client.lastFailure()).hasMessageContaining("no.such.host.invalid");
        }
    }

    @Test
    void clientStates_areToldInOrder() throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        CountDownLatch listening = new CountDownLatch(1);
        loops.execute(() -> assertThatNoException().isThrownBy(listening::await));
        List<TcpClient.State> seen = new CopyOnWriteArrayList<>();
        TcpServer server = TcpServer.listen(here, "127.0.0.1", 0);
        LinkOptions once = DEFAULTS.eventLoops(loops).backOff(Duration.ofHours(1), Duration.ofHours(1));
        TcpClient client = TcpClient.connect(there, server.address(), once);
        client.onChange(() -> seen.add(client.state()));
        listening.countDown();
        await().until(() -> client.state() == TcpClient.State.CONNECTED);
        server.close();
        await().until(() -> client.state() == TcpClient.State.WAITING);
        client.close();
        assertThat(seen).containsExactly(TcpClient.State.CONNECTED, TcpClient.State.WAITING, TcpClient.State.CLOSED);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    @Test
    void disposedReplica_takesItsLinksAlong() throws Exception {
        here.set("a", 1);
        TcpServer server = TcpServer.listen(here, "127.0.0.1", 0);
        TcpClient client = TcpClient.connect(there, server.address(), DEFAULTS);
        await().until(() -> there.has("a"));
        there.dispose();
        client.closed().get(60, TimeUnit.SECONDS);
        here.dispose();
        await().until(() -> !server.isOpen());
        server.shutdown().get(60, TimeUnit.SECONDS);
    }

    @Test
    void addressInUse_isNamed() throws Exception {
        try (TcpServer server = TcpServer.listen(here, "127.0.0.1", 0)) {
            assertThatThrownBy(() -> TcpServer.listen(
                            there, "127.0.0.1", server.address().getPort()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot listen on")
                    .hasMessageContaining(Integer.toString(server.address().getPort()));
        }
    }

    @Test
    void closeFromAListenerOnTheEventLoop_doesNotBlock() throws Exception {
        CompletableFuture<TcpServer> known = new CompletableFuture<>();
        LinkListener closing = new LinkListener() {
            @Override
            public void opened(Connection connection) {
                known.join().close();
            }
        };
        TcpServer server = TcpServer.listen(here, "127.0.0.1", 0, DEFAULTS.listener(closing));
        known.complete(server);
        try (TcpClient client = TcpClient.connect(there, server.address(), DEFAULTS.reconnect(false))) {
            client.closed().get(60, TimeUnit.SECONDS);
        }
        server.shutdown().get(60, TimeUnit.SECONDS);
    }

    @Test
    void listenersThatThrow_disturbNobody() throws Exception {
        LinkListener bad = new LinkListener() {
            @Override
            public void opened(Connection connection) {
                throw new IllegalStateException("opened");
            }

            @Override
            public void closed(Connection connection) {
                throw new AssertionError("closed");
            }
        };
        List<LogRecord> logged = new CopyOnWriteArrayList<>();
        Handler log = new Handler() {
            @Override
            public void publish(LogRecord message) {
                logged.add(message);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.scuttlebutt.netty");
        logger.setUseParentHandlers(false);
        logger.addHandler(log);
        here.set("a", 1);
        try (TcpServer server = TcpServer.listen(here, "127.0.0.1", 0, DEFAULTS.listener(bad));
                TcpClient client = TcpClient.connect(there, server.address(), DEFAULTS.listener(bad))) {
            await().until(() -> there.has("a"));
        } finally {
            logger.removeHandler(log);
            logger.setUseParentHandlers(true);
        }
        assertThat(here.sessions()).isEmpty();
        assertThat(logged)
                .extracting(message -> message.getThrown().getMessage())
                .containsExactlyInAnyOrder("opened", "opened", "closed", "closed");
    }

    @Test
    void linksCutUnderLoad_convergeInTheEnd() throws Exception {
        LinkOptions quick = DEFAULTS.backOff(Duration.ofMillis(1), Duration.ofMillis(20));
        List<Model> models = Stream.of("1", "2", "3", "4").map(Model::new).toList();
        List<TcpClient> clients = new ArrayList<>();
        try (TcpServer server = TcpServer.listen(here, "127.0.0.1", 0, quick)) {
            models.forEach(model -> clients.add(TcpClient.connect(model, server.address(), quick)));
            List<Thread> writers = models.stream()
                    .map(model -> new Thread(() -> {
                        for (int i = 0; i < 5_000; i++) {
                            model.set("key" + i % 500, model.id() + i);
                        }
                    }))
                    .toList();
            writers.forEach(Thread::start);
            Random random = new Random(1);
            for (int i = 0; i < 60; i++) {
                await().until(() -> !server.connections().isEmpty());
                List<Connection> open = server.connections();
                open.get(random.nextInt(open.size())).close();
            }
            for (Thread writer : writers) {
                writer.join();
            }
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(models)
                            .allSatisfy(model -> assertThat(model.toJson()).isEqualTo(here.toJson())));
        } finally {
            clients.forEach(TcpClient::close);
        }
        assertThat(here.sessions()).isEmpty();
    }

    @Test
    void ownEventLoops_areUsedAndLeftRunning() throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        LinkListener listener = new LinkListener() {
            @Override
            public void opened(Connection connection) {
                thread.complete(Thread.currentThread());
            }
        };
        LinkOptions own = DEFAULTS.eventLoops(loops).listener(listener);
        here.set("a", 1);
        try (TcpServer server = TcpServer.listen(here, "127.0.0.1", 0, own);
                TcpClient client = TcpClient.connect(there, server.address(), own)) {
            await().until(() -> there.has("a"));
            assertThat(client.connection()).isNotNull();
        }
        assertThat(loops.isShuttingDown()).isFalse();
        assertThat(loops.iterator().next().inEventLoop(thread.join())).isTrue();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    @Test
    void eventLoopsShutDownFirst_endTheLinks() throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        TcpServer server = TcpServer.listen(here, "127.0.0.1", 0);
        TcpClient client = TcpClient.connect(there, server.address(), DEFAULTS.eventLoops(loops));
        await().until(() -> client.state() == TcpClient.State.CONNECTED);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        there.set("a", 1);
        client.close();
        assertThat(client.state()).isEqualTo(TcpClient.State.CLOSED);
        assertThat(there.sessions()).isEmpty();
        server.close();
    }

    @Test
    void closedLinks_leaveNoThreads() throws Exception {
        try (TcpServer server = TcpServer.listen(here, "127.0.0.1", 0);
                TcpClient client = TcpClient.connect(there, server.address(), DEFAULTS)) {
            await().until(() -> client.state() == TcpClient.State.CONNECTED);
            assertThat(linkThreads()).isPositive();
        }
        await().until(() -> linkThreads() == 0);
    }

    private static long linkThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("scuttlebutt-"))
                .count();
    }

    private static void fill(Model model, int count) {
        for (int i = 0; i < count; i++) {
            model.set("key" + i, i);
        }
    }
}
