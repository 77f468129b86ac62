package dev.scuttlebutt.hub;

import static dev.scuttlebutt.hub.Frames.CLOSE;
import static dev.scuttlebutt.hub.Frames.PING;
import static dev.scuttlebutt.hub.Frames.TEXT;
import static dev.scuttlebutt.hub.Frames.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.json.Json;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that do not wait for the answer to their request for a WebSocket before they speak. */
class EarlyFramesTest {
    private static final String HELLO = "{\"id\":\"hasty\",\"clock\":{}}\n";

    private TestHub hub;

    @BeforeEach
    void start() throws Exception {
        hub = new TestHub(options -> options.handshakeTimeout(Duration.ofSeconds(20)));
    }

    @AfterEach
    void stop() throws Exception {
        hub.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", hub.hub.address().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private byte[] upgrade(String path) {
        return Frames.upgrade(hub.hub.address().getPort(), path);
    }

    private static byte[] together(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Reads until this has come, or the end. */
    private static String readUntil(InputStream in, String wanted) throws IOException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        while (!said.toString(StandardCharsets.ISO_8859_1).contains(wanted)) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            said.write(next);
        }
        return said.toString(StandardCharsets.ISO_8859_1);
    }

    private void awaitState(String json) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(
                                hub.json("/api/documents/model/a").asObject().get("state"))
                        .isEqualTo(Json.parse(json)));
    }

    @Test
    void framesInOnePieceWithTheRequest_areHeard() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(together(
                            upgrade("/replicate/model/a"),
                            frame(TEXT, HELLO),
                            frame(TEXT, "[[\"k\",1],1,\"hasty\"]\n"),
                            frame(TEXT, "[[\"l\",2],2,\"hasty\"]")));
            assertThat(readUntil(socket.getInputStream(), "\"SYNC\"")).startsWith("HTTP/1.1 101");
            awaitState("{\"k\":1,\"l\":2}");
            socket.getOutputStream().write(frame(TEXT, "[[\"k\",3],3,\"hasty\"]\n"));
            awaitState("{\"k\":3,\"l\":2}");
        }
    }

    @Test
    void frameOfWhichOnlyAPartCameWithTheRequest_isHeard() throws Exception {
        byte[] long1 = frame(TEXT, "[[\"k\",\"" + "x".repeat(300_000) + "\"],1,\"hasty\"]\n");
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(together(
                            upgrade("/replicate/model/a"), frame(TEXT, HELLO), Arrays.copyOf(long1, long1.length / 2)));
            socket.getOutputStream().write(Arrays.copyOfRange(long1, long1.length / 2, long1.length));
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(hub.json("/api/documents/model/a")
                                    .asObject()
                                    .get("state")
                                    .asObject()
                                    .has("k"))
                            .isTrue());
        }
    }

    @Test
    void pingAndPresence_areHeard() throws Exception {
        try (Socket socket = connect();
                Socket other = connect()) {
            byte[] said = together(
                    upgrade("/presence/model/a"),
                    frame(PING, "echo"),
                    frame(TEXT, HELLO),
                    frame(TEXT, "[[\"p\",{\"name\":\"Ada\"}],1,\"hasty\"]\n"));
            socket.getOutputStream().write(said);
            assertThat(readUntil(socket.getInputStream(), "SYNC")).contains("echo");
            other.getOutputStream().write(together(upgrade("/presence/model/a"), frame(TEXT, "{\"clock\":{}}")));
            assertThat(readUntil(other.getInputStream(), "Ada")).contains("Ada");
        }
    }

    @Test
    void whoIsRefused_isToldWhy() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(together(upgrade("/replicate/nothing/a"), frame(TEXT, HELLO), frame(TEXT, HELLO)));
            assertThat(readUntil(socket.getInputStream(), "no type belongs to"))
                    .startsWith("HTTP/1.1 101")
                    .contains("no type belongs to");
        }
    }

    @Test
    void closeFrame_isAnswered() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(together(upgrade("/replicate/model/a"), frame(CLOSE, new byte[] {
                3, (byte) 0xE8
            })));
            String said = readUntil(socket.getInputStream(), "no such text: until the end");
            assertThat(said).startsWith("HTTP/1.1 101").endsWith("\u0088\u0002\u0003\u00e8");
        }
    }

    @Test
    void frameThatIsNone_endsTheConnection() throws Exception {
        byte[] unmasked = {(byte) TEXT, 5, '"', 'S', 'Y', 'N', '"'};
        try (Socket socket = connect()) {
            socket.getOutputStream().write(together(upgrade("/replicate/model/a"), unmasked));
            // Also instead of the answer: it is read before that is written.
            assertThat(readUntil(socket.getInputStream(), "no such text: until the end"))
                    .doesNotContain("clock");
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(hub.hub.peers()).isZero());
    }

    @Test
    void moreThanIsKept_isThrownAway_andSaysSo() {
        EarlyFrames early = new EarlyFrames(1000);
        EmbeddedChannel channel = new EmbeddedChannel(early);
        TextWebSocketFrame first = new TextWebSocketFrame("x".repeat(500));
        TextWebSocketFrame second = new TextWebSocketFrame("x".repeat(500));
        TextWebSocketFrame third = new TextWebSocketFrame("x");
        channel.writeInbound(first);
        assertThat(early.isTooMuch()).isFalse();
        channel.writeInbound(second, third);
        assertThat(early.isTooMuch()).isTrue();
        assertThat(first.refCnt() + second.refCnt() + third.refCnt()).isZero();
        early.deliver();
        assertThat((Object) channel.readInbound()).isNull();
        channel.finishAndReleaseAll();
    }

    @Test
    void whatIsKept_comesInOrder_onceAndBeforeWhatFollows() {
        EarlyFrames early = new EarlyFrames(1000);
        EmbeddedChannel channel = new EmbeddedChannel(early);
        channel.writeInbound(new TextWebSocketFrame("1"), new TextWebSocketFrame("2"));
        assertThat((Object) channel.readInbound()).isNull();
        early.deliver();
        channel.writeInbound(new TextWebSocketFrame("3"));
        for (String expected : new String[] {"1", "2", "3"}) {
            TextWebSocketFrame frame = channel.readInbound();
            assertThat(frame.text()).isEqualTo(expected);
            frame.release();
        }
        assertThat(channel.pipeline().get(EarlyFrames.class)).isNull();
        channel.finishAndReleaseAll();
    }

    @Test
    void connectionThatIsLost_leavesNothingBehind() {
        EmbeddedChannel channel = new EmbeddedChannel(new EarlyFrames(1000));
        TextWebSocketFrame frame = new TextWebSocketFrame(Unpooled.buffer().writeByte('x'));
        channel.writeInbound(frame);
        channel.finishAndReleaseAll();
        assertThat(frame.refCnt()).isZero();
    }
}
