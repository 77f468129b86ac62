package dev.scuttlebutt.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.scuttlebutt.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrangersTest {
    private static final String REQUEST = "sends a request of HTTP or WebSocket";
    private static final String SERVER = "is a web server";
    private static final String TLS = "speaks TLS";

    /** Returns what is said of a first line, however the bytes were cut. */
    private static String said(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.ISO_8859_1);
        JsonLines.Decoder decoder = new JsonLines.Decoder(Limits.defaults());
        ProtocolException whole = catchThrowableOfType(
                ProtocolException.class, () -> decoder.decode(ByteBuffer.wrap(bytes), new ArrayList<>()));
        byte[] shifted = ("5\n" + line + "\n{}\n").getBytes(StandardCharsets.ISO_8859_1);
        JsonLines.Decoder other = new JsonLines.Decoder(Limits.defaults());
        ProtocolException behind = catchThrowableOfType(
                ProtocolException.class, () -> other.decode(ByteBuffer.wrap(shifted), new ArrayList<>()));

        assertThat(behind.getMessage()).isEqualTo(whole.getMessage().replace("line 1", "line 2"));
        return whole.getMessage();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r",
                "GET / HTTP/1.1",
                "GET /chat?a=b HTTP/1.0\r",
                "A  HTTP/1.1",
                "ZAP / HTTP/1.1\r",
                "POST http://example.com/ HTTP/1.1\r"
            })
    void requests_areNamed(String line) {
        assertThat(said(line)).contains(REQUEST).doesNotContain(SERVER, TLS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 400 Bad Request\r", "HTTP/1.0 200 OK", "HTTP/1."})
    void webServers_areNamed(String line) {
        assertThat(said(line)).contains(SERVER).doesNotContain(REQUEST, TLS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0016\u0003", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000"})
    void tls_isNamed(String line) {
        assertThat(said(line)).contains(TLS).doesNotContain(REQUEST, SERVER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\r",
                "\u0016",
                "\u0016\u0002",
                "\u0003\u0016",
                " HTTP/1.1",
                " HTTP/1.1\r",
                "get / HTTP/1.1\r",
                "@ET / HTTP/1.1\r",
                "[ET / HTTP/1.1\r",
                "GET / HTTP/2.0\r",
                "GET / HTTP/1.1 \r",
                "GET / HTTP/1.11",
                "GET /",
                "HTTP/2 200",
                "HTTP/1",
                "xHTTP/1.1 200"
            })
    void othersAreNot(String line) {
        assertThat(said(line)).doesNotContain("the peer");
    }
}
