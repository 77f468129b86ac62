package dev.scuttlebutt.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node against a bare socket. */
class RawPeerTest {
    private static final Path RECORDED = Path.of("../core/src/test/resources/vectors/core/exchange-model.json");
    private static final int PATIENCE_MILLIS = 30_000;

    /** The node plays replica A of a recorded conversation, the socket plays B. */
    @ParameterizedTest
    @ValueSource(strings = {"model-basic", "model-conflict", "model-delete"})
    void recordedConversation_isRepeatedByteForByte(String name) throws Exception {
        try (LiveNode node = LiveNode.start("--type", "model", "--id", "A", "--listen", "127.0.0.1:0")) {
            String address = node.listening();
            Socket socket = null;
            Map<Double, String> lines = new HashMap<>();
            int sent = 0;
            int received = 0;
            for (Json step : conversation(name).get("log").asArray()) {
                JsonObject entry = step.asObject();
                String kind = text(entry, "k");
                if (kind.equals("replica")
                        && text(entry, "on").equals("A")
                        && text(entry, "event").equals("_update")) {
                    String update = text(entry, "update");
                    if (Json.parse(update).asArray().get(2).asString().equals("A")) {
                        assertThat(node.ok("apply " + update)).isEqualTo(Json.of("applied"));
                    }
                } else if (kind.equals("open") && text(entry, "on").equals("A")) {
                    socket = connect(address);
                } else if (kind.equals("line")) {
                    lines.put(entry.get("seq").asDouble(), text(entry, "line"));
                    if (text(entry, "from").equals("A") && !entry.has("echo")) {
                        assertThat(readLine(socket)).isEqualTo(text(entry, "line"));
                        received++;
                    }
                } else if (kind.equals("recv") && text(entry, "to").equals("A")) {
                    send(socket, lines.get(entry.get("seq").asDouble()));
                    sent++;
                } else if (kind.startsWith("end")) {
                    break;
                }
            }
            assertThat(received).isGreaterThan(2);
            assertThat(sent).isGreaterThan(1);
            node.ok("sync");
            socket.close();
        }
    }

    @Test
    void peerThatBreaksTheProtocol_isNamedToWhoeverRunsAScript() throws Exception {
        try (LiveNode node = LiveNode.start("--type", "model", "--listen", "127.0.0.1:0");
                Socket bad = connect(node.listening())) {
            send(bad, "{\"id\":\"bad\",\"clock\":{}}\nhello\n");

            await().until(() -> node.err().contains("\n"));
            assertThat(node.err())
                    .startsWith("scuttlebutt node: 127.0.0.1:" + bad.getLocalPort() + ": ")
                    .contains("expected one JSON text per line")
                    .hasLineCount(1);
        }
    }

    @Test
    void peerThatBreaksTheProtocol_costsOnlyItsOwnConnection() throws Exception {
        try (LiveNode node = LiveNode.start("--type", "model", "--listen", "127.0.0.1:0", "--events")) {
            String address = node.listening();
            try (Socket good = connect(address);
                    Socket bad = connect(address)) {
                send(good, "{\"id\":\"good\",\"clock\":{}}\n");
                node.event("header");
                send(bad, "{\"id\":\"bad\",\"clock\":{}}\n[[\"k\",1],5,\"bad\"]\n{\"a\n");

                assertThat(node.event("error").asString())
                        .startsWith("127.0.0.1:" + bad.getLocalPort() + ": ")
                        .contains("line 3");
                assertThat(node.ok("json")).hasToString("{\"k\":1}");
                send(good, "[[\"l\",2],6,\"good\"]\n");
                node.ok("await {\"good\":6}");
            }
        }
    }

    @Test
    void silentPeer_isNamedBySync() throws Exception {
        try (LiveNode node = LiveNode.start("--type", "model", "--listen", "127.0.0.1:0")) {
            try (Socket silent = connect(node.listening())) {
                readLine(silent);
                String error = node.tell("sync 0.1").get("error").asString();

                assertThat(error)
                        .isEqualTo("not in sync within 0.1 s: 127.0.0.1:" + silent.getLocalPort() + " (greeting)");
            }
        }
    }

    @Test
    @Tag("soak") // waits as long as a user would
    void endWithAPeerThatNeverSpoke_saysSo() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + silent.getLocalPort();
            byte[] input = "set k 1\n".getBytes(StandardCharsets.UTF_8);
            Cli.Result result = Cli.run(input, "node", "--type", "model", "--connect", address);

            assertThat(result.status()).isZero();
            assertThat(result.errLines())
                    .containsExactly("scuttlebutt node: may lack updates made here: " + address + " (greeting)");
        }
    }

    @Test
    void meta_travelsInTheHandshake() throws Exception {
        try (LiveNode node = LiveNode.start(
                "--type", "value", "--id", "me", "--listen", "127.0.0.1:0", "--meta", "{\"name\": \"Ada\"}")) {
            try (Socket peer = connect(node.listening())) {
                assertThat(readLine(peer)).isEqualTo("{\"id\":\"me\",\"clock\":{},\"meta\":{\"name\":\"Ada\"}}\n");
            }
        }
    }

    private static JsonObject conversation(String name) throws IOException {
        return Json.parse(Files.readString(RECORDED)).asArray().stream()
                .map(Json::asObject)
                .filter(conversation -> text(conversation, "name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String text(JsonObject object, String key) {
        return object.get(key).asString();
    }

    private static Socket connect(String address) throws IOException {
        HostPort parsed = HostPort.parse(address);
        Socket socket = new Socket(parsed.host(), parsed.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static void send(Socket socket, String line) throws IOException {
        socket.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
    }

    private static String readLine(Socket socket) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int unit;
        while ((unit = socket.getInputStream().read()) >= 0) {
            line.write(unit);
            if (unit == '\n') {
                break;
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
