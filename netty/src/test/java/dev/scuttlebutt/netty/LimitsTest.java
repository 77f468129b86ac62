package dev.scuttlebutt.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.types.Model;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {
    private final Model model = new Model("model");
    private final Map<SocketAddress, Throwable> failures = new ConcurrentHashMap<>();
    private final LinkOptions options = LinkOptions.defaults().listener(new LinkListener() {
        @Override
        public void failed(SocketAddress remote, Throwable cause) {
            failures.put(remote, cause);
        }
    });

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void connectionTooMany_isClosedAndPlacesAreGivenBack(boolean perAddress) throws Exception {
        LinkOptions two = perAddress ? options.maxConnectionsPerAddress(2) : options.maxConnections(2);
        try (TcpServer server = TcpServer.listen(model, "127.0.0.1", 0, two);
                RawPeer first = new RawPeer(server.address()).greet("1")) {
            try (RawPeer second = new RawPeer(server.address()).greet("2")) {
                assertThat(first.lineStartingWith("\"SYNC\"")).isNotNull();
                assertThat(second.lineStartingWith("\"SYNC\"")).isNotNull();
                try (RawPeer third = new RawPeer(server.address())) {
                    third.readToEnd();
                    assertThat(server.refused()).isEqualTo(1);
                    await().until(() -> failures.containsKey(third.address()));
                    assertThat(failures.get(third.address())).hasMessageContaining("2 connections");
                }
            }
            await().until(() -> server.connections().size() == 1);
            try (RawPeer fourth = new RawPeer(server.address()).greet("4")) {
                assertThat(fourth.lineStartingWith("\"SYNC\"")).isNotNull();
            }
            assertThat(server.accepted()).isEqualTo(3);
        }
    }

    @Test
    void peerThatSendsTooMuch_isReadMoreSlowlyAndLosesNothing() throws Exception {
        Model fast = new Model("fast");
        for (int i = 0; i < 3_000; i++) {
            fast.set("key" + i, i);
        }
        LinkOptions limited = options.maxLinesPerSecond(2_000);
        try (TcpServer server = TcpServer.listen(model, "127.0.0.1", 0, limited);
                TcpClient client = TcpClient.connect(fast, server.address(), LinkOptions.defaults())) {
            await().until(() -> model.history().size() == 3_000);
            assertThat(server.connections().get(0).pauses()).isPositive();
            assertThat(client.attempts()).isEqualTo(1);
        }
    }
}
