package dev.scuttlebutt.interop;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A model of the original with keys, in a node process. */
final class SignedPeer implements AutoCloseable {
    private final Process process;
    private final BufferedWriter commands;
    private final BufferedReader answers;

    /** Starts one, without keys when none are given. */
    SignedPeer(Path... privateAndPublicKey) throws IOException {
        List<String> command = new ArrayList<>(List.of("node", "signed-peer.js"));
        for (Path key : privateAndPublicKey) {
            command.add(key.toString());
        }
        process = new ProcessBuilder(command)
                .directory(Originals.FOLDER.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        commands = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Gives a command with the fields of an object, and returns its result. */
    Json ask(String command, Object... keysAndValues) throws IOException {
        JsonObject fields = Json.object(keysAndValues).with("do", Json.of(command));
        commands.write(fields + "\n");
        commands.flush();
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("node ended before it answered " + command);
        }
        Json result = Json.parse(line).asObject().get("ok");
        if (result == null) {
            throw new IOException("node could not do " + command + ": " + line);
        }
        return result;
    }

    int listen() throws IOException {
        return (int) ask("listen").asDouble();
    }

    @Override
    public void close() throws Exception {
        commands.close();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
