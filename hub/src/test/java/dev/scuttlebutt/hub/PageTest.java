package dev.scuttlebutt.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.netty.WebSocketClient;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.types.RString;
import dev.scuttlebutt.types.crdt.Doc;
import dev.scuttlebutt.types.crdt.RowSequence;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page in a real browser, twice, beside a Java peer. The pictures it takes lie in target/pages. */
class PageTest {
    static final Path PICTURES = Path.of("target", "pages");
    static final String LIVE = "scuttlebutt.link.state === 'live'";

    static void type(Browser.Page page, String selector, String text) throws Exception {
        page.run("(() => { const e = document.querySelector(" + Json.of(selector) + "); e.focus(); e.value = "
                + Json.of(text)
                + "; e.dispatchEvent(new Event('input', { bubbles: true })); "
                + "e.dispatchEvent(new Event('change', { bubbles: true })) })()");
    }

    static void click(Browser.Page page, String selector) throws Exception {
        page.run("document.querySelector(" + Json.of(selector) + ").click()");
    }

    static String state(Browser.Page page) throws Exception {
        return page.run("JSON.stringify(scuttlebutt.replica.toJSON())").asString();
    }

    @Test
    void values_changedInTwoPagesAndInJava_offLineToo_endEqual() throws Exception {
        Model java = new Model("java");
        java.set("day", "Sunday");
        java.set("guests", 7);
        try (TwoPages pages = new TwoPages(java, "model/picnic")) {
            Browser.Page one = pages.one;
            Browser.Page two = pages.two;
            one.await(LIVE);
            two.await(LIVE + " && document.querySelectorAll('.values tbody tr').length === 2");
            one.await("document.querySelectorAll('#people li').length === 2");
            one.screenshot(PICTURES.resolve("values.png"));

            click(two, "#network");
            two.await("scuttlebutt.link.state === 'offline'");
            type(two, ".values tbody tr:first-child input", "Saturday");
            type(one, ".values tbody tr:nth-child(2) input", "9");
            java.set("place", "by the lake");
            one.await("scuttlebutt.replica.get('place') === 'by the lake'");
            two.screenshot(PICTURES.resolve("values-phone-offline.png"));
            assertThat(java.get("day")).isEqualTo(Json.of("Sunday"));

            click(two, "#network");
            two.await(LIVE + " && scuttlebutt.replica.get('guests') === 9");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(java.get("day")).isEqualTo(Json.of("Saturday")));
            one.await("scuttlebutt.replica.get('day') === 'Saturday'");
            two.await("scuttlebutt.replica.get('place') === 'by the lake'");
            Json expected = Json.object("day", "Saturday", "guests", 9, "place", "by the lake");
            assertThat(java.toJson()).isEqualTo(expected);
            assertThat(Json.parse(state(one))).isEqualTo(expected);
            assertThat(Json.parse(state(two))).isEqualTo(expected);
            assertThat(pages.failure()).isNull();

            click(one, "#inspect");
            one.await("document.querySelectorAll('.peers li').length >= 4");
            one.screenshot(PICTURES.resolve("inspector.png"));
        }
    }

    @Test
    void whatWasChangedOffLine_isThereAfterAReload_andReachesTheHub() throws Exception {
        Model java = new Model("java");
        java.set("day", "Sunday");
        try (TestHub hub = new TestHub();
                Browser browser = Browser.start();
                WebSocketClient link = WebSocketClient.connect(java, hub.socketUri("/replicate/model/kept"))) {
            Browser.Page page = browser.open(hub.uri("/#model/kept").toString(), 1280, 860);
            page.await(LIVE + " && document.querySelectorAll('.values tbody tr').length === 1");
            click(page, "#network");
            page.await("scuttlebutt.link.state === 'offline'");
            type(page, ".values tbody tr:first-child input", "Saturday");
            page.await("scuttlebutt.link.unsaved === 1");
            page.reload();
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(java.get("day")).isEqualTo(Json.of("Saturday")));
            page.await(LIVE + " && scuttlebutt.replica.get('day') === 'Saturday'");
            // Once the hub has it, nothing is kept.
            type(page, ".values tbody tr:first-child input", "Friday");
            page.await("Object.keys(localStorage).filter(key => key.includes('kept')).length === 1");
            page.await("Object.keys(localStorage).filter(key => key.includes('kept')).length === 0");
            assertThat(link.lastFailure()).isNull();
        }
    }

    @Test
    void tasks_changedInTwoPagesAndInJava_offLineToo_endEqual() throws Exception {
        Doc java = new Doc("java");
        RowSequence tasks = java.createSequence("list", "tasks");
        tasks.push(Map.of("text", "bake", "done", false));
        tasks.push(Map.of("text", "pack", "done", false));
        String texts = "scuttlebutt.replica.sequence('list', 'tasks').map(row => row.text).join()";
        try (TwoPages pages = new TwoPages(java, "doc/tasks")) {
            Browser.Page one = pages.one;
            Browser.Page two = pages.two;
            one.await(LIVE + " && document.querySelectorAll('.tasks li').length === 2");
            two.await(LIVE + " && document.querySelectorAll('.tasks li').length === 2");

            click(two, "#network");
            click(two, ".tasks li:first-child input[type=checkbox]");
            type(two, ".add input", "swim");
            two.run("document.querySelector('.add').requestSubmit()");
            click(one, ".tasks li:last-child [title='Move up']");
            type(one, ".tasks li:last-child .words", "bake bread");
            tasks.push(Map.of("text", "row", "done", false));
            one.await(texts + " === 'pack,bake bread,row'");
            click(two, "#network");

            for (Browser.Page page : pages.both()) {
                page.await(texts + ".split(',').length === 4");
            }
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(Json.parse(state(one))).isEqualTo(java.toJson());
                assertThat(Json.parse(state(two))).isEqualTo(java.toJson());
            });
            assertThat(one.run(texts).asString()).startsWith("pack,bake bread,");
            one.await("document.querySelectorAll('.tasks li.done').length === 1");
            one.screenshot(PICTURES.resolve("tasks.png"));
            assertThat(pages.failure()).isNull();
        }
    }

    @Test
    void text_writtenInTwoPagesAndInJava_offLineToo_endsEqual() throws Exception {
        RString java = new RString("java");
        java.text("Dear all,\n\nwe meet on Sunday.\n");
        String area = "document.querySelector('textarea')";
        try (TwoPages pages = new TwoPages(java, "string/invitation")) {
            Browser.Page one = pages.one;
            Browser.Page two = pages.two;
            for (Browser.Page page : pages.both()) {
                page.await(LIVE + " && " + area + ".value.endsWith('Sunday.\\n')");
            }

            click(two, "#network");
            two.run(area + ".focus(); " + area + ".setSelectionRange(1e6, 1e6)");
            two.insertText("Bring bread 🥖.\n");
            one.run(area + ".focus(); (at => " + area + ".setSelectionRange(at, at))(" + area
                    + ".value.indexOf('Sunday') + 6)");
            one.insertText(" at ten");
            java.insert(0, "Invitation\n\n");
            one.await(area + ".value.startsWith('Invitation')");
            // The caret stays where it was written, though there is more before it now.
            one.await(area + ".value.slice(0, " + area + ".selectionStart).endsWith('on Sunday at ten')");
            one.insertText(", by the lake");
            assertThat(java.text()).doesNotContain("bread");
            click(two, "#network");

            String whole = "Invitation\n\nDear all,\n\nwe meet on Sunday at ten, by the lake.\nBring bread 🥖.\n";
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(java.text()).isEqualTo(whole));
            for (Browser.Page page : pages.both()) {
                page.await(
                        area + ".value === " + Json.of(whole) + " && scuttlebutt.replica.text() === " + Json.of(whole));
                page.await("document.querySelectorAll('#people li').length === 2");
            }
            one.screenshot(PICTURES.resolve("text.png"));
            two.screenshot(PICTURES.resolve("text-phone.png"));
            one.dark();
            two.dark();
            one.screenshot(PICTURES.resolve("text-dark.png"));
            two.screenshot(PICTURES.resolve("text-phone-dark.png"));
            assertThat(pages.failure()).isNull();
        }
    }

    @Test
    void whatIsSaid_isHeardEverywhere_andThePageComesBackAfterARestartOfTheHub() throws Exception {
        Events java = new Events("java");
        try (TestHub hub = new TestHub();
                Browser browser = Browser.start();
                WebSocketClient link = WebSocketClient.connect(java, hub.socketUri("/replicate/events/feed"))) {
            java.emit("say", Map.of("name", "Java", "text", "hello"));
            Browser.Page page = browser.open(hub.uri("/#events/feed").toString(), 1280, 860);
            page.dark();
            page.await("document.querySelector('.feed ol').innerText.includes('hello')");
            type(page, ".feed form input", "hello yourself");
            page.run("document.querySelector('.feed form').requestSubmit()");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(java.toJson().toString()).contains("hello yourself"));
            page.screenshot(PICTURES.resolve("feed-dark.png"));

            int port = hub.hub.address().getPort();
            hub.hub.close();
            page.await("scuttlebutt.link.state !== 'live'");
            type(page, ".feed form input", "are you there?");
            page.run("document.querySelector('.feed form').requestSubmit()");
            try (Hub again = Hub.start(hub.store, HubOptions.defaults().http("127.0.0.1", port))) {
                page.await(LIVE);
                await().atMost(Duration.ofSeconds(40))
                        .untilAsserted(
                                () -> assertThat(java.toJson().toString()).contains("are you there?"));
                assertThat(again.peers()).isPositive();
            }
            assertThat(link.replica()).isSameAs(java);
        }
    }
}
