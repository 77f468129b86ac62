package dev.scuttlebutt.hub;

import static dev.scuttlebutt.hub.Frames.ascii;
import static dev.scuttlebutt.hub.Frames.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.netty.WebSocketClient;
import dev.scuttlebutt.types.Model;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What strangers send to the ports of a hub ends their connection and nothing else. */
class HostileTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MAX_MESSAGE = 1 << 14;
    private static final char CLOSE_FRAME = '\u0088';

    private TestHub hub;
    private final Model model = new Model("honest");
    private WebSocketClient honest;

    @BeforeEach
    void start() throws Exception {
        hub = new TestHub(options -> options.tcp("127.0.0.1", 0, "model/a")
                .maxMessageBytes(MAX_MESSAGE)
                .maxDocumentBytes(1 << 16)
                .handshakeTimeout(Duration.ofSeconds(1))
                .closeTimeout(Duration.ofSeconds(1)));
        honest = WebSocketClient.connect(model, hub.socketUri("/replicate/model/a"));
        model.set("k", "hidden");
        awaitState();
    }

    @AfterEach
    void stop() throws Exception {
        try {
            // The honest one has noticed nothing, and all others are gone.
            model.set("after", 1);
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(state()).isEqualTo(Json.object("k", "hidden", "after", 1));
                assertThat(hub.hub.peers()).isEqualTo(1);
            });
            assertThat(honest.lastFailure()).isNull();
            // One socket of the honest one, and that of the question itself.
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(hub.get("/metrics").body()).containsPattern("scuttlebutt_sockets [12]\\.0"));
        } finally {
            honest.close();
            hub.close();
        }
    }

    private Json state() throws Exception {
        return hub.json("/api/documents/model/a").asObject().get("state");
    }

    private void awaitState() {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(state()).isEqualTo(Json.object("k", "hidden")));
    }

    private int http() {
        return hub.hub.address().getPort();
    }

    private int tcp() {
        return hub.hub.tcpAddresses().keySet().iterator().next().getPort();
    }

    /** Says this and returns all that is answered until the other side hangs up. */
    private static String say(int port, byte[]... parts) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            try {
                for (byte[] part : parts) {
                    socket.getOutputStream().write(part);
                    if (new String(part, StandardCharsets.ISO_8859_1).contains("websocket")) {
                        said.writeBytes(Frames.head(socket.getInputStream()));
                    }
                }
            } catch (IOException hungUp) {
                assertThat(hungUp).isNotNull();
            }
            try (InputStream in = socket.getInputStream()) {
                byte[] buffer = new byte[1 << 12];
                boolean webSocket = said.size() > 0;
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    said.write(buffer, 0, count);
                    if (webSocket && said.toString(StandardCharsets.ISO_8859_1).indexOf(CLOSE_FRAME) >= 0) {
                        // Not answered: the hub has to end by itself.
                        break;
                    }
                }
            } catch (IOException reset) {
                // An end too.
                assertThat(reset).hasMessageMatching("(?i).*(reset|broken).*");
            }
            return said.toString(StandardCharsets.ISO_8859_1);
        }
    }

    private byte[] upgrade() {
        return Frames.upgrade(http(), "/replicate/model/a");
    }

    @Test
    void noise_onEveryPort() throws Exception {
        Random random = new Random(4711);
        for (int i = 0; i < 20; i++) {
            byte[] noise = new byte[1 + random.nextInt(20_000)];
            random.nextBytes(noise);
            for (int port : new int[] {http(), tcp()}) {
                assertThat(say(port, noise))
                        .as("%d bytes of noise, seed 4711", noise.length)
                        .doesNotContain("hidden");
            }
        }
    }

    static Stream<String> requests() {
        return Stream.of(
                "GET /" + "x".repeat(10_000) + " HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nX: " + "x".repeat(30_000) + "\r\n\r\n",
                "NONSENSE\r\n\r\n",
                "GET %zz HTTP/1.1\r\n\r\n",
                "GET /api/documents/%00 HTTP/1.1\r\nConnection: close\r\n\r\n",
                "GET /api/documents/../../etc/passwd HTTP/1.1\r\nConnection: close\r\n\r\n",
                "GET /replicate/model/%ff HTTP/1.1\r\nConnection: close\r\n\r\n",
                "POST /api/documents/model/a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n",
                "POST /api/documents/model/a HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                "POST /api/documents/model/a HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "DELETE /api/documents/model/a HTTP/1.1\r\nConnection: close\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("requests")
    void request_thatIsMalformedOrNotAllowed(String request) throws Exception {
        String answer = say(http(), ascii(request));
        assertThat(answer).startsWith("HTTP/1.1 4").contains("\"error\"").doesNotContain("hidden");
    }

    @Test
    void headThatNeverEnds_isNotWaitedFor() throws Exception {
        assertThat(say(http(), ascii("GET / HTTP/1.1\r\nHost: loc"))).isEmpty();
        assertThat(say(tcp(), ascii("{\"id\":\"slow"))).doesNotContain("hidden");
        assertThat(say(http(), upgrade(), frame(0x01, ascii("{\"id\":\"slow")))).doesNotContain("hidden");
    }

    @Test
    void frames_thatBreakTheRules() throws Exception {
        byte[] hello = frame(0x81, ascii("{\"id\":\"evil\",\"clock\":{\"honest\":9e15}}\n"));
        byte[] unmasked = {(byte) 0x81, 5, '"', 'S', 'Y', 'N', '"'};
        byte[] endless = {(byte) 0x82, (byte) 0xFF, 0x7F, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0};
        byte[] longPing = frame(0x89, new byte[300]);
        byte[] reserved = frame(0xF1, ascii("x"));
        byte[] unknown = frame(0x83, ascii("x"));
        byte[] continuation = frame(0x80, ascii("x"));
        byte[] shortClose = frame(0x88, new byte[] {1});
        for (byte[] evil : new byte[][] {unmasked, endless, longPing, reserved, unknown, continuation, shortClose}) {
            assertThat(say(http(), upgrade(), hello, evil)).startsWith("HTTP/1.1 101");
        }
    }

    static Stream<String> lines() {
        return Stream.of(
                "nonsense\n",
                "[".repeat(5_000) + "\n",
                "[[\"k\",\"\u00c3\u0028\"],1,\"evil\"]\nx\n",
                "[[\"k\",\"forged\"],1e400,\"evil\"]\nx\n",
                "[[\"k\",\"forged\"],1,\"__proto__\"]\n{\n",
                "[[\"__proto__\",{}],2,\"evil\"]\nx\n",
                "[[{}],3,\"evil\"]\nx\n",
                "[[\"k\",\"" + "x".repeat(MAX_MESSAGE) + "\"],4,\"evil\"]\n",
                "x".repeat(3 * MAX_MESSAGE));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void line_thatIsNone_overWebSocketAndTcp(String line) throws Exception {
        byte[] hello = ascii("{\"id\":\"evil\",\"clock\":{}}\n");
        String told = say(http(), upgrade(), frame(0x81, hello), frame(0x81, ascii(line)));
        assertThat(told).startsWith("HTTP/1.1 101").containsPattern("\\x88.(\\x03\\xea|\\x03\\xf1)");
        assertThat(say(tcp(), hello, ascii(line))).startsWith("{\"id\":");
    }

    @Test
    void documentThatGrowsTooLarge_canBeReadAndNotWritten() throws Exception {
        TestHub.Raw raw = hub.raw("/replicate/model/big");
        raw.say("{\"id\":\"big\",\"clock\":{}}");
        int said = 1;
        while (said <= 8
                && raw.sayUnlessClosed("[[\"k" + said + "\",\"" + "x".repeat(10_000) + "\"]," + said + ",\"big\"]")) {
            said++;
        }
        assertThat(raw.end()).startsWith("4413 the document has more than");
        assertThat(hub.raw("/replicate/model/big").end()).startsWith("4413");
        assertThat(hub.get("/api/documents/model/big").statusCode()).isEqualTo(200);
    }
}
