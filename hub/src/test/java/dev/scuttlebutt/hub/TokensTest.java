package dev.scuttlebutt.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {
    private static final String ADMIN = "Bearer root";

    @TempDir
    Path folder;

    private Path file;
    private TestHub hub;

    @BeforeEach
    void start() throws Exception {
        file = folder.resolve("tokens.json");
        write("{\"token\":\"writer\",\"write\":[\"model/\"]},{\"token\":\"reader\",\"read\":[\"model/\"]},"
                + "{\"token\":\"sha256:" + Tokens.digest("root") + "\",\"admin\":[\"\"]}");
        hub = new TestHub(options -> options.tokens(file));
    }

    private void write(String tokens) throws IOException {
        write(tokens, "{}");
    }

    private void write(String tokens, String anonymous) throws IOException {
        Path next = folder.resolve("next.json");
        Files.writeString(next, "{\"tokens\":[" + tokens + "],\"anonymous\":" + anonymous + "}");
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    }

    @AfterEach
    void stop() throws Exception {
        hub.close();
    }

    private Json state() throws Exception {
        return hub.json("/api/documents/model/a", "Authorization", ADMIN)
                .asObject()
                .get("state");
    }

    @Test
    void rights_areNeeded() throws Exception {
        assertThat(hub.raw("/replicate/model/a").end()).startsWith("4401 a token is needed");
        assertThat(hub.raw("/replicate/model/a?token=nonsense").end()).startsWith("4401 the token is not known");
        assertThat(hub.raw("/replicate/events/a?token=writer").end()).startsWith("4403 the right to read");
        assertThat(hub.get("/api/documents/model/a").statusCode()).isEqualTo(401);
        assertThat(hub.get("/metrics", "Authorization", "Bearer writer").statusCode())
                .isEqualTo(403);
        assertThat(hub.get("/health").statusCode()).isEqualTo(200);
    }

    @Test
    void reader_getsAndCannotChange() throws Exception {
        TestHub.Raw writer = hub.raw("/replicate/model/a?token=writer");
        writer.next();
        writer.say("{\"id\":\"w\",\"clock\":{}}\n[[\"k\",1],1,\"w\"]");
        TestHub.Raw reader = hub.raw("/replicate/model/a", "Authorization", "Bearer reader");
        assertThat(reader.next()).contains("\"rights\":\"read\"");
        reader.say("{\"id\":\"r\",\"clock\":{}}\n[[\"k\",\"forged\"],99,\"r\"]");
        assertThat(reader.next() + reader.next()).contains("[[\"k\",1],1,\"w\"]");
        writer.say("[[\"k\",2],2,\"w\"]");
        String live;
        do {
            live = reader.next();
        } while (!live.startsWith("[[\"k\",2]"));
        assertThat(state()).hasToString("{\"k\":2}");
    }

    @Test
    void withdrawnToken_endsItsConnectionsAndNoOthers() throws Exception {
        TestHub.Raw writer = hub.raw("/replicate/model/a?token=writer");
        TestHub.Raw reader = hub.raw("/replicate/model/a?token=reader");
        writer.next();
        reader.next();
        write("{\"token\":\"reader\",\"read\":[\"model/\"]}");
        assertThat(writer.end()).isEqualTo("4403 the right was withdrawn");
        assertThat(reader.closed).isNotDone();
        assertThat(hub.raw("/replicate/model/a?token=writer").end()).startsWith("4401");
    }

    @Test
    void file_isLookedAtAtLeastOnceASecond() {
        assertThat(HubOptions.defaults().settings.refresh).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(1));
    }

    /** A hub that does not look by itself: what happens is because it was told to. */
    private TestHub blind() throws IOException {
        hub.close();
        hub = new TestHub(
                options -> options.tokens(file).refresh(Duration.ofDays(1)).tcp("127.0.0.1", 0, "model/a"));
        return hub;
    }

    private static String root() {
        return "{\"token\":\"sha256:" + Tokens.digest("root") + "\",\"admin\":[\"\"]}";
    }

    @Test
    void reload_endsConnectionsOfAWithdrawnToken_thoseOfPresenceToo_andNoOthers() throws Exception {
        write("{\"token\":\"writer\",\"write\":[\"model/\"]}," + root(), "{\"read\":[\"model/a\"]}");
        blind();
        TestHub.Raw writer = hub.raw("/replicate/model/a?token=writer");
        TestHub.Raw watcher = hub.raw("/presence/model/a?token=writer");
        TestHub.Raw anonymous = hub.raw("/replicate/model/a");
        writer.next();
        watcher.next();
        anonymous.next();
        write(root(), "{\"read\":[\"model/a\"]}");
        assertThat(writer.closed).isNotDone();

        var answer = hub.send("POST", "/api/reload", "", "Authorization", ADMIN);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"ended\":2}\n");
        assertThat(writer.end()).isEqualTo("4403 the right was withdrawn");
        assertThat(watcher.end()).isEqualTo("4403 the right was withdrawn");
        assertThat(anonymous.closed).isNotDone();
        assertThat(hub.raw("/presence/model/a?token=writer").end()).startsWith("4401");
    }

    @Test
    void reload_isForAdministrators_andSaysWhyAFileCannotBeUsed() throws Exception {
        TestHub.Raw writer = hub.raw("/replicate/model/a?token=writer");
        writer.next();
        assertThat(hub.send("POST", "/api/reload", "", "Authorization", "Bearer writer")
                        .statusCode())
                .isEqualTo(403);
        Files.writeString(file, "{\"tokens\":");
        var answer = hub.send("POST", "/api/reload", "", "Authorization", ADMIN);
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("tokens.json");
        assertThat(writer.closed).isNotDone();
        assertThatThrownBy(() -> hub.hub.reload()).isInstanceOf(IOException.class);
    }

    /** A peer over bare TCP, by hand. */
    private static final class Bare implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        Bare(InetSocketAddress address) throws IOException {
            socket = new Socket(address.getAddress(), address.getPort());
            socket.setSoTimeout(20_000);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        void say(String line) throws IOException {
            socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }

        /** Reads until the hub ends. */
        String rest() {
            StringBuilder rest = new StringBuilder();
            try {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    rest.append(line);
                }
            } catch (IOException reset) {
                rest.append(reset.getMessage());
            }
            return rest.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private Bare bare() throws IOException {
        return new Bare(hub.hub.tcpAddresses().keySet().iterator().next());
    }

    @Test
    void withdrawnRight_endsConnectionsOverTcp_andClosesThePort_untilItComesBack() throws Exception {
        write(root(), "{\"write\":[\"model/a\"]}");
        blind();
        try (Bare peer = bare()) {
            peer.say("{\"id\":\"p\",\"clock\":{}}\n[[\"k\",1],1,\"p\"]");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(state()).hasToString("{\"k\":1}"));
            write(root());
            assertThat(hub.hub.reload()).isEqualTo(1);
            // It is not listened to any more, though it does not go by itself.
            try {
                peer.say("[[\"k\",2],2,\"p\"]");
            } catch (IOException gone) {
                assertThat(gone).hasMessageMatching("(?i).*(reset|broken).*");
            }
            assertThat(peer.rest()).doesNotContain("\"k\",2");
        }
        assertThat(state()).hasToString("{\"k\":1}");
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            try (Bare late = bare()) {
                late.say("{\"id\":\"late\",\"clock\":{}}");
                assertThat(late.rest()).doesNotContain("\"k\"");
                return false;
            } catch (ConnectException nobodyListens) {
                return true;
            }
        });

        write(root(), "{\"read\":[\"model/a\"]}");
        assertThat(hub.hub.reload()).isZero();
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            try (Bare reader = bare()) {
                reader.say("{\"id\":\"r\",\"clock\":{}}\n[[\"k\",3],3,\"r\"]");
                return reader.in.readLine().contains("\"rights\":\"read\"")
                        && reader.in.readLine().contains("[[\"k\",1],1,\"p\"]");
            }
        });
        assertThat(state()).hasToString("{\"k\":1}");
    }

    @Test
    void otherRights_makePeersComeBackForThem() throws Exception {
        TestHub.Raw reader = hub.raw("/replicate/model/a?token=reader");
        reader.next();
        write("{\"token\":\"reader\",\"write\":[\"model/\"]}");
        assertThat(reader.end()).isEqualTo("1012 the rights have changed");
        assertThat(hub.raw("/replicate/model/a?token=reader").next()).contains("\"rights\":\"write\"");
    }

    @Test
    void unusableFile_leavesTheOldRightsInForce() throws Exception {
        Files.writeString(file, "{\"tokens\":");
        TestHub.Raw writer = hub.raw("/replicate/model/a?token=writer");
        assertThat(writer.next()).contains("\"rights\":\"write\"");
        assertThatThrownBy(() -> Tokens.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tokens.json");
    }

    @Test
    void administrator_importsDisconnectsAndDeletes() throws Exception {
        String lines = "{\"id\":\"x\",\"clock\":{}}\n[[\"k\",1],1,\"x\"]\n\"SYNC\"\n";
        assertThat(hub.send("POST", "/api/documents/model/a", lines, "Authorization", ADMIN)
                        .body())
                .isEqualTo("{\"applied\":1,\"skipped\":0}\n");
        TestHub.Raw writer = hub.raw("/replicate/model/a?token=writer");
        writer.next();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> hub.json("/api/connections", "Authorization", ADMIN)
                                .asArray()
                                .size()
                        == 1);
        String number = hub.json("/api/connections", "Authorization", ADMIN)
                .asArray()
                .get(0)
                .asObject()
                .get("connection")
                .toString();
        assertThat(hub.send("DELETE", "/api/connections/" + number, "", "Authorization", "Bearer writer")
                        .statusCode())
                .isEqualTo(403);
        hub.send("DELETE", "/api/connections/" + number, "", "Authorization", ADMIN);
        assertThat(writer.end()).startsWith("4403 disconnected");
        assertThat(state()).hasToString("{\"k\":1}");
        assertThat(hub.send("DELETE", "/api/documents/model/a", "", "Authorization", ADMIN)
                        .statusCode())
                .isEqualTo(200);
        assertThat(hub.raw("/replicate/model/a?token=writer").end()).startsWith("4410");
    }
}
