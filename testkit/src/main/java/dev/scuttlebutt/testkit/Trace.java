package dev.scuttlebutt.testkit;

import dev.scuttlebutt.Message;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.wire.JsonLines;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One line for each thing that happened. */
final class Trace {
    /*
     * Writing lines costs more than the simulation itself, so a run keeps none. A run that fails is run again, which
     * comes out the same, and then keeps all.
     */
    private static final int LONGEST_TEXT = 100;

    private final boolean wanted;
    private final List<String> lines = new ArrayList<>();

    private Trace(boolean wanted) {
        this.wanted = wanted;
    }

    static Trace none() {
        return new Trace(false);
    }

    static Trace kept() {
        return new Trace(true);
    }

    /** Tells whether lines are kept, to spare making them. */
    boolean isWanted() {
        return wanted;
    }

    void line(long millis, String text) {
        lines.add(String.format("+%06d ms  %s", millis, text));
    }

    List<String> lines() {
        return lines;
    }

    /** Returns the last lines. */
    List<String> last(int count) {
        return lines.subList(Math.max(0, lines.size() - count), lines.size());
    }

    static String brief(Message message) {
        if (message instanceof Update update) {
            String stamp = ", T+" + (update.timestamp() - ManualTime.START) + ", " + quoted(update.source());
            return "[" + brief(update.change().toString()) + stamp + "]";
        }
        return brief(StandardCharsets.UTF_8
                .decode(JsonLines.encode(message))
                .toString()
                .trim());
    }

    static String brief(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
    }

    /** An id may be anything, line feeds included. */
    static String quoted(String id) {
        return brief(Json.of(id).toString());
    }
}
