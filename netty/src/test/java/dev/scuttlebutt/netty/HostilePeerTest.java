package dev.scuttlebutt.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.SessionEvent;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.wire.Limits;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostilePeerTest {
    private final Model model = new Model("model");
    private final Model friend = new Model("friend");
    private final CompletableFuture<Connection> ended = new CompletableFuture<>();
    private TcpServer server;
    private TcpClient other;

    @BeforeEach
    void linkAGoodPeer() throws Exception {
        LinkListener listener = new LinkListener() {
            @Override
            public void closed(Connection connection) {
                ended.complete(connection);
            }
        };
        model.set("a", 1);
        server = TcpServer.listen(model, "127.0.0.1", 0, LinkOptions.defaults().listener(listener));
        other = TcpClient.connect(friend, server.address(), LinkOptions.defaults());
        await().until(() -> friend.has("a"));
    }

    @AfterEach
    void theGoodPeerIsStillServed() {
        model.set("z", 26);
        await().until(() -> friend.has("z"));
        assertThat(other.attempts()).isEqualTo(1);
        other.close();
        server.close();
    }

    static Stream<Arguments> breaches() {
        return Stream.of(
                Arguments.of("garbage", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "expected one JSON text per line"),
                Arguments.of("blank line", "\n", "expected one JSON text per line"),
                Arguments.of("two values", "{\"id\":\"x\",\"clock\":{}} 1\n", "line 1"),
                Arguments.of("nesting", "[".repeat(100_000) + "\n", "line 1"),
                Arguments.of(
                        "nested change",
                        "[[\"k\"," + "[".repeat(100_000) + "]".repeat(100_000) + "],1,\"x\"]\n",
                        "line 1"),
                Arguments.of("no clock", "{\"id\":\"x\"}\n", "clock"),
                Arguments.of("clock is a list", "{\"id\":\"x\",\"clock\":[1]}\n", "clock"),
                Arguments.of("NUL", "\0\n", "line 1"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("breaches")
    void breach_closesThatConnectionWithTheReason(String name, String bytes, String reason) throws Exception {
        Clock before = model.clock();
        try (RawPeer peer = new RawPeer(server.address())) {
            peer.send(bytes);
            peer.readToEnd();
        }
        Connection connection = ended.get(60, TimeUnit.SECONDS);
        assertThat(connection.failure()).isInstanceOf(ProtocolException.class).hasMessageContaining(reason);
        assertThat(model.clock()).isEqualTo(before);
        assertThat(model.sessions()).hasSize(1);
    }

    @Test
    void breach_isToldToTheReplicaToo() throws Exception {
        CompletableFuture<SessionEvent.Closed> closed = new CompletableFuture<>();
        model.on(SessionEvent.Closed.class, closed::complete);
        try (RawPeer peer = new RawPeer(server.address())) {
            peer.greet("x").send("[[\"k\",1],5,\"x\"]\nrubbish\n[[\"later\",1],6,\"x\"]\n");
            peer.readToEnd();
        }
        assertThat(closed.get(60, TimeUnit.SECONDS).cause())
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("line 3");
        assertThat(model.has("k")).as("what came before counts").isTrue();
        assertThat(model.has("later")).as("what came behind does not").isFalse();
    }

    @Test
    void sixtyFourMegabytesWithoutLineEnd_areNotKept() throws Exception {
        byte[] chunk = new byte[1 << 20];
        Arrays.fill(chunk, (byte) 'x');
        try (RawPeer peer = new RawPeer(server.address())) {
            for (int i = 0; i < 64; i++) {
                peer.send(chunk);
            }
        } catch (SocketException cutOff) {
            assertThat(cutOff).isNotNull();
        }
        Connection connection = ended.get(60, TimeUnit.SECONDS);
        assertThat(connection.failure())
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("at most " + Limits.defaults().maxLineBytes() + " bytes");
        assertThat(connection.bytesIn()).isLessThan(18 << 20);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e400",
                "[[\"k\",1],1e400,\"x\"]",
                "[[\"k\",1],-1e400,\"x\"]",
                "[[\"k\",1],7,\"__proto__\"]",
                "[[\"__proto__\",1],7,\"x\"]",
                "{\"id\":\"x\",\"clock\":{\"a\":1e400,\"__proto__\":3,\"constructor\":4}}",
                "{\"id\":\"__proto__\",\"clock\":{}}",
                "[1,2]",
                "[]",
                "\"sync\"",
                "null",
                "true"
            })
    void oddLine_changesNothingAndTheConnectionGoesOn(String line) throws Exception {
        Clock before = model.clock();
        try (RawPeer peer = new RawPeer(server.address())) {
            peer.greet("constructor").send(line + "\n").send("[[\"good\",1],8,\"constructor\"]\n\"SYNC\"\n");
            await().until(() -> model.has("good"));
            assertThat(model.clock().latest("constructor")).isEqualTo(8);
            assertThat(model.clock().toMap()).hasSize(before.toMap().size() + 1);
            assertThat(model.keys()).containsExactlyInAnyOrder("a", "good");
            assertThat(ended).isNotDone();
        }
    }

    @Test
    void reset_deregistersTheSession() throws Exception {
        try (RawPeer peer = new RawPeer(server.address())) {
            peer.greet("x");
            await().until(() -> model.sessions().size() == 2);
            peer.reset();
        }
        Connection connection = ended.get(60, TimeUnit.SECONDS);
        assertThat(connection.failure()).isInstanceOf(IOException.class);
        assertThat(model.sessions()).hasSize(1);
    }

    @Test
    void endInsideALine_thatMakesNoSense_isAnError() throws Exception {
        try (RawPeer peer = new RawPeer(server.address())) {
            peer.greet("x").send("[[\"k\",").endOutput();
            peer.readToEnd();
        }
        assertThat(ended.get(60, TimeUnit.SECONDS).failure()).isInstanceOf(ProtocolException.class);
        assertThat(model.has("k")).isFalse();
    }

    @Test
    void malformedUtf8_isReadAsTheOriginalReadsIt() throws Exception {
        try (RawPeer peer = new RawPeer(server.address())) {
            byte[] line = "[[\"k\",\"?\"],9,\"x\"]\n".getBytes(StandardCharsets.US_ASCII);
            line[7] = (byte) 0xff;
            peer.greet("x").send(line);
            await().until(() -> model.has("k"));
            assertThat(model.get("k", String.class)).isEqualTo("\ufffd");
        }
    }
}
