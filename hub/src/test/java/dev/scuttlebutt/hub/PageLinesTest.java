package dev.scuttlebutt.hub;

import static dev.scuttlebutt.hub.PageTest.LIVE;
import static dev.scuttlebutt.hub.PageTest.PICTURES;
import static dev.scuttlebutt.hub.PageTest.click;
import static dev.scuttlebutt.hub.PageTest.state;
import static dev.scuttlebutt.hub.PageTest.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.netty.WebSocketClient;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.types.RArray;
import dev.scuttlebutt.types.REdit;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Texts of lines and lists on the page, and what it does when the browser keeps nothing. See {@link PageTest}. */
class PageLinesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String FULL = "Storage.prototype.setItem = function (key) {"
            + " if (key.startsWith('scuttlebutt.kept')) throw new DOMException('no room', 'QuotaExceededError') }; 0";

    @Test
    void lines_writtenInTwoPagesAndInJava_offLineToo_endEqual() throws Exception {
        REdit java = new REdit("java");
        java.text("eggs\nflour\nmilk\n");
        String area = "document.querySelector('.lines textarea')";
        try (TwoPages pages = new TwoPages(java, "edit/cake")) {
            Browser.Page one = pages.one;
            Browser.Page two = pages.two;
            for (Browser.Page page : pages.both()) {
                page.await(LIVE + " && " + area + ".value === 'eggs\\nflour\\nmilk\\n'");
            }
            click(two, "#network");
            two.run(area + ".focus(); " + area + ".setSelectionRange(1e6, 1e6)");
            two.insertText("salt");
            one.run(area + ".focus(); (at => " + area + ".setSelectionRange(at, at))(" + area
                    + ".value.indexOf('flour') + 5)");
            one.insertText(" 🌾");
            java.insert(0, "Cake\n\n");
            one.await(area + ".value.startsWith('Cake')");
            one.await(area + ".value.slice(0, " + area + ".selectionStart).endsWith('flour 🌾')");
            one.insertText(", two cups");
            assertThat(java.text()).doesNotContain("salt");
            click(two, "#network");
            String whole = "Cake\n\neggs\nflour 🌾, two cups\nmilk\nsalt";
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(java.text()).isEqualTo(whole));
            for (Browser.Page page : pages.both()) {
                page.await(area + ".value === " + Json.of(whole));
                page.await("document.querySelector('.numbers').textContent === '1\\n2\\n3\\n4\\n5\\n6\\n'");
            }
            one.await("document.querySelector('.hint').textContent.startsWith('Line 4 of 6')");
            one.screenshot(PICTURES.resolve("lines.png"));
            two.dark();
            two.screenshot(PICTURES.resolve("lines-phone-dark.png"));
            assertThat(pages.failure()).isNull();
        }
    }

    @Test
    void list_changedInTwoPagesAndInJava_offLineToo_endsEqual() throws Exception {
        RArray java = new RArray("java");
        java.push("plates");
        java.push("knife");
        java.push(Map.of("cups", 7));
        try (TwoPages pages = new TwoPages(java, "array/bring")) {
            Browser.Page one = pages.one;
            Browser.Page two = pages.two;
            for (Browser.Page page : pages.both()) {
                page.await(LIVE + " && document.querySelectorAll('.items li').length === 3");
            }
            click(two, "#network");
            type(two, ".items li:first-child .words", "seven plates");
            type(two, ".add input", "{\"spoons\":2}");
            two.run("document.querySelector('.add').requestSubmit()");
            // By the keyboard: the item moves, and the focus with it.
            one.run("document.querySelector('.items li:nth-child(2) .words').focus();"
                    + "document.activeElement.dispatchEvent(new KeyboardEvent('keydown',"
                    + " { key: 'ArrowDown', altKey: true, bubbles: true, cancelable: true }))");
            one.await("document.querySelector('.items li:nth-child(3) .words') === document.activeElement"
                    + " && document.activeElement.value === 'knife'");
            click(one, ".items li:nth-child(2) [title='Delete']");
            java.push("blanket");
            click(two, "#network");
            for (Browser.Page page : pages.both()) {
                page.await("scuttlebutt.replica.length === 4 && scuttlebutt.replica.at(0) === 'seven plates'");
            }
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(java.toJson().toString())
                        .startsWith("[\"seven plates\",")
                        .contains("\"knife\"", "\"blanket\"", "{\"spoons\":2}");
                assertThat(Json.parse(state(one))).isEqualTo(java.toJson());
                assertThat(Json.parse(state(two))).isEqualTo(java.toJson());
            });
            one.dark();
            one.screenshot(PICTURES.resolve("list-dark.png"));
            two.screenshot(PICTURES.resolve("list-phone.png"));
            assertThat(pages.failure()).isNull();
        }
    }

    @Test
    void fullStorage_isTold_andTheChangesOfTheSessionReachTheHub() throws Exception {
        Model java = new Model("java");
        java.set("day", "Sunday");
        String notice = "document.querySelector('#storage')";
        try (TestHub hub = new TestHub();
                Browser browser = Browser.start();
                WebSocketClient link = WebSocketClient.connect(java, hub.socketUri("/replicate/model/full"))) {
            Browser.Page page = browser.open(hub.uri("/#model/full").toString(), 1280, 860);
            page.await(LIVE + " && document.querySelectorAll('.values tbody tr').length === 1");
            page.run(FULL);
            assertThat(page.run(notice + ".hidden")).isEqualTo(Json.TRUE);
            click(page, "#network");
            type(page, ".values tbody tr:first-child input", "Saturday");
            page.await("!" + notice + ".hidden && " + notice
                    + ".textContent.includes('the storage is full. One change is in this page only')");
            page.screenshot(PICTURES.resolve("storage-full.png"));
            // Who closes the page is asked, and going to another document takes nothing away.
            String asked = "(() => { const e = new Event('beforeunload', { cancelable: true });"
                    + " dispatchEvent(e); return e.defaultPrevented })()";
            assertThat(page.run(asked)).isEqualTo(Json.TRUE);
            page.run("location.hash = '#model/other'; 0");
            page.await("document.title.startsWith('Other')");
            assertThat(page.run(asked)).isEqualTo(Json.TRUE);
            assertThat(java.get("day")).isEqualTo(Json.of("Sunday"));
            click(page, "#network");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(java.get("day")).isEqualTo(Json.of("Saturday")));
            page.await("!" + asked);
            page.await(notice + ".hidden");
            page.run("location.hash = '#model/full'; 0");
            page.await(LIVE + " && scuttlebutt.replica.get('day') === 'Saturday'");
            assertThat(link.lastFailure()).isNull();
        }
    }
}
