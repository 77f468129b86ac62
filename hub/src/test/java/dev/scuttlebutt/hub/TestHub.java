package dev.scuttlebutt.hub;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.store.MemoryStorage;
import dev.scuttlebutt.store.Store;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A hub on a free port, with documents in memory. */
final class TestHub implements AutoCloseable {
    static final HttpClient HTTP = HttpClient.newHttpClient();

    final Store store;
    final Hub hub;

    TestHub() throws IOException {
        this(options -> options);
    }

    TestHub(UnaryOperator<HubOptions> options) throws IOException {
        store = Store.open(new MemoryStorage(), DocumentTypes.schema());
        hub = Hub.start(store, options.apply(HubOptions.defaults().http("127.0.0.1", 0)));
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + hub.address().getPort() + path);
    }

    URI socketUri(String path) {
        return URI.create("ws://127.0.0.1:" + hub.address().getPort() + path);
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        return send("GET", path, "", headers);
    }

    HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    Json json(String path, String... headers) throws Exception {
        return Json.parse(get(path, headers).body());
    }

    Raw raw(String path, String... headers) {
        Raw raw = new Raw();
        WebSocket.Builder builder = HTTP.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(20));
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        raw.socket = builder.buildAsync(socketUri(path), raw).join();
        return raw;
    }

    @Override
    public void close() throws IOException {
        hub.close();
        store.close();
    }

    /** A WebSocket of the JDK, which hands out whole messages. */
    static final class Raw implements WebSocket.Listener {
        final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        final CompletableFuture<String> closed = new CompletableFuture<>();
        private final StringBuilder part = new StringBuilder();
        private WebSocket socket;

        void say(String text) {
            socket.sendText(text, true).join();
        }

        /** Says it unless the hub has closed, which it may do while the rest is still being written. */
        boolean sayUnlessClosed(String text) {
            try {
                say(text);
                return true;
            } catch (CompletionException hubHasClosed) {
                return false;
            }
        }

        void sayPart(String text, boolean last) {
            socket.sendText(text, last).join();
        }

        void cut() {
            socket.abort();
        }

        String next() throws InterruptedException {
            String message = messages.poll(20, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("no message came");
            }
            return message;
        }

        /** Returns code and reason of the close frame. */
        String end() throws Exception {
            return closed.get(20, TimeUnit.SECONDS);
        }

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                messages.add(part.toString());
                part.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            closed.complete(statusCode + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            closed.completeExceptionally(error);
        }
    }
}
