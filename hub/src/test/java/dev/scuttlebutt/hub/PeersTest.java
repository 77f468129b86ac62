package dev.scuttlebutt.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.Session;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.netty.LinkOptions;
import dev.scuttlebutt.netty.TcpClient;
import dev.scuttlebutt.netty.WebSocketClient;
import dev.scuttlebutt.types.Model;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class PeersTest {
    private TestHub hub;

    @BeforeEach
    void start() throws Exception {
        hub = new TestHub(options -> options.tcp("127.0.0.1", 0, "model/a").maxMessageBytes(1 << 16));
    }

    @AfterEach
    void stop() throws Exception {
        hub.close();
    }

    private WebSocketClient link(Model model, String name) {
        return WebSocketClient.connect(
                model,
                hub.socketUri("/replicate/" + name),
                LinkOptions.defaults().backOff(Duration.ofMillis(50), Duration.ofMillis(200)),
                Map.of());
    }

    private static void equal(Model one, Model other) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(one.toJson()).isEqualTo(other.toJson()));
    }

    @Test
    void peers_overWebSocketAndTcp_shareADocument() {
        Model one = new Model("one");
        Model two = new Model("two");
        Model three = new Model("three");
        InetSocketAddress port = hub.hub.tcpAddresses().keySet().iterator().next();
        try (WebSocketClient first = link(one, "model/a");
                WebSocketClient second = link(two, "model/a");
                TcpClient third = TcpClient.connect(three, port, LinkOptions.defaults())) {
            one.set("a", "é😀");
            two.set("b", "x".repeat(50_000));
            three.set("c", 3);
            await().atMost(Duration.ofSeconds(20)).until(() -> one.keys().size() == 3);
            equal(one, two);
            equal(one, three);
            assertThat(first.lastFailure()).isNull();
            assertThat(second.lastFailure()).isNull();
            assertThat(third.lastFailure()).isNull();
        }
    }

    @Test
    void eachMessage_isOneLineWithItsLineFeed() throws Exception {
        Model model = new Model("one");
        try (WebSocketClient link = link(model, "model/lines")) {
            for (int i = 0; i < 300; i++) {
                model.set("key " + i, "value ".repeat(100) + i);
            }
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(hub.json("/api/documents/model/lines")
                                    .asObject()
                                    .get("updates"))
                            .isEqualTo(Json.of(300)));
            TestHub.Raw raw = hub.raw("/replicate/model/lines");
            assertThat(Json.parse(raw.next()).asObject().get("meta"))
                    .isEqualTo(Json.object("type", "model", "rights", "write"));
            raw.say("{\"id\":\"raw\",\"clock\":{}}");
            for (int i = 0; i < 300; i++) {
                assertThat(raw.next()).startsWith("[[\"key ").endsWith("]\n").containsOnlyOnce("\n");
            }
            assertThat(raw.next()).isEqualTo("\"SYNC\"\n");
            raw.cut();
            assertThat(link.lastFailure()).isNull();
        }
    }

    @Test
    void messages_mayHoldSeveralLines_andComeInParts() throws Exception {
        TestHub.Raw raw = hub.raw("/replicate/model/parts");
        raw.say("{\"id\":\"raw\",\"clock\":{}}\n[[\"a\",1],1,\"raw\"]\n");
        raw.say("[[\"b\",2],2,\"raw\"]");
        raw.sayPart("[[\"c\",", false);
        raw.sayPart("3],3,\"raw\"]", true);
        Model model = new Model("reader");
        try (WebSocketClient link = link(model, "model/parts")) {
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(model.toJson()).hasToString("{\"a\":1,\"b\":2,\"c\":3}"));
            assertThat(link.lastFailure()).isNull();
        }
    }

    @Test
    void brokenLine_endsThatConnectionWithAReason_andNothingElse() throws Exception {
        Model model = new Model("other");
        try (WebSocketClient link = link(model, "model/b")) {
            TestHub.Raw raw = hub.raw("/replicate/model/b");
            raw.say("{\"id\":\"raw\",\"clock\":{}}");
            raw.say("nonsense");
            assertThat(raw.end()).startsWith("1002 expected one JSON text per line");
            TestHub.Raw longOne = hub.raw("/replicate/model/b");
            longOne.say("[[\"k\",\"" + "x".repeat(1 << 16) + "\"],1,\"raw\"]");
            assertThat(longOne.end()).matches("(1002|1009) .*");
            model.set("still", "here");
            assertThat(link.lastFailure()).isNull();
        }
        assertThat(hub.json("/api/documents/model/b").asObject().get("state")).hasToString("{\"still\":\"here\"}");
    }

    @Test
    void badNames_areRefusedForGood() throws Exception {
        assertThat(hub.raw("/replicate/unknown/x").end()).startsWith("4404 no type belongs to the name");
        Model model = new Model();
        try (WebSocketClient link = link(model, "unknown/x")) {
            link.closed().get(20, TimeUnit.SECONDS);
            assertThat(link.lastFailure()).hasMessageContaining("4404");
        }
        assertThat(hub.get("/replicate/model//x").statusCode()).isEqualTo(400);
        assertThat(hub.get("/replicate/model/" + "x".repeat(300)).body()).contains("at most 200 bytes");
    }

    @Test
    void presence_isSharedAndGoesWithItsConnection() throws Exception {
        TestHub.Raw ada = hub.raw("/presence/model/a");
        TestHub.Raw bob = hub.raw("/presence/model/a");
        for (TestHub.Raw raw : new TestHub.Raw[] {ada, bob}) {
            assertThat(raw.next()).contains("\"clock\"");
        }
        ada.say("{\"id\":\"ada\",\"clock\":{}}\n[[\"ada\",{\"name\":\"Ada\"}],1,\"ada\"]");
        bob.say("{\"id\":\"bob\",\"clock\":{}}");
        assertThat(bob.next() + bob.next()).contains("[[\"ada\",{\"name\":\"Ada\"}],1,\"ada\"]");
        ada.cut();
        assertThat(bob.next()).startsWith("[[\"ada\",null],");
        assertThat(hub.json("/api/documents/model/a").asObject().get("state")).hasToString("{}");
    }

    /** Many times: a peer could be greeted before it was in the books. */
    @RepeatedTest(50)
    void shutdown_tellsPeersToComeBack() throws Exception {
        TestHub.Raw raw = hub.raw("/replicate/model/a");
        raw.next();
        hub.hub.shutdown();
        assertThat(raw.end()).isEqualTo("1001 the hub is shutting down");
    }

    @Test
    void clientThatShutsDown_hasNotFailed() throws Exception {
        Model model = new Model("one");
        WebSocketClient link = link(model, "model/end");
        model.set("a", 1);
        await().atMost(Duration.ofSeconds(20)).until(() -> synced(link));
        link.shutdown().get(20, TimeUnit.SECONDS);
        assertThat(link.lastFailure()).isNull();
        assertThat(hub.get("/metrics").body()).doesNotContain("scuttlebutt_connections_closed_total{agreed=\"false\"}");
    }

    @Test
    void clientThatWasAway_bringsWhatItWrote() {
        Model model = new Model("away");
        WebSocketClient first = link(model, "model/away");
        model.set("a", 1);
        await().atMost(Duration.ofSeconds(20)).until(() -> synced(first));
        first.close();
        model.set("b", 2);
        Model other = new Model("other");
        try (WebSocketClient second = link(model, "model/away");
                WebSocketClient third = link(other, "model/away")) {
            equal(model, other);
            assertThat(other.toJson()).hasToString("{\"a\":1,\"b\":2}");
            assertThat(second.lastFailure()).isNull();
            assertThat(third.lastFailure()).isNull();
        }
    }

    private static boolean synced(WebSocketClient link) {
        var connection = link.connection();
        return connection != null && connection.session().state() == Session.State.LIVE;
    }
}
