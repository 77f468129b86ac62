package dev.scuttlebutt.hub;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.netty.WebSocketClient;
import java.io.IOException;

/** A document in two pages, one on a large screen and one on a phone, beside a Java peer, all at one hub. */
final class TwoPages implements AutoCloseable {
    final Browser.Page one;
    final Browser.Page two;
    private final Browser browser;
    private final TestHub hub;
    private final WebSocketClient link;

    TwoPages(Replica java, String document) throws Exception {
        browser = Browser.start();
        hub = new TestHub();
        link = WebSocketClient.connect(java, hub.socketUri("/replicate/" + document));
        String address = hub.uri("/#" + document).toString();
        one = browser.open(address, 1280, 860);
        two = browser.open(address, 390, 844);
    }

    Browser.Page[] both() {
        return new Browser.Page[] {one, two};
    }

    /** Why the Java peer lost its connection, or null. */
    Throwable failure() {
        return link.lastFailure();
    }

    @Override
    public void close() throws IOException {
        link.close();
        browser.close();
        hub.close();
    }
}
