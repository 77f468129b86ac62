package dev.scuttlebutt.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.netty.LinkOptions;
import dev.scuttlebutt.netty.TcpServer;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.types.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each type with each version of the originals, whoever listens. */
final class ExchangeTest {

    static Stream<Arguments> meetings() {
        return Stream.of("scuttlebutt", "scuttlebutt-5.5")
                .flatMap(version -> Stream.of(Meeting.values()).map(meeting -> Arguments.of(version, meeting)));
    }

    @ParameterizedTest
    @MethodSource("meetings")
    void model_heldAndLive_bothDirections(String version, Meeting meeting) throws Exception {
        Model java = new Model("java");
        try (NodePeer node = NodePeer.start(version, "model", "node")) {
            java.set("fromJava", Map.of("text", "é€😀", "10", 1, "2", List.of(1, 2.5, false)));
            node.set("fromNode", Map.of("text", "é€😀\u0000\u2028", "n", 1e21));
            java.set("both", "java");
            node.set("both", "node");
            try (AutoCloseable link = meeting.link(java, node)) {
                Meeting.awaitEqual(java, node);
                // Which one wins is decided by clocks of different resolution; here it counts that both agree.
                assertThat(node.json()).isEqualTo(java.toJson());

                java.delete("fromNode");
                node.set("live", List.of(1, 2, 3));
                java.set("liveToo", -0.0);
                Meeting.awaitEqual(java, node);
                assertThat(node.json()).isEqualTo(java.toJson());
                assertThat(java.keys()).contains("fromNode", "live", "liveToo");
                assertThat(java.has("fromNode")).isFalse();
            }
            Meeting.patiently().untilAsserted(() -> {
                assertThat(node.streams()).isZero();
                assertThat(java.sessions()).isEmpty();
            });
        }
    }

    @ParameterizedTest
    @MethodSource("meetings")
    void events_heldAndLive_heardOnceEach(String version, Meeting meeting) throws Exception {
        Events java = new Events("java");
        List<List<Json>> heard = Collections.synchronizedList(new ArrayList<>());
        java.on("heard", heard::add);
        try (NodePeer node = NodePeer.start(version, "events", "node")) {
            java.emit("heard", "before", 1);
            node.emit("heard", "before", 2);
            node.emit("another name");
            try (AutoCloseable link = meeting.link(java, node)) {
                Meeting.awaitEqual(java, node);
                java.emit("heard", Map.of("deep", List.of()));
                node.emit("heard");
                java.emit("dispose-not", "a name of the application");
                Meeting.awaitEqual(java, node);
                Meeting.patiently().untilAsserted(() -> {
                    assertThat(heard).hasSize(4);
                    assertThat(node.json().asArray().size()).isEqualTo(4);
                });
            }
        }
    }

    @ParameterizedTest
    @MethodSource("meetings")
    void value_latestWins(String version, Meeting meeting) throws Exception {
        Value java = new Value("java");
        try (NodePeer node = NodePeer.start(version, "value", "node")) {
            java.set(List.of("x", 1, "y"));
            node.set("", "node's");
            try (AutoCloseable link = meeting.link(java, node)) {
                Meeting.awaitEqual(java, node);
                java.set("SYNC");
                Meeting.awaitEqual(java, node);
                node.set("", Map.of("id", "looks like", "clock", Map.of()));
                Meeting.awaitEqual(java, node);
                assertThat(node.json()).isEqualTo(java.toJson());
            }
        }
    }

    @Test
    void javaRelaysBetweenOriginals() throws Exception {
        Model relay = new Model("relay");
        try (NodePeer left = NodePeer.start("scuttlebutt", "model", "left");
                NodePeer right = NodePeer.start("scuttlebutt-5.5", "model", "right");
                TcpServer server = TcpServer.listen(relay, "127.0.0.1", 0, LinkOptions.defaults())) {
            left.set("l", 1);
            right.set("r", 1);
            left.connect(server.address().getPort(), Map.of());
            right.connect(server.address().getPort(), Map.of());
            left.set("l", 2);
            right.set("r", 2);
            Meeting.patiently().untilAsserted(() -> assertThat(left.json()).isEqualTo(Json.object("l", 2, "r", 2)));
            Meeting.awaitEqual(relay, left);
            Meeting.awaitEqual(relay, right);
        }
    }

    @Test
    void originalRelaysBetweenJava() throws Exception {
        Model left = new Model("left");
        Model right = new Model("right");
        try (NodePeer relay = NodePeer.start("scuttlebutt", "model", "relay");
                AutoCloseable one = Meeting.NODE_LISTENS.link(left, relay);
                AutoCloseable two = Meeting.JAVA_LISTENS.link(right, relay)) {
            left.set("l", 1);
            right.set("r", 1);
            Meeting.patiently().untilAsserted(() -> {
                assertThat(left.clock().size()).isEqualTo(2);
                assertThat(right.clock().size()).isEqualTo(2);
            });
            Meeting.awaitEqual(left, relay);
            Meeting.awaitEqual(right, relay);
        }
    }

    @Test
    void metaReachesTheOriginal_andBack() throws Exception {
        Model java = new Model("java");
        LinkOptions options = LinkOptions.defaults()
                .session(dev.scuttlebutt.SessionOptions.twoWay().meta(Map.of("document", "cellar")));
        try (NodePeer node = NodePeer.start("scuttlebutt", "model", "node");
                AutoCloseable link = Meeting.JAVA_LISTENS.link(java, node, options, Map.of("meta", "from node"))) {
            Meeting.patiently().untilAsserted(() -> {
                Replica replica = java;
                assertThat(replica.sessions()).hasSize(1);
                assertThat(replica.sessions().get(0).peer()).isNotNull();
            });
            assertThat(java.sessions().get(0).peer().meta()).isEqualTo(Json.of("from node"));
        }
    }

    @ParameterizedTest
    @MethodSource("meetings")
    void brokenLine_endsThatConnectionOnly(String version, Meeting meeting) throws Exception {
        Model java = new Model("java");
        try (NodePeer bad = NodePeer.start(version, "model", "bad");
                NodePeer good = NodePeer.start(version, "model", "good");
                AutoCloseable toBad = meeting.link(java, bad);
                AutoCloseable toGood = meeting.link(java, good)) {
            bad.set("kept", 1);
            Meeting.awaitEqual(java, good);
            Meeting.patiently().untilAsserted(() -> assertThat(java.has("kept")).isTrue());
            bad.raw("[[\"lost\",1],5,\n");
            Meeting.patiently().untilAsserted(() -> assertThat(java.sessions()).hasSize(1));
            java.set("after", 1);
            Meeting.awaitEqual(java, good);
            assertThat(java.has("lost")).isFalse();
        }
    }
}
