package dev.scuttlebutt.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.json.Json;
import java.io.IOException;
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
        Path next = folder.resolve("next.json");
        Files.writeString(next, "{\"tokens\":[" + tokens + "]}");
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
        long before = System.nanoTime();
        write("{\"token\":\"reader\",\"read\":[\"model/\"]}");
        assertThat(writer.end()).isEqualTo("4403 the right was withdrawn");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        assertThat(reader.closed).isNotDone();
        assertThat(hub.raw("/replicate/model/a?token=writer").end()).startsWith("4401");
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
