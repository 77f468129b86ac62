package dev.scuttlebutt.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class SlowPeerTest {
    private static final int KEYS = 1_000;
    private static final int CHANGES = 200_000;
    private static final LinkOptions SMALL_BUFFERS = LinkOptions.defaults().socketBuffers(16 << 10, 16 << 10);

    private final Model model = new Model("model");

    @Test
    void peerThatDoesNotRead_costsOneBufferAndCatchesUpWithTheLatest() throws Exception {
        Model friend = new Model("friend");
        try (TcpServer server = TcpServer.listen(model, "127.0.0.1", 0, SMALL_BUFFERS);
                TcpClient other = TcpClient.connect(friend, server.address(), LinkOptions.defaults());
                RawPeer stalled = new RawPeer(server.address(), 16 << 10)) {
            stalled.greet("stalled");
            assertThat(stalled.lineStartingWith("\"SYNC\"")).isNotNull();
            Connection slow = connectionOf(server, stalled);

            for (int i = 0; i < CHANGES; i++) {
                model.set("key" + i % KEYS, i);
            }
            await().atMost(Duration.ofMinutes(1)).until(() -> friend.toJson().equals(model.toJson()));

            assertThat(slow.bytesPending()).isBetween(1, 1 << 16);
            assertThat(slow.session().stats().behind()).isLessThanOrEqualTo(KEYS);
            assertThat(model.history()).hasSize(KEYS);

            Map<String, Integer> seen = new HashMap<>();
            int lines = 0;
            while (seen.size() < KEYS || seen.values().stream().anyMatch(value -> value < CHANGES - KEYS)) {
                String line = stalled.line();
                String[] parts = line.split("[\\[\",\\]]+");
                seen.put(parts[1], Integer.valueOf(parts[2]));
                lines++;
            }
            assertThat(lines).isLessThan(CHANGES / 10);
            assertThat(slow.failure()).isNull();
        }
    }

    @Test
    void stallTimeout_closesThePeerThatDoesNotRead() throws Exception {
        LinkOptions strict = SMALL_BUFFERS.stallTimeout(Duration.ofMillis(200));
        fill(100_000);
        try (TcpServer server = TcpServer.listen(model, "127.0.0.1", 0, strict);
                RawPeer stalled = new RawPeer(server.address(), 16 << 10)) {
            stalled.greet("stalled");
            Connection slow = connectionOf(server, stalled);
            slow.closed().get(60, TimeUnit.SECONDS);
            assertThat(slow.failure()).isInstanceOf(TimeoutException.class).hasMessageContaining("took nothing");
            assertThat(model.sessions()).isEmpty();
        }
    }

    @Test
    void peerThatEndsAndDoesNotRead_isNotWaitedForForEver() throws Exception {
        LinkOptions strict = SMALL_BUFFERS.closeTimeout(Duration.ofMillis(200));
        fill(100_000);
        try (TcpServer server = TcpServer.listen(model, "127.0.0.1", 0, strict);
                RawPeer stalled = new RawPeer(server.address(), 16 << 10)) {
            stalled.greet("stalled").endOutput();
            Connection slow = connectionOf(server, stalled);
            slow.closed().get(60, TimeUnit.SECONDS);
            assertThat(slow.failure()).isInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void sessionClosedWhileThePeerDoesNotRead_isNotWaitedForForEver() throws Exception {
        LinkOptions strict = SMALL_BUFFERS.closeTimeout(Duration.ofMillis(200));
        fill(100_000);
        try (TcpServer server = TcpServer.listen(model, "127.0.0.1", 0, strict);
                RawPeer stalled = new RawPeer(server.address(), 16 << 10)) {
            stalled.greet("stalled");
            Connection slow = connectionOf(server, stalled);
            await().until(() -> slow.bytesPending() > 0 && slow.bytesOut() > 0);
            slow.session().close();
            slow.closed().get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void serverShutDownWhileAPeerDoesNotRead_cutsItAndSaysSo() throws Exception {
        LinkOptions strict = SMALL_BUFFERS.closeTimeout(Duration.ofMillis(200));
        fill(100_000);
        TcpServer server = TcpServer.listen(model, "127.0.0.1", 0, strict);
        try (RawPeer stalled = new RawPeer(server.address(), 16 << 10)) {
            stalled.greet("stalled");
            Connection slow = connectionOf(server, stalled);
            await().until(() -> slow.bytesPending() > 0);
            server.close();
            assertThat(slow.failure()).isInstanceOf(TimeoutException.class).hasMessageContaining("did not take");
        }
    }

    @Test
    void cut_endsAtOnce() throws Exception {
        fill(100_000);
        try (TcpServer server = TcpServer.listen(model, "127.0.0.1", 0, SMALL_BUFFERS);
                RawPeer stalled = new RawPeer(server.address(), 16 << 10)) {
            stalled.greet("stalled");
            Connection slow = connectionOf(server, stalled);
            slow.close();
            slow.closed().get(60, TimeUnit.SECONDS);
            assertThat(server.connections()).isEmpty();
        }
    }

    private void fill(int count) {
        for (int i = 0; i < count; i++) {
            model.set("key" + i, i);
        }
    }

    private static Connection connectionOf(TcpServer server, RawPeer peer) throws IOException {
        await().until(() -> server.connections().stream()
                .anyMatch(one -> one.remoteAddress().equals(peer.address())));
        return server.connections().stream()
                .filter(one -> one.remoteAddress().equals(peer.address()))
                .findFirst()
                .orElseThrow();
    }
}
