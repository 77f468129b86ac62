package dev.scuttlebutt.cli;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;

/** Writes whole lines of JSON, from any thread. When nobody reads them any more, it falls silent and says so once. */
final class JsonOutput {
    private static final int LARGE = 1 << 20;

    private final OutputStream out;
    private final Runnable whenGone;
    private JsonWriter line = new JsonWriter();
    private boolean gone;

    /**
     * Creates the output.
     *
     * @param whenGone called once, when the reader has gone
     */
    JsonOutput(OutputStream out, Runnable whenGone) {
        this.out = out;
        this.whenGone = whenGone;
    }

    synchronized void write(Json json) {
        if (gone) {
            return;
        }
        line.write(json);
        line.writeByte('\n');
        try {
            out.write(line.buffer(), 0, line.length());
            out.flush();
        } catch (IOException closed) {
            gone = true;
            whenGone.run();
        }
        if (line.length() > LARGE) {
            line = new JsonWriter();
        }
        line.reset();
    }

    /** Tells whether nobody reads any more. */
    synchronized boolean isGone() {
        return gone;
    }
}
