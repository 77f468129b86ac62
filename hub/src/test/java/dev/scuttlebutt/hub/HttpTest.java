package dev.scuttlebutt.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.Model;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpTest {
    private TestHub hub;

    @BeforeEach
    void start() throws Exception {
        hub = new TestHub(options -> options.origin("https://friend.example"));
    }

    @AfterEach
    void stop() throws Exception {
        hub.close();
    }

    @Test
    void page_loadsNothingFromElsewhere() throws Exception {
        HttpResponse<String> page = hub.get("/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .contains("default-src 'none'");
        assertThat(page.body()).contains("<title>Scuttlebutt</title>").doesNotContain("https://");
        String tag = page.headers().firstValue("etag").orElseThrow();
        assertThat(hub.get("/", "If-None-Match", tag).statusCode()).isEqualTo(304);
    }

    @Test
    void everyFileOfThePage_isServed() throws Exception {
        Assets assets = new Assets();
        for (String path : new String[] {"/client/index.js", "/client/index.d.ts", "/page/app.js", "/page/page.css"}) {
            assertThat(assets.find(path)).as(path).isNotNull();
            assertThat(hub.get(path).statusCode()).as(path).isEqualTo(200);
        }
        assertThat(hub.get("/page/../Hub.class").statusCode()).isEqualTo(404);
        assertThat(hub.get("/web/files.txt").statusCode()).isEqualTo(404);
    }

    @Test
    void documents_asJsonAndAsLines() throws Exception {
        try (var handle = hub.store.open("model/a b", Model.class).join()) {
            handle.replica().set("k", 1);
            handle.saved().join();
            Json list = hub.json("/api/documents");
            assertThat(list.asArray().get(0).asObject().get("name")).isEqualTo(Json.of("model/a b"));
            Json document = hub.json("/api/documents/model/a%20b");
            assertThat(document.asObject().get("state")).hasToString("{\"k\":1}");
            assertThat(document.asObject().get("updates")).isEqualTo(Json.of(1));
            String lines = hub.get("/api/documents/model/a%20b?format=lines").body();
            assertThat(lines.lines())
                    .hasSize(3)
                    .element(1)
                    .isEqualTo(handle.replica().history().get(0).toString());
        }
        assertThat(hub.get("/api/documents/model/none").statusCode()).isEqualTo(404);
    }

    @Test
    void healthAndMetrics_tellNumbers() throws Exception {
        assertThat(hub.json("/health").asObject().get("status")).isEqualTo(Json.of("ok"));
        assertThat(hub.get("/metrics").body())
                .contains("scuttlebutt_peers 0.0")
                .contains("# TYPE scuttlebutt_updates_total counter");
    }

    @Test
    void pagesOfOthers_areKeptOut() throws Exception {
        int port = hub.hub.address().getPort();
        assertThat(head("/replicate/model/a", "127.0.0.1:" + port, "http://evil.example"))
                .contains(" 403 ");
        assertThat(head("/replicate/model/a", "evil.example:" + port, "http://evil.example:" + port))
                .as("a name that was given this machine's address")
                .contains(" 403 ");
        assertThat(head("/replicate/model/a", "127.0.0.1:" + port, "https://friend.example"))
                .contains(" 101 ");
        assertThat(head("/replicate/model/a", "localhost:" + port, "http://localhost:" + port))
                .contains(" 101 ");
    }

    /** The JDK's client does not let its users choose a host. */
    private String head(String path, String host, String origin) throws Exception {
        return answer("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nOrigin: " + origin
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    }

    private String answer(String request) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", hub.hub.address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\r' && c >= 0; c = in.read()) {
                line.append((char) c);
            }
            return line.toString();
        }
    }

    @Test
    void bodies_areRefusedBeforeTheyAreRead() throws Exception {
        // The body is announced and never sent.
        assertThat(answer("POST /api/documents/model/a HTTP/1.1\r\nHost: 127.0.0.1:"
                        + hub.hub.address().getPort() + "\r\nContent-Length: 1048576\r\n\r\n"))
                .startsWith("HTTP/1.1 401");
    }

    @Test
    void withoutTokens_nobodyAdministrates() throws Exception {
        assertThat(hub.send("DELETE", "/api/documents/model/a", "").statusCode())
                .isEqualTo(403);
    }
}
