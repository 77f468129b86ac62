package dev.scuttlebutt.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.journal.FileJournal;
import dev.scuttlebutt.journal.LoadReport;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.types.Value;
import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that one side writes and the other reads. */
@Timeout(120)
final class JournalTest {
    private static final int MANY = 3_000;

    @TempDir
    Path folder;

    private static Replica replica(String type, String id) {
        return switch (type) {
            case "model" -> new Model(id);
            case "events" -> new Events(id);
            default -> new Value(id);
        };
    }

    private static void change(Replica replica, int i) {
        if (replica instanceof Model model) {
            model.set("key é€😀 " + i % (MANY / 2), Map.of("i", i, "text", "é€😀\u2028\u0000"));
        } else if (replica instanceof Events events) {
            events.emit("heard", "é€😀", i);
        } else if (replica instanceof Value value) {
            value.set("é€😀 " + i);
        }
    }

    private static void change(NodePeer node, String type, int i) throws Exception {
        if (type.equals("events")) {
            node.emit("heard", "é€😀 from node", i);
        } else {
            node.set("key é€😀 " + i, "é€😀 from node " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "events", "value"})
    void journalOfJava_isReadByTheOriginal(String type) throws Exception {
        Path file = folder.resolve("java.journal");
        Replica java = replica(type, "java");
        try (FileJournal journal = FileJournal.open(file, java)) {
            for (int i = 0; i < MANY; i++) {
                change(java, i);
            }
            journal.compact().toCompletableFuture().get(60, TimeUnit.SECONDS);
            change(java, MANY);
        }
        Replica restarted = replica(type, "java");
        try (FileJournal journal = FileJournal.open(file, restarted)) {
            change(restarted, MANY + 1);
        }
        try (NodePeer node = NodePeer.start("scuttlebutt", type, "node")) {
            assertThat(node.load(file)).hasToString("[]");

            assertThat(node.history()).isEqualTo(Meeting.history(restarted));
            assertThat(node.clock().toMap()).containsOnlyKeys("java");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "events", "value"})
    void fileOfTheOriginal_isReadAndContinuedByJava_andReadAgainByTheOriginal(String type) throws Exception {
        Path file = folder.resolve("node.stream");
        try (NodePeer node = NodePeer.start("scuttlebutt", type, "node")) {
            for (int i = 0; i < 50; i++) {
                change(node, type, i);
            }
            node.save(file);
            Replica java = type.equals("model") ? new Model() : type.equals("events") ? new Events() : new Value();
            try (FileJournal journal = FileJournal.open(file, java)) {
                assertThat(journal.loaded().isIntact()).isTrue();
                assertThat(Meeting.history(java)).isEqualTo(node.history());
                assertThat(java.clock()).isEqualTo(node.clock());
                assertThat(java.id()).isEqualTo("node");
                change(java, 1);
            }
            try (NodePeer next = NodePeer.start("scuttlebutt", type, "next")) {
                assertThat(next.load(file)).hasToString("[]");
                assertThat(next.history()).isEqualTo(Meeting.history(java));
            }
        }
    }

    @Test
    void tornFileOfTheOriginal_isReadUpToTheTear() throws Exception {
        Path file = folder.resolve("node.stream");
        try (NodePeer node = NodePeer.start("scuttlebutt", "model", "node")) {
            node.set("whole", "é€😀");
            node.save(file);
        }
        Files.writeString(file, "[[\"torn\",\"é€", StandardOpenOption.APPEND);
        Model java = new Model();
        LoadReport report = FileJournal.load(file, java);

        assertThat(report.tornTail()).isNotNull();
        assertThat(java.toJson()).hasToString("{\"whole\":\"é€😀\"}");
    }

    @Test
    void killedNode_startsAgainAndSyncsWithTheOriginal() throws Exception {
        Path file = folder.resolve("killed.journal");
        try (NodePeer node = NodePeer.start("scuttlebutt", "model", "node")) {
            node.set("fromNode", 1);
            int last = writeUntilKilled(file);
            Model java = new Model();
            try (FileJournal journal = FileJournal.open(file, java);
                    AutoCloseable link = Meeting.NODE_LISTENS.link(java, node)) {
                assertThat(journal.loaded().badLines()).isEmpty();
                Meeting.awaitEqual(java, node);
                java.set("again", true);
                Meeting.awaitEqual(java, node);

                assertThat(node.json()).isEqualTo(java.toJson());
                assertThat(java.get("n", Integer.class)).isGreaterThanOrEqualTo(last);
                assertThat(java.get("fromNode")).hasToString("1");
            }
        }
    }

    /** Returns the last number whose command was answered. */
    private static int writeUntilKilled(Path file) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.scuttlebutt.cli.Main",
                        "node",
                        "--type",
                        "model",
                        "--durability",
                        "update",
                        "--file",
                        file.toString())
                .start();
        int killAfter = 20 + new Random().nextInt(100);
        int answered = -1;
        try (BufferedReader answers = process.inputReader(StandardCharsets.UTF_8)) {
            OutputStream commands = process.getOutputStream();
            for (int i = 0; i < killAfter; i++) {
                commands.write(("set n " + i + "\n").getBytes(StandardCharsets.UTF_8));
                commands.flush();
                assertThat(Json.parse(answers.readLine()).asObject().get("ok")).isNotNull();
                answered = i;
            }
            commands.write("set n 1000\nset n 1001\n".getBytes(StandardCharsets.UTF_8));
            commands.flush();
            process.toHandle().destroyForcibly();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        return answered;
    }

    @Test
    void oldOriginal_readsTheSameState() throws Exception {
        Path file = folder.resolve("state");
        Model model = new Model("java");
        model.set("deep", Map.of("a", List.of(1, 2.5, Map.of())));
        model.set("gone", 1);
        model.delete("gone");
        FileJournal.save(file, model);
        try (NodePeer node = NodePeer.start("scuttlebutt-5.5", "model", "old")) {
            assertThat(node.load(file)).hasToString("[]");
            assertThat(node.json()).isEqualTo(model.toJson());
        }
    }
}
