package dev.scuttlebutt.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.netty.WebSocketClient;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.types.REdit;
import dev.scuttlebutt.types.crdt.Doc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The npm originals in a page of a real browser, beside our client in another and a Java peer. */
class OriginalsInBrowserTest {
    private static final Path PACKAGES = Path.of("..", "interop", "src", "test", "js", "node_modules");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The originals as one script. */
    private static String bundle() throws Exception {
        if (!Files.isDirectory(PACKAGES.resolve("esbuild"))) {
            String missing = "the npm packages are not installed: npm ci in interop/src/test/js";
            if ("true".equals(System.getenv("CI"))) {
                fail(missing);
            }
            abort(missing);
        }
        Process node = new ProcessBuilder(
                        "node",
                        "bundle.mjs",
                        PACKAGES.toAbsolutePath().normalize().toString())
                .directory(Path.of("src", "test", "js").toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String script = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(node.waitFor()).isZero();
        return script;
    }

    @Test
    void aModelAndARows_areSharedWithOurClientAndJava() throws Exception {
        String script = bundle();
        Model model = new Model("java");
        Doc doc = new Doc("java");
        try (TestHub hub = new TestHub();
                Browser browser = Browser.start();
                WebSocketClient first = WebSocketClient.connect(model, hub.socketUri("/replicate/model/shared"));
                WebSocketClient second = WebSocketClient.connect(doc, hub.socketUri("/replicate/doc/shared"))) {
            Browser.Page originals = browser.open(hub.uri("/#none").toString(), 800, 600);
            originals.run(script + "; globalThis.model = new originals.Model(); globalThis.doc = new originals.Doc();"
                    + "globalThis.cut = originals.link(model, 'model/shared'); originals.link(doc, 'doc/shared'); 0");
            Browser.Page ours = browser.open(hub.uri("/#model/shared").toString(), 800, 600);
            ours.await("scuttlebutt.link.state === 'live'");

            model.set("java", Map.of("text", "é😀\u2028", "n", 1e21));
            originals.run("model.set('originals', ['x', 1.5, null]); 0");
            ours.run("scuttlebutt.replica.set('ours', { deep: [true] }); 0");
            await().atMost(PATIENCE).until(() -> model.keys().size() == 3);
            awaitEqual(originals, "model.toJSON()", model.toJson());
            awaitEqual(ours, "scuttlebutt.replica.toJSON()", model.toJson());

            originals.run("cut(); model.set('away', true); model.set('java', 'overwritten'); 0");
            model.set("meanwhile", 1);
            ours.await("scuttlebutt.replica.get('meanwhile') === 1");
            originals.run("originals.link(model, 'model/shared'); 0");
            await().atMost(PATIENCE).until(() -> model.keys().size() == 5);
            awaitEqual(originals, "model.toJSON()", model.toJson());
            awaitEqual(ours, "scuttlebutt.replica.toJSON()", model.toJson());

            ours.run("location.hash = '#doc/shared'; 0");
            ours.await("scuttlebutt.link.state === 'live'");
            doc.add(Map.of("id", "row", "by", "java"));
            originals.run("doc.add({ id: 'theirs', by: 'originals' }); 0");
            ours.run("scuttlebutt.replica.add({ by: 'ours' }, 'our'); 0");
            ours.await("scuttlebutt.replica.ids().length === 3");
            originals.run("doc.set('row', { seen: 'originals' }); 0");
            ours.run("scuttlebutt.replica.set('theirs', { seen: 'ours' }); 0");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(doc.toJson().toString())
                            .contains("\"seen\":\"originals\"", "\"seen\":\"ours\"", "\"by\":\"ours\""));
            awaitEqual(originals, "doc.toJSON()", doc.toJson());
            awaitEqual(ours, "scuttlebutt.replica.toJSON()", doc.toJson());
            assertThat(first.lastFailure()).isNull();
            assertThat(second.lastFailure()).isNull();
        }
    }

    @Test
    void aTextOfLines_isSharedWithOurClientAndJava() throws Exception {
        String script = bundle();
        REdit java = new REdit("java");
        java.text("eggs\nflour\n");
        try (TestHub hub = new TestHub();
                Browser browser = Browser.start();
                WebSocketClient link = WebSocketClient.connect(java, hub.socketUri("/replicate/edit/shared"))) {
            Browser.Page originals = browser.open(hub.uri("/#none").toString(), 800, 600);
            originals.run(script + "; globalThis.edit = new originals.REdit();"
                    + "globalThis.cut = originals.link(edit, 'edit/shared'); 0");
            Browser.Page ours = browser.open(hub.uri("/#edit/shared").toString(), 800, 600);
            originals.await("edit.text() === 'eggs\\nflour\\n'");
            ours.await("scuttlebutt.link.state === 'live' && scuttlebutt.replica.text() === 'eggs\\nflour\\n'");

            originals.run("edit.text('six eggs\\nflour\\n'); 0");
            ours.await("scuttlebutt.replica.text() === 'six eggs\\nflour\\n'");
            ours.run("scuttlebutt.replica.update('six eggs\\nwhite flour\\nsalt 🧂\\n'); 0");
            originals.await("edit.text() === 'six eggs\\nwhite flour\\nsalt 🧂\\n'");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(java.text()).isEqualTo("six eggs\nwhite flour\nsalt 🧂\n"));

            // Apart, each in another line; then one after the other in the same.
            originals.run("cut(); edit.text(edit.text().replace('six', 'seven')); 0");
            java.text("Cake\n" + java.text());
            ours.await("scuttlebutt.replica.text().startsWith('Cake')");
            ours.run("scuttlebutt.replica.insert(scuttlebutt.replica.text().length, 'milk'); 0");
            originals.run("globalThis.cut = originals.link(edit, 'edit/shared'); 0");
            String whole = "Cake\nseven eggs\nwhite flour\nsalt 🧂\nmilk";
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(java.text()).isEqualTo(whole));
            for (Browser.Page page : new Browser.Page[] {originals, ours}) {
                String text = page == ours ? "scuttlebutt.replica.text()" : "edit.text()";
                page.await(text + " === " + Json.of(whole));
            }
            awaitEqual(
                    originals,
                    "edit.keys",
                    Json.parse(ours.run("JSON.stringify(scuttlebutt.replica.keys())")
                            .asString()));
            assertThat(link.lastFailure()).isNull();
        }
    }

    private static void awaitEqual(Browser.Page page, String expression, Json expected) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Json.parse(
                                page.run("JSON.stringify(" + expression + ")").asString()))
                        .isEqualTo(expected));
    }
}
