package dev.scuttlebutt.cli;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** {@code scuttlebutt node} on a thread of its own, spoken to line by line. */
final class LiveNode implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<JsonObject> events = new ArrayList<>();
    private final StringWriter err = new StringWriter();
    private final PipedOutputStream input = new PipedOutputStream();
    private final CompletableFuture<Integer> status;
    private final Io io;

    private LiveNode(String... args) throws IOException {
        io = Cli.io(new PipedInputStream(input, 1 << 16), new LineQueue(), err);
        String[] all = new String[args.length + 1];
        all[0] = "node";
        System.arraycopy(args, 0, all, 1, args.length);
        status = CompletableFuture.supplyAsync(
                () -> Main.commandLine(io).execute(all), action -> new Thread(action, "live-node").start());
    }

    static LiveNode start(String... args) throws IOException {
        return new LiveNode(args);
    }

    /** Collects bytes into lines. */
    private final class LineQueue extends OutputStream {
        private final java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream();

        @Override
        public synchronized void write(int unit) {
            if (unit == '\n') {
                lines.add(line.toString(StandardCharsets.UTF_8));
                line.reset();
            } else {
                line.write(unit);
            }
        }
    }

    /** Returns the next line that is no event. */
    JsonObject next() throws InterruptedException {
        while (true) {
            JsonObject line = nextLine();
            if (!line.has("event")) {
                return line;
            }
            events.add(line);
        }
    }

    private JsonObject nextLine() throws InterruptedException {
        String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("no line within " + PATIENCE_SECONDS + " s; standard error: " + err);
        }
        return Json.parse(line).asObject();
    }

    /** Waits for an event of this name and returns its data. */
    Json event(String name) throws InterruptedException {
        while (true) {
            for (int i = 0; i < events.size(); i++) {
                if (events.get(i).get("event").asString().equals(name)) {
                    return events.remove(i).get("data");
                }
            }
            JsonObject line = nextLine();
            if (!line.has("event")) {
                throw new AssertionError("expected event " + name + ", found " + line);
            }
            events.add(line);
        }
    }

    /** Reads the line that tells where it listens. */
    String listening() throws InterruptedException {
        return next().get("listening").asString();
    }

    JsonObject tell(String command) throws IOException, InterruptedException {
        input.write((command + "\n").getBytes(StandardCharsets.UTF_8));
        input.flush();
        return next();
    }

    /** Gives a command that must succeed. */
    Json ok(String command) throws IOException, InterruptedException {
        JsonObject answer = tell(command);
        if (!answer.has("ok")) {
            throw new AssertionError(command + " gave " + answer);
        }
        return answer.get("ok");
    }

    /** Ends the input and returns the exit status. */
    int end() throws IOException {
        input.close();
        return status.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    String err() {
        return err.toString();
    }

    @Override
    public void close() throws IOException {
        end();
    }
}
