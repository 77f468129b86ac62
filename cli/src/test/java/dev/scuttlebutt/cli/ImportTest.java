package dev.scuttlebutt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.hub.DocumentTypes;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.store.Handle;
import dev.scuttlebutt.store.SqliteStorage;
import dev.scuttlebutt.store.Store;
import dev.scuttlebutt.types.Model;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Documents of the originals are taken over. */
@Timeout(60)
class ImportTest {
    @TempDir
    Path folder;

    private Path write(String name, String... lines) throws Exception {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, String.join("\n", lines) + "\n");
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Cli.Result take(Path from, String... options) {
        String[] arguments = new String[options.length + 4];
        arguments[0] = "import";
        arguments[1] = "--data";
        arguments[2] = data().toString();
        System.arraycopy(options, 0, arguments, 3, options.length);
        arguments[arguments.length - 1] = from.toString();
        return Cli.run(arguments);
    }

    private Json model(String name) throws Exception {
        try (Store store = Store.open(SqliteStorage.open(data()), DocumentTypes.schema(Map.of("*", "model")));
                Handle<Model> handle = store.open(name, Model.class).join()) {
            return handle.replica().toJson();
        }
    }

    @Test
    void streamOfTheOriginal_becomesADocument_andIsMergedWithWhatIsThere() throws Exception {
        Path first = write(
                "first",
                "{\"id\":\"A\",\"clock\":{\"A\":2}}",
                "[[\"é\",1],1,\"A\"]",
                "[[\"y\",2],2,\"A\"]",
                "\"SYNC\"");
        Path second = write("second", "[[\"y\",1],1,\"B\"]", "[[\"z\",3],3,\"B\"]");

        Cli.Result result = take(first, "--as", "model/cellar");
        assertThat(result.lines()).containsExactly("model/cellar  applied 2, there already 0");
        assertThat(take(second, "--as", "model/cellar").status()).isZero();
        assertThat(take(first, "--as", "model/cellar", "--json").lines())
                .containsExactly("{\"document\":\"model/cellar\",\"applied\":0,\"stale\":2,\"bad\":0}");

        assertThat(model("model/cellar")).isEqualTo(Json.parse("{\"é\":1,\"y\":2,\"z\":3}"));
    }

    @Test
    void journalOfANode_becomesADocument() throws Exception {
        Path journal = folder.resolve("n.journal");
        Cli.Result node = Cli.run(
                "set k 1\n".getBytes(StandardCharsets.UTF_8), "node", "--type", "model", "--file", journal.toString());
        assertThat(node.status()).isZero();

        assertThat(take(journal, "--as", "model/n").status()).isZero();
        assertThat(model("model/n")).hasToString("{\"k\":1}");
    }

    @Test
    void linesThatCannotBeUsed_areTold() throws Exception {
        Path torn = Files.writeString(folder.resolve("torn"), "[[\"k\",1],1,\"A\"]\n?\n[[\"k\",2],2,\"A");

        Cli.Result result = take(torn, "--as", "model/torn");

        assertThat(result.status()).isZero();
        assertThat(result.lines()).containsExactly("model/torn  applied 1, there already 0, not usable 2");
        assertThat(result.errLines())
                .hasSize(2)
                .anyMatch(line -> line.contains("line 2, bytes 16"))
                .anyMatch(line -> line.contains("line 3, bytes 18"));
    }

    @Test
    void directoryOfKv_givesAllItsDocuments() throws Exception {
        Path kv = folder.resolve("kv");
        write(
                "kv/02/__list",
                "[\"put\",\"doc\",1]",
                "[\"put\",\"hello/there\",2]",
                "[\"put\",\"gone\",3]",
                "[\"del\",\"gone\",4]");
        write("kv/f7/doc", "[[\"k\",1],1,\"A\"]", "\"SYNC\"");
        write("kv/8d/hello%2Fthere", "[[\"k\",2],1,\"A\"]", "\"SYNC\"");

        Cli.Result result = take(kv, "--schema", "*=model");

        assertThat(result.err()).isEmpty();
        assertThat(result.lines())
                .containsExactly("doc  applied 1, there already 0", "hello/there  applied 1, there already 0");
        assertThat(model("hello/there")).hasToString("{\"k\":2}");
    }

    @Test
    void dumpOfLevelScuttlebutt_givesAllItsDocuments() throws Exception {
        Path dump = write(
                "rows",
                "{\"key\":\"m1\",\"value\":\"{}\"}",
                "{\"key\":\"ÿsbÿm1\\u000010\\u0000A\",\"value\":\"[\\\"k\\\",1]\"}",
                "{\"key\":\"ÿsbÿm1\\u00009\\u0000A\",\"value\":\"[\\\"é\\\",2]\"}",
                "{\"key\":\"ÿsbÿm2\\u00009\\u0000A\",\"value\":\"[\\\"cut\\\"\"}",
                "{\"key\":\"ÿsbÿother\\u00009\\u0000A\",\"value\":\"17\"}");

        Cli.Result result = take(dump, "--schema", "m*=model");

        assertThat(result.lines()).containsExactly("m1  applied 2, there already 0");
        assertThat(result.errLines())
                .hasSize(2)
                .anyMatch(line -> line.contains("other was not taken over: no rule of the schema"))
                .anyMatch(line -> line.contains("line 4") && line.contains("\\u0000"));
        assertThat(result.status()).isEqualTo(1);
        assertThat(model("m1")).isEqualTo(Json.parse("{\"é\":2,\"k\":1}"));
    }

    @Test
    void mistakes_areTold() throws Exception {
        Path stream = write("stream", "\"SYNC\"");
        Path kv = Files.createDirectory(folder.resolve("empty"));

        assertThat(take(stream).status()).isEqualTo(2);
        assertThat(take(stream).err()).contains("--as");
        assertThat(take(kv).status()).isEqualTo(1);
        assertThat(take(stream, "--schema", "x", "--as", "y").status()).isEqualTo(2);
        assertThat(take(stream, "--as", "no/type").err()).contains("no type belongs to the name no/type");
        assertThat(take(folder.resolve("absent")).errLines()).hasSize(1);
        assertThat(List.of(
                        take(write("rows", "[\"k\",\"v\"]"), "--as", "model/x").status()))
                .containsExactly(2);
    }

    @Test
    void manyBadLines_areTold_andTheRestIsCounted() throws Exception {
        String[] lines = new String[32];
        lines[0] = "{\"id\":\"A\",\"clock\":{}}";
        lines[1] = "[[\"x\",1],1,\"A\"]";
        for (int i = 2; i < lines.length; i++) {
            lines[i] = "[" + i + "," + i + ",\"A\"]";
        }
        Path file = write("many", lines);

        Cli.Result result = take(file, "--as", "model/many");
        assertThat(result.lines()).containsExactly("model/many  applied 1, there already 0, not usable 30");
        assertThat(result.errLines())
                .hasSize(21)
                .last()
                .isEqualTo("scuttlebutt import: " + file + " has 10 more lines that cannot be used");
    }
}
