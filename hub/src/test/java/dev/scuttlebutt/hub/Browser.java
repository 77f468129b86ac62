package dev.scuttlebutt.hub;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A headless Chromium, driven by its own protocol. Where there is none CI fails, unless told so, and others skip. */
final class Browser implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final long SECONDS = 60;

    private final Process process;
    private final Path profile;
    private final WebSocket socket;
    private final AtomicInteger number = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();

    private Browser(Process process, Path profile, String address) {
        this.process = process;
        this.profile = profile;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(address), new Answers())
                .join();
    }

    static Browser start() throws Exception {
        Path profile = Files.createTempDirectory("browser");
        for (String name : NAMES) {
            Process process;
            try {
                process = new ProcessBuilder(
                                name,
                                "--headless=new",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--no-first-run",
                                "--hide-scrollbars",
                                "--remote-debugging-port=0",
                                "--user-data-dir=" + profile,
                                "about:blank")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
            } catch (IOException notThere) {
                continue;
            }
            return new Browser(process, profile, address(process));
        }
        String missing = "no browser: none of " + NAMES + " is on the PATH (Debian: apt-get install chromium)";
        if ("true".equals(System.getenv("CI")) && !"none".equals(System.getenv("SCUTTLEBUTT_BROWSER"))) {
            fail(missing);
        }
        abort(missing);
        throw new IllegalStateException(missing);
    }

    private static String address(Process process) throws IOException {
        BufferedReader errors = process.errorReader();
        StringBuilder said = new StringBuilder();
        for (String line = errors.readLine(); line != null; line = errors.readLine()) {
            int at = line.indexOf("ws://");
            if (at >= 0) {
                return line.substring(at);
            }
            said.append(line).append('\n');
        }
        throw new IOException("the browser ended at once: " + said);
    }

    private JsonObject ask(String session, String method, Object... parameters) throws Exception {
        int id = number.incrementAndGet();
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        answers.put(id, answer);
        JsonObject request = Json.object("id", id, "method", method, "params", Json.object(parameters));
        if (!session.isEmpty()) {
            request = request.with("sessionId", Json.of(session));
        }
        socket.sendText(request.toString(), true).join();
        JsonObject message = answer.get(SECONDS, TimeUnit.SECONDS);
        if (message.has("error")) {
            throw new IOException(method + ": " + message.get("error"));
        }
        return message.get("result").asObject();
    }

    /** Opens a page in a window of this size. */
    Page open(String address, int width, int height) throws Exception {
        String target = ask("", "Target.createTarget", "url", "about:blank")
                .get("targetId")
                .asString();
        Page page = new Page(ask("", "Target.attachToTarget", "targetId", target, "flatten", true)
                .get("sessionId")
                .asString());
        page.ask(
                "Emulation.setDeviceMetricsOverride",
                "width",
                width,
                "height",
                height,
                "deviceScaleFactor",
                1,
                "mobile",
                false);
        page.ask("Page.enable");
        page.ask("Page.navigate", "url", address);
        return page;
    }

    /** One tab. */
    final class Page {
        private final String session;

        private Page(String session) {
            this.session = session;
        }

        private JsonObject ask(String method, Object... parameters) throws Exception {
            return Browser.this.ask(session, method, parameters);
        }

        /** Runs an expression and returns its value. */
        Json run(String expression) throws Exception {
            JsonObject answer =
                    ask("Runtime.evaluate", "expression", expression, "returnByValue", true, "awaitPromise", true);
            if (answer.has("exceptionDetails")) {
                throw new IOException(expression + ": " + answer.get("exceptionDetails"));
            }
            Json value = answer.get("result").asObject().get("value");
            return value == null ? Json.NULL : value;
        }

        /** Types into what has the focus, as a keyboard does. */
        void insertText(String text) throws Exception {
            ask("Input.insertText", "text", text);
        }

        void reload() throws Exception {
            ask("Page.reload");
        }

        /** Waits until an expression is true. */
        void await(String expression) throws Exception {
            Json value = run("new Promise(resolve => { const end = Date.now() + 20000; (function look () { "
                    + "let is = false; try { is = Boolean(" + expression + ") } catch { is = false } "
                    + "if (is || Date.now() > end) resolve(is); else setTimeout(look, 30) })() })");
            if (!value.equals(Json.TRUE)) {
                fail("did not come true: " + expression + "; the page says " + run("document.body.innerText"));
            }
        }

        void dark() throws Exception {
            ask(
                    "Emulation.setEmulatedMedia",
                    "features",
                    List.of(Map.of("name", "prefers-color-scheme", "value", "dark")));
        }

        void screenshot(Path file) throws Exception {
            // Of a tab behind another one nothing is painted, and a picture is waited for.
            ask("Page.bringToFront");
            String png =
                    ask("Page.captureScreenshot", "format", "png").get("data").asString();
            Files.createDirectories(file.getParent());
            Files.write(file, Base64.getDecoder().decode(png));
        }
    }

    @Override
    public void close() throws IOException {
        // The processes it started write into the profile, too, and do not end before it.
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(each -> each.onExit().join());
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    private final class Answers implements WebSocket.Listener {
        private final StringBuilder part = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                JsonObject message = Json.parse(part.toString()).asObject();
                part.setLength(0);
                CompletableFuture<JsonObject> answer =
                        message.has("id") ? answers.remove(message.get("id").as(Integer.class)) : null;
                if (answer != null) {
                    answer.complete(message);
                }
            }
            webSocket.request(1);
            return null;
        }
    }
}
