package dev.scuttlebutt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node that is kept in a file, and what {@code inspect} says of such files. */
@Timeout(60)
class NodeFileTest {
    @TempDir
    Path folder;

    private String file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("n.journal").toString();
    }

    private Cli.Result node(String input, String... more) {
        String[] arguments = new String[5 + more.length];
        System.arraycopy(new String[] {"node", "--type", "model", "--file", file}, 0, arguments, 0, 5);
        System.arraycopy(more, 0, arguments, 5, more.length);
        return Cli.run(input.getBytes(StandardCharsets.UTF_8), arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "interval", "update"})
    void restart_hasIdAndContent(String durability) {
        Cli.Result first = node("set k 1\nid\n", "--durability", durability);
        Cli.Result second = node("get k\nid\nset k 2\nquit\n", "--durability", durability);
        Cli.Result third = node("get k\nid\n");

        assertThat(first.err()).isEmpty();
        assertThat(second.lines()).startsWith("{\"ok\":1}", first.lines().get(1));
        assertThat(third.lines()).containsExactly("{\"ok\":2}", first.lines().get(1));
    }

    @Test
    void answer_comesWhenTheFileHasIt() throws Exception {
        try (LiveNode node = LiveNode.start("--type", "model", "--file", file)) {
            node.ok("set k \"in the file\"");

            assertThat(Files.readString(Path.of(file))).contains("[\"k\",\"in the file\"]");
        }
    }

    @Test
    void fileOfAnotherNode_isRefused() throws Exception {
        try (LiveNode node = LiveNode.start("--type", "model", "--file", file)) {
            node.ok("set k 1");
            Cli.Result other = node("get k\n");

            assertThat(other.status()).isEqualTo(1);
            assertThat(other.errLines()).hasSize(1);
            assertThat(other.err()).contains(file).contains("is open");
        }
    }

    @Test
    void tornTail_isSaidOnce_andTheNodeGoesOn() throws Exception {
        node("set k 1\n");
        Files.writeString(Path.of(file), Files.readString(Path.of(file)) + "[[\"k\",2],1");
        Cli.Result second = node("get k\n");

        assertThat(second.status()).isZero();
        assertThat(second.lines()).containsExactly("{\"ok\":1}");
        assertThat(second.errLines()).hasSize(1);
        assertThat(second.err()).contains("cut off").contains(file + ".bad");
        assertThat(node("get k\n").err()).isEmpty();
    }

    @Test
    void fileOfAnotherKind_isLeftAlone() throws Exception {
        Files.writeString(Path.of(file), "dear diary\n");
        Cli.Result result = node("set k 1\n");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("is no journal");
        assertThat(Path.of(file)).hasContent("dear diary");
    }

    @Test
    void eventsOfTheJournalItself_areNotShown() {
        assertThat(node("id\n", "--id", "me", "--events").lines()).containsExactly("{\"ok\":\"me\"}");
    }

    @Test
    void durabilityWithoutFile_isAMistake() {
        Cli.Result result = Cli.run("node", "--type", "model", "--durability", "update");

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("--durability");
    }

    // inspect

    private static JsonObject inspect(String... arguments) {
        Cli.Result result = Cli.run(arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.lines()).hasSize(1);
        return Json.parse(result.out()).asObject();
    }

    @Test
    void inspect_tellsWhatIsThereAndWhatIsWrong() throws Exception {
        String good = "{\"id\":\"A\",\"clock\":{\"A\":2,\"S\":9}}\n[[\"x\",1],1,\"A\"]\n\"SYNC\"\n";
        String bad = good + "gärbage\n[[\"y\",2],2,\"A\"]\n";
        Files.writeString(Path.of(file), bad + "[[\"z");
        JsonObject found = inspect("inspect", "--json", file);

        assertThat(found.get("id")).hasToString("\"A\"");
        assertThat(found.get("updates")).hasToString("2");
        assertThat(found.get("following")).hasToString("1");
        assertThat(found.get("complete")).hasToString("true");
        assertThat(found.get("clock")).hasToString("{\"A\":2,\"S\":9}");
        assertThat(found.get("badLines").asArray().get(0).asObject().get("offset"))
                .hasToString(String.valueOf(good.length()));
        assertThat(found.get("tornTail").asObject().get("offset"))
                .hasToString(String.valueOf(bad.getBytes(StandardCharsets.UTF_8).length));

        Cli.Result text = Cli.run("inspect", file);
        assertThat(text.status()).isZero();
        assertThat(text.lines())
                .contains("id          A", "history     complete", "bad lines   1")
                .anyMatch(line -> line.startsWith("torn tail   line 6, bytes"));
        assertThat(Path.of(file)).hasContent(bad + "[[\"z");
        assertThat(folder.resolve("n.journal.bad")).doesNotExist();
    }

    @Test
    void inspectVerify_namesLinesWithoutAValidSignature() throws Exception {
        Path key = folder.resolve("ada");
        assertThat(Cli.run("keygen", "--bits", "2048", key.toString()).status()).isZero();
        String publicKey = key + ".pem";
        assertThat(node("set k 1\n", "--private-key", key.toString(), "--public-key", publicKey)
                        .status())
                .isZero();
        assertThat(inspect("inspect", "--json", "--verify", "--trust", publicKey, file)
                        .get("unverified"))
                .hasToString("0");
        Path journal = Path.of(file);
        Files.writeString(journal, Files.readString(journal).replace("[\"k\",1]", "[\"k\",2]"));

        JsonObject forged = inspect("inspect", "--json", "--verify", "--trust", publicKey, file);
        assertThat(forged.get("unverified")).hasToString("1");
        assertThat(forged.get("unverifiedLines").asArray().get(0).asObject().get("line"))
                .hasToString("3");
    }

    @Test
    void inspectOfWhatIsNotThere_isAFailureOfOneLine() {
        Cli.Result missing = Cli.run("inspect", file);
        Cli.Result directory = Cli.run("inspect", folder.toString());

        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.errLines()).hasSize(1);
        assertThat(directory.status()).isEqualTo(1);
        assertThat(directory.err()).contains("is a directory");
    }

    @Test
    void inspectOfADirectoryOfKv_namesItsDocuments() throws Exception {
        Path list = folder.resolve("02").resolve("__list");
        Path document = folder.resolve("f7").resolve("doc");
        Files.createDirectories(list.getParent());
        Files.createDirectories(document.getParent());
        Files.writeString(list, "[\"put\",\"doc\",1]\n");
        Files.writeString(document, "\"SYNC\"\n");

        assertThat(inspect("inspect", "--json", folder.toString()))
                .hasToString("{\"documents\":[{\"name\":\"doc\",\"file\":" + Json.of(document.toString())
                        + ",\"bytes\":7}]}");
        assertThat(Cli.run("inspect", folder.toString()).lines()).first().isEqualTo("documents   1");
    }

    @Test
    void keysWithoutVerify_andVerifyWithoutKeys_areMistakes() {
        assertThat(Cli.run("inspect", "--verify", file).status()).isEqualTo(2);
        assertThat(Cli.run("inspect", "--trust", "a.pem", file).status()).isEqualTo(2);
    }
}
