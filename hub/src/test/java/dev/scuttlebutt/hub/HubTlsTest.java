package dev.scuttlebutt.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.netty.LinkOptions;
import dev.scuttlebutt.netty.TcpClient;
import dev.scuttlebutt.netty.Tls;
import dev.scuttlebutt.netty.WebSocketClient;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubTlsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private static int status(Tls trust, URI uri) throws Exception {
        HttpClient client = HttpClient.newBuilder().sslContext(trust.context()).build();
        return client.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    void everythingIsEncrypted_andANewCertificateIsTakenWithoutARestart() throws Exception {
        Certificate first = Certificate.make(folder, "first");
        Certificate second = Certificate.make(folder, "second");
        Path certificate = Files.copy(first.certificate(), folder.resolve("now.crt"));
        Path key = Files.copy(first.key(), folder.resolve("now.key"));
        Tls trustFirst = Tls.client(first.certificate());
        Tls trustSecond = Tls.client(second.certificate());
        Model one = new Model("one");
        Model two = new Model("two");
        Model three = new Model("three");
        try (TestHub hub = new TestHub(options ->
                options.tcp("127.0.0.1", 0, "model/a").tls(server(certificate, key), List.of(certificate, key)))) {
            URI secure = URI.create("https://127.0.0.1:" + hub.hub.address().getPort());
            InetSocketAddress tcp = hub.hub.tcpAddresses().keySet().iterator().next();
            assertThat(status(trustFirst, secure)).isEqualTo(200);
            URI socket = URI.create("wss" + secure.toString().substring(5) + "/replicate/model/a");
            LinkOptions options = LinkOptions.defaults().tls(trustFirst);
            try (WebSocketClient overWebSocket = WebSocketClient.connect(one, socket, options, Map.of());
                    TcpClient overTcp = TcpClient.connect(two, tcp, options);
                    TestHub neighbour = new TestHub(
                            its -> its.neighbour(Neighbour.at(secure).tls(trustFirst)));
                    WebSocketClient there = WebSocketClient.connect(three, neighbour.socketUri("/replicate/model/a"))) {
                one.set("a", 1);
                two.set("b", 2);
                three.set("c", 3);
                await().atMost(PATIENCE).untilAsserted(() -> {
                    assertThat(one.keys()).hasSize(3);
                    assertThat(two.toJson()).isEqualTo(one.toJson());
                    assertThat(three.toJson()).isEqualTo(one.toJson());
                });
                assertThat(overWebSocket.lastFailure()).isNull();
                assertThat(overTcp.lastFailure()).isNull();
                assertThat(there.lastFailure()).isNull();

                // Who says nothing secret is told nothing.
                for (int port : new int[] {hub.hub.address().getPort(), tcp.getPort()}) {
                    try (Socket plain = new Socket("127.0.0.1", port)) {
                        plain.setSoTimeout(20_000);
                        plain.getOutputStream()
                                .write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                        .getBytes(StandardCharsets.US_ASCII));
                        String answer = "";
                        try {
                            answer = new String(plain.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
                        } catch (IOException reset) {
                            assertThat(reset).hasMessageContaining("reset");
                        }
                        assertThat(answer).doesNotContain("HTTP").doesNotContain("clock");
                    }
                }

                replace(second.key(), key);
                replace(second.certificate(), certificate);
                await().atMost(PATIENCE)
                        .ignoreExceptionsInstanceOf(IOException.class)
                        .untilAsserted(
                                () -> assertThat(status(trustSecond, secure)).isEqualTo(200));
                assertThatThrownBy(() -> status(trustFirst, secure)).isInstanceOf(IOException.class);
                two.set("b", "after");
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(one.toJson()).isEqualTo(two.toJson()));
            }
        }
    }

    private static Tls server(Path certificate, Path key) {
        try {
            return Tls.server(certificate, key);
        } catch (IOException unusable) {
            throw new AssertionError(unusable);
        }
    }

    private void replace(Path from, Path to) throws IOException {
        Path beside = Files.copy(from, folder.resolve("next"));
        Files.move(beside, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
