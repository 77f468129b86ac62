package dev.scuttlebutt.bench;

import dev.scuttlebutt.json.Json;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What two processes say to each other: a line of JSON each. One thread at a time. */
public final class Conversation {
    private final BufferedReader in;
    private final OutputStream out;

    /** Talks over these streams. */
    public Conversation(InputStream in, OutputStream out) {
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        this.out = out;
    }

    /** Says something. */
    public void say(Json message) throws IOException {
        out.write((message + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Waits for what the other says; null when it has ended. */
    public @Nullable Json hear() throws IOException {
        String line = in.readLine();
        return line == null ? null : Json.parse(line);
    }

    /** Says something and waits for the answer. */
    public Json ask(Json message) throws IOException {
        say(message);
        Json answer = hear();
        if (answer == null) {
            throw new EOFException("the other process ended instead of answering " + message);
        }
        return answer;
    }
}
