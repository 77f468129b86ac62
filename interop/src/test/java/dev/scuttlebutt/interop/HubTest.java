package dev.scuttlebutt.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.hub.DocumentTypes;
import dev.scuttlebutt.hub.Hub;
import dev.scuttlebutt.hub.HubOptions;
import dev.scuttlebutt.netty.WebSocketClient;
import dev.scuttlebutt.store.MemoryStorage;
import dev.scuttlebutt.store.Store;
import dev.scuttlebutt.types.Model;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The originals as clients of a hub, over WebSocket and TCP, beside Java. */
final class HubTest {
    @ParameterizedTest
    @ValueSource(strings = {"scuttlebutt", "scuttlebutt-5.5"})
    void originalsOverWebSocketAndTcp_shareADocumentWithJava(String version) throws Exception {
        Model java = new Model("java");
        try (Store store = Store.open(new MemoryStorage(), DocumentTypes.schema());
                Hub hub = Hub.start(
                        store, HubOptions.defaults().http("127.0.0.1", 0).tcp("127.0.0.1", 0, "model/shared"));
                NodePeer first = NodePeer.start(version, "model", "first");
                NodePeer second = NodePeer.start(version, "model", "second")) {
            String address = "ws://127.0.0.1:" + hub.address().getPort() + "/replicate/model/shared";
            java.set("fromJava", Map.of("text", "é€😀\u2028", "n", 1e21));
            first.set("fromFirst", "x".repeat(100_000));
            try (WebSocketClient link = WebSocketClient.connect(java, URI.create(address))) {
                first.websocket(address);
                second.connect(hub.tcpAddresses().keySet().iterator().next().getPort(), Map.of());
                second.set("fromSecond", "over TCP");
                awaitEqual(java, first, second, 3);

                first.cut();
                java.set("meanwhile", 1);
                first.set("away", true);
                awaitEqual(java, second, second, 4);
                first.websocket(address);
                awaitEqual(java, first, second, 5);
                assertThat(link.lastFailure()).isNull();
            }
        }
    }

    private static void awaitEqual(Model java, NodePeer one, NodePeer other, int keys) {
        Meeting.patiently().untilAsserted(() -> {
            assertThat(java.toJson().size()).isEqualTo(keys);
            assertThat(one.json()).isEqualTo(java.toJson());
            assertThat(other.json()).isEqualTo(java.toJson());
        });
    }
}
