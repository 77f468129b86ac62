package dev.scuttlebutt.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Runs the program in this JVM, as in a pipe. */
final class Cli {

    /** What a run gave. */
    record Result(int status, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }

        List<String> errLines() {
            return err.lines().toList();
        }
    }

    private Cli() {}

    static Io io(InputStream in, OutputStream out, StringWriter err) {
        return new Io(in, out, new PrintWriter(err, true), false, Map.of(), new Ending());
    }

    static Result run(byte[] input, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        int status =
                Main.commandLine(io(new ByteArrayInputStream(input), out, err)).execute(args);
        return new Result(status, out.toString(StandardCharsets.UTF_8), err.toString());
    }

    static Result run(String... args) {
        return run(new byte[0], args);
    }

    /** Runs a node and returns what it answers to these lines. */
    static List<String> node(String type, String... lines) {
        String input = String.join("\n", lines) + "\n";
        Result result = run(input.getBytes(StandardCharsets.UTF_8), "node", "--type", type, "--id", "me");
        if (result.status() != 0 || !result.err().isEmpty()) {
            throw new AssertionError(result.toString());
        }
        return result.lines();
    }
}
