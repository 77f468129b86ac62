package dev.scuttlebutt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.hub.DocumentTypes;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.security.DocumentSecurity;
import dev.scuttlebutt.security.KeyRing;
import dev.scuttlebutt.security.Pem;
import dev.scuttlebutt.store.Handle;
import dev.scuttlebutt.store.SqliteStorage;
import dev.scuttlebutt.store.Store;
import dev.scuttlebutt.types.Model;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code inspect} says of the data directory of a store. */
@Timeout(60)
class InspectDataTest {
    @TempDir
    Path folder;

    private Path data;

    @BeforeEach
    void fill() throws Exception {
        data = folder.resolve("data");
        try (Store store = open();
                Handle<Model> cellar = store.open("model/cellar", Model.class).join();
                Handle<Model> odd = store.open("model/ö 😀", Model.class).join()) {
            cellar.replica().apply(update("[[\"Merlot\",6],1700000000000,\"ada\"]"));
            odd.replica().apply(update("[[\"k\",1],5,\"bob\"]"));
            store.flush().join();
            cellar.replica().apply(update("[[\"Rioja\",2],1700000000001,\"ada\"]"));
            store.flush().join();
            store.delete("model/old").join();
        }
    }

    private Store open() throws Exception {
        return Store.open(SqliteStorage.open(data), DocumentTypes.schema());
    }

    private static Update update(String line) {
        return Update.parse(line);
    }

    private JsonObject inspect(String... more) {
        String[] arguments = new String[more.length + 3];
        arguments[0] = "inspect";
        arguments[1] = "--json";
        System.arraycopy(more, 0, arguments, 2, more.length);
        arguments[more.length + 2] = data.toString();
        Cli.Result result = Cli.run(arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        return Json.parse(result.out()).asObject();
    }

    private static JsonObject first(JsonObject found, String key) {
        return found.get(key).asArray().get(0).asObject();
    }

    private void damage(String command) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve(SqliteStorage.FILE));
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(command)).isPositive();
        }
    }

    @Test
    void documentsWithClocksAndWhatWasDeleted_areNamed() {
        JsonObject found = inspect();

        assertThat(found.get("documents"))
                .hasToString(
                        "[{\"name\":\"model/cellar\",\"type\":\"model\",\"bytes\":69,\"blocks\":2,"
                                + "\"clock\":{\"ada\":1700000000001}},"
                                + "{\"name\":\"model/ö 😀\",\"type\":\"model\",\"bytes\":18,\"blocks\":1,\"clock\":{\"bob\":5}}]");
        assertThat(first(found, "deleted").get("name")).hasToString("\"model/old\"");
        assertThat(found.get("closed")).isEqualTo(Json.TRUE);
        assertThat(found.get("badRows")).isEqualTo(JsonArray.of(List.of()));
        assertThat(found.keys()).doesNotContain("problems");
    }

    @Test
    void text_isForPeople() {
        Cli.Result text = Cli.run("inspect", "--verify", data.toString());

        assertThat(text.lines())
                .contains(
                        "state       closed",
                        "documents   2 in 3 blocks, 3 updates",
                        "  model/cellar  model, bytes 69, blocks 2, sources 1, latest 2023-11-14T22:13:20.001Z",
                        "deleted     1",
                        "bad rows    none",
                        "problems    none",
                        "structure   sound")
                .anyMatch(line -> line.startsWith("  model/old  "));
    }

    @Test
    void storeThatIsOpen_isLookedInto() throws Exception {
        try (Store store = open()) {
            store.delete("model/other").join();

            assertThat(inspect().get("closed")).isEqualTo(Json.FALSE);
            assertThat(inspect().get("deleted").asArray().size()).isEqualTo(2);
        }
    }

    @Test
    void verify_findsDamagedRows_andLinesThatAreNone() throws Exception {
        damage("UPDATE block SET lines = CAST(replace(lines, 'Rioja', 'Rioxa') AS BLOB) WHERE id = 3");
        damage("UPDATE block SET lines = CAST('[1,2' AS BLOB) WHERE CAST(lines AS TEXT) LIKE '%bob%'");

        JsonObject found = inspect("--verify");
        assertThat(found.get("problems")).hasToString("3");
        assertThat(found.get("problemRows").toString())
                .contains("\"document\":\"model/cellar\",\"row\":3,\"line\":0,\"reason\":\"the checksum")
                .contains("\"line\":1,\"reason\":\"expected");
        assertThat(found.get("structure")).isEqualTo(JsonArray.of(List.of()));
        assertThat(Cli.run("inspect", "--verify", data.toString()).lines())
                .contains("problems    3")
                .anyMatch(line -> line.startsWith("  model/cellar, row 3: the checksum should be "));
    }

    @Test
    void rowsThatWereSetAside_areShown() throws Exception {
        damage("UPDATE block SET checksum = checksum + 1 WHERE id = 3");
        try (Store store = open()) {
            store.open("model/cellar").join().saved().join();
        }

        JsonObject row = first(inspect(), "badRows");
        assertThat(row.get("document")).hasToString("\"model/cellar\"");
        assertThat(row.get("bytes")).hasToString("34");
    }

    @Test
    void verifyWithKeys_wantsEachUpdateSignedForItsDocumentOrForNone() throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        KeyRing ring = KeyRing.create();
        Path key = folder.resolve("ada.pem");
        Files.writeString(key, Pem.text(keys.getPublic()));
        for (String document : new String[] {"model/signed", "model/stolen"}) {
            Model signed = new Model(ReplicaOptions.defaults()
                    .security(DocumentSecurity.of("model/signed", keys.getPrivate(), keys.getPublic(), ring)));
            signed.set("k", 1);
            try (Store store = open()) {
                Handle<Model> into = store.open(document, Model.class).join();
                into.replica().apply(signed.history().get(0));
                into.saved().join();
            }
        }

        JsonObject found = inspect("--verify", "--trust", key.toString());
        assertThat(found.get("problemRows").asArray())
                .extracting(row -> row.asObject().get("document").asString())
                .containsExactly("model/cellar", "model/cellar", "model/stolen", "model/ö 😀");
    }

    @Test
    void mistakesInOptions_areTold() {
        assertThat(Cli.run("inspect", "--verify", "--document", "x", data.toString())
                        .status())
                .isEqualTo(2);
        assertThat(Cli.run("inspect", "--trust", "a.pem", data.toString()).status())
                .isEqualTo(2);
    }
}
