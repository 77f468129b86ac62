package dev.scuttlebutt.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Security;
import dev.scuttlebutt.SessionOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.Verdict;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Links of replicas that check what arrives. */
class VerifyingTest {
    private static final LinkOptions DEFAULTS = LinkOptions.defaults();

    private final CountDownLatch release = new CountDownLatch(1);

    /** Vouches for all but waits before it does so for the source "slow". */
    private final class Waiting implements Security {
        private final String id;

        Waiting(String id) {
            this.id = id;
        }

        @Override
        public String createId() {
            return id;
        }

        @Override
        public String sign(byte[] text) {
            return "signed";
        }

        @Override
        public void prepare(Set<String> sources) {
            if (sources.contains("slow")) {
                try {
                    assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public Verdict verify(Update update) {
            return "forged".equals(update.signature()) ? Verdict.invalid("forged") : Verdict.valid();
        }
    }

    private Model model(String id) {
        return new Model(ReplicaOptions.defaults().security(new Waiting(id)));
    }

    @Test
    void twoReplicas_exchangeBothWaysAndGoOn() throws Exception {
        Model here = model("here");
        Model there = model("there");
        here.set("a", 1);
        there.set("b", 2);
        try (TcpServer server = TcpServer.listen(here, "127.0.0.1", 0);
                TcpClient client = TcpClient.connect(there, server.address(), DEFAULTS)) {
            await().until(() -> here.has("b") && there.has("a"));
            here.set("c", 3);
            there.set("d", 4);
            await().until(() -> here.has("d") && there.has("c"));
            assertThat(client.lastFailure()).isNull();
        }
        assertThat(there.history()).isEqualTo(here.history());
        assertThat(here.sessions()).isEmpty();
    }

    @Test
    void withoutTail_allIsExchangedBeforeBothClose() throws Exception {
        Model here = model("here");
        Model there = model("there");
        for (int i = 0; i < 5_000; i++) {
            here.set("k" + i, i);
            there.set("t" + i, i);
        }
        LinkOptions once = DEFAULTS.session(SessionOptions.twoWay().tail(false));
        try (TcpServer server = TcpServer.listen(here, "127.0.0.1", 0);
                TcpClient client = TcpClient.connect(there, server.address(), once)) {
            client.closed().get(60, TimeUnit.SECONDS);
            assertThat(client.lastFailure()).isNull();
            await().until(() -> here.sessions().isEmpty());
        }
        assertThat(there.history()).isEqualTo(here.history()).hasSize(10_000);
    }

    @Test
    void peerThatSaysMuchAndEnds_isHeardOut() throws Exception {
        Events here = new Events(ReplicaOptions.defaults().security(new Waiting("here")));
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 20_000; i++) {
            lines.append("[[\"e\",").append(i).append("],").append(i).append(",\"x\"]\n");
        }
        try (TcpServer server = TcpServer.listen(here, "127.0.0.1", 0);
                RawPeer peer = new RawPeer(server.address())) {
            peer.greet("x").send(lines.toString()).endOutput();
            assertThat(peer.lineStartingWith("\"SYNC\"")).isNotNull();
            peer.readToEnd();
            await().until(() -> here.sessions().isEmpty());
            assertThat(here.history()).hasSize(20_000);
        }
    }

    @Test
    void linkThatWaits_holdsBackNoOtherLinkOfItsEventLoop_andReadsNoFurther() throws Exception {
        Model here = model("here");
        EventLoopGroup one = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (TcpServer server = TcpServer.listen(here, "127.0.0.1", 0, DEFAULTS.eventLoops(one));
                RawPeer slow = new RawPeer(server.address());
                RawPeer quick = new RawPeer(server.address())) {
            slow.greet("slow").send("[[\"s\",0],1,\"slow\"]\n");
            String filler = "[[\"s\",\"" + "x".repeat(1000) + "\"],%d,\"slow\"]\n";
            CompletableFuture<Void> sending = CompletableFuture.runAsync(
                    () -> {
                        for (int i = 2; i < 60_000; i++) {
                            send(slow, filler.formatted(i));
                        }
                    },
                    work -> new Thread(work).start());
            quick.greet("quick").send("[[\"q\",1],1,\"quick\"]\n");
            await().until(() -> here.has("q"));

            assertThat(here.has("s")).isFalse();
            Connection waiting = server.connections().stream()
                    .filter(each -> each.bytesIn() > 100)
                    .findFirst()
                    .orElseThrow();
            // 60 MB want to come in; what the system holds in between is not ours.
            await().during(Duration.ofMillis(200)).until(() -> waiting.bytesIn() < 4 << 20);

            release.countDown();
            sending.get(60, TimeUnit.SECONDS);
            await().atMost(Duration.ofSeconds(60)).until(() -> here.clock().latest("slow") == 59_999);
        } finally {
            one.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static void send(RawPeer peer, String line) {
        try {
            peer.send(line);
        } catch (java.io.IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    @Test
    void peerWithForgeries_isHeardOut_thoughItHasToWait() throws Exception {
        Model here = model("here");
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 20_000; i++) {
            lines.append("[[\"k\",").append(i).append("],").append(i).append(",\"x\",\"forged\"]\n");
        }
        lines.append("[[\"k\",\"genuine\"],1,\"x\"]\n");
        try (TcpServer server = TcpServer.listen(here, "127.0.0.1", 0);
                RawPeer peer = new RawPeer(server.address())) {
            peer.greet("x").send(lines.toString()).endOutput();
            peer.readToEnd();
            await().until(() -> here.sessions().isEmpty());
            assertThat(here.get("k")).hasToString("\"genuine\"");
            assertThat(here.history()).hasSize(1);
        }
    }

    @Test
    void nonsense_closesItsConnectionAlone_withTheReason() throws Exception {
        Model here = model("here");
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        LinkListener listener = new LinkListener() {
            @Override
            public void closed(Connection connection) {
                failure.complete(connection.failure());
            }
        };
        try (TcpServer server = TcpServer.listen(here, "127.0.0.1", 0, DEFAULTS.listener(listener));
                RawPeer good = new RawPeer(server.address());
                RawPeer bad = new RawPeer(server.address())) {
            bad.greet("bad").send("[[\"k\",1],1,\"bad\"]\nnonsense\n[[\"k\",2],2,\"bad\"]\n");
            bad.readToEnd();
            assertThat(failure.get(60, TimeUnit.SECONDS)).isInstanceOf(ProtocolException.class);
            assertThat(here.get("k")).hasToString("1");
            good.greet("good").send("[[\"g\",1],1,\"good\"]\n");
            await().until(() -> here.has("g"));
        }
    }

    @Test
    void executorThatIsShutDown_endsTheLink_withTheReason() throws Exception {
        Model here = model("here");
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        LinkListener listener = new LinkListener() {
            @Override
            public void closed(Connection connection) {
                failure.complete(connection.failure());
            }
        };
        LinkOptions options = DEFAULTS.listener(listener).intakes(work -> {
            throw new RejectedExecutionException("shut down");
        });
        try (TcpServer server = TcpServer.listen(here, "127.0.0.1", 0, options);
                RawPeer peer = new RawPeer(server.address())) {
            peer.greet("x");
            peer.readToEnd();
            assertThat(failure.get(60, TimeUnit.SECONDS)).hasMessage("shut down");
        }
    }
}
