package dev.scuttlebutt.interop;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A replica of the original packages in a node process. */
final class NodePeer implements AutoCloseable {
    private static final long ANSWER_SECONDS = 60;

    private final Process process;
    private final BufferedWriter commands;
    private final BufferedReader answers;
    private final File errors;

    private NodePeer(String npmPackage, String type, String id) throws IOException {
        errors = File.createTempFile("node-peer", ".err");
        errors.deleteOnExit();
        process = new ProcessBuilder("node", "peer.js", npmPackage, type, id)
                .directory(Originals.FOLDER.toFile())
                .redirectError(errors)
                .start();
        commands = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts one. Skips or fails the test where the originals are missing. */
    static NodePeer start(String npmPackage, String type, String id) throws Exception {
        Originals.need();
        NodePeer peer = new NodePeer(npmPackage, type, id);
        peer.answer("start");
        return peer;
    }

    int listen(Map<String, Object> options) throws Exception {
        return ask("listen", "opts", options).as(Integer.class);
    }

    void connect(int port, Map<String, Object> options) throws Exception {
        ask("connect", "port", port, "opts", options);
    }

    void websocket(String url) throws Exception {
        ask("websocket", "url", url);
    }

    void set(String key, Object value) throws Exception {
        ask("set", "key", key, "value", value);
    }

    void emit(Object... nameAndArguments) throws Exception {
        ask("emit", "args", List.of(nameAndArguments));
    }

    /** Calls a method of the replica that makes a change. */
    void call(String method, Object... arguments) throws Exception {
        ask("call", "method", method, "args", java.util.Arrays.asList(arguments));
    }

    /** Calls a method of a part of a bucket, found by the names that lead to it. */
    void callPart(List<String> part, String method, Object... arguments) throws Exception {
        ask("call", "part", part, "method", method, "args", java.util.Arrays.asList(arguments));
    }

    void many(List<?> updates) throws Exception {
        ask("many", "updates", updates);
    }

    void cut() throws Exception {
        ask("cut");
    }

    /** Writes text to all sockets, whatever it is. */
    void raw(String text) throws Exception {
        ask("raw", "text", text);
    }

    /** Streams a file into the replica; returns the errors of the stream. */
    Json load(Path file) throws Exception {
        return ask("load", "file", file.toString());
    }

    /** Streams the replica into a file. */
    void save(Path file) throws Exception {
        ask("save", "file", file.toString());
    }

    Json json() throws Exception {
        return ask("json");
    }

    /** The position keys of an array, in order. */
    List<String> keys() throws Exception {
        return ask("keys").asArray().stream().map(Json::asString).toList();
    }

    /** The items of an array, joined. */
    String text() throws Exception {
        return ask("text").asString();
    }

    /** Waits until the clock of node is after a timestamp. */
    void after(double time) throws Exception {
        ask("after", "time", time);
    }

    /** The ids of a sequence of a document, in order. */
    List<String> ids(String field, Object value) throws Exception {
        return ask("ids", "field", field, "value", value).asArray().stream()
                .map(Json::asString)
                .toList();
    }

    Clock clock() throws Exception {
        return Clock.of((JsonObject) ask("clock"));
    }

    TreeSet<String> history() throws Exception {
        TreeSet<String> updates = new TreeSet<>();
        ask("history").asArray().forEach(update -> updates.add(update.toString()));
        return updates;
    }

    /** How many connections there have been so far. */
    int attached() throws Exception {
        return ask("attached").as(Integer.class);
    }

    int streams() throws Exception {
        return ask("streams").as(Integer.class);
    }

    /** What happened on the open streams: counts of header and sync, errors. */
    Json seen() throws Exception {
        return ask("seen");
    }

    private Json ask(String command, Object... fields) throws Exception {
        List<Object> all = new ArrayList<>(List.of("do", command));
        all.addAll(List.of(fields));
        commands.write(Json.object(all.toArray()).toString());
        commands.write('\n');
        commands.flush();
        return answer(command);
    }

    private Json answer(String command) throws Exception {
        String line = CompletableFuture.supplyAsync(this::readLine).get(ANSWER_SECONDS, TimeUnit.SECONDS);
        if (line == null) {
            throw new IllegalStateException("node ended before it answered '" + command + "':\n"
                    + java.nio.file.Files.readString(errors.toPath()));
        }
        JsonObject answer = (JsonObject) Json.parse(line);
        Json result = answer.get("ok");
        if (result == null) {
            throw new IllegalStateException("node could not do '" + command + "': " + answer);
        }
        return result;
    }

    private @org.jspecify.annotations.Nullable String readLine() {
        try {
            return answers.readLine();
        } catch (IOException broken) {
            throw new java.io.UncheckedIOException(broken);
        }
    }

    @Override
    public void close() throws Exception {
        try {
            commands.close();
        } catch (IOException alreadyGone) {
            // It ended by itself; the test sees that in what it asked for.
        }
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
