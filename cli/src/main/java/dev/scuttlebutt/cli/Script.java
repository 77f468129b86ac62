package dev.scuttlebutt.cli;

import dev.scuttlebutt.cli.command.CommandException;
import dev.scuttlebutt.cli.command.Words;
import dev.scuttlebutt.json.Json;
import java.io.IOException;

/** The dialogue with a program: a command on each line, and for each exactly one line of JSON in the same order. */
final class Script {
    /** The longest change a replica takes fits in. */
    private static final int MAX_LINE_BYTES = 16 << 20;

    private final Node node;
    private final InputLines in;
    private final JsonOutput out;

    Script(Node node, Io io, JsonOutput out) {
        this.node = node;
        this.in = new InputLines(io.in(), MAX_LINE_BYTES);
        this.out = out;
    }

    /** Answers until the input ends, {@code quit} comes, or nobody reads the answers any more. */
    void run() throws IOException {
        while (!node.isEnding() && !out.isGone()) {
            try {
                String line = in.next();
                if (line == null) {
                    return;
                }
                answer(line);
            } catch (CommandException wrong) {
                out.write(Json.object("error", Failure.text(wrong)));
            }
        }
    }

    private void answer(String line) throws CommandException {
        Words words = Words.of(line);
        if (!words.isEmpty()) {
            out.write(Json.object("ok", node.run(words)));
        }
    }
}
