package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.RString;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** How a paper of 104,852 letters was really written, one letter at a time: the edits, in order. */
final class EditingTrace {
    static final String FILE = "automerge-paper.json.gz";
    static final int EDITS = 259_778;

    private final List<Edit> edits;
    private final String end;

    /** @param at the index in UTF-16 units */
    record Edit(int at, int deleted, String inserted) {}

    private EditingTrace(List<Edit> edits, String end) {
        this.edits = edits;
        this.end = end;
    }

    /** Reads the first so many edits. */
    static EditingTrace read(int count) throws IOException {
        try (InputStream in = Scenario.class.getResourceAsStream("traces/" + FILE)) {
            if (in == null) {
                throw new FileNotFoundException(FILE + " is missing from this program");
            }
            String text = new String(new GZIPInputStream(in).readAllBytes(), StandardCharsets.UTF_8);
            JsonObject trace = Json.parse(text).asObject();
            List<Edit> edits = edits(Objects.requireNonNull(trace.get("txns")).asArray(), count);
            return new EditingTrace(
                    edits,
                    count < EDITS
                            ? typed(edits)
                            : Objects.requireNonNull(trace.get("endContent")).asString());
        }
    }

    private static List<Edit> edits(JsonArray transactions, int count) {
        List<Edit> edits = new ArrayList<>();
        for (Json transaction : transactions) {
            JsonArray patches = Objects.requireNonNull(transaction.asObject().get("patches"))
                    .asArray();
            for (Json patch : patches) {
                JsonArray parts = patch.asArray();
                edits.add(new Edit(
                        (int) parts.get(0).asDouble(),
                        (int) parts.get(1).asDouble(),
                        parts.get(2).asString()));
                if (edits.size() == count) {
                    return edits;
                }
            }
        }
        return edits;
    }

    private static String typed(List<Edit> edits) {
        StringBuilder text = new StringBuilder();
        edits.forEach(edit -> text.replace(edit.at, edit.at + edit.deleted, edit.inserted));
        return text.toString();
    }

    List<Edit> edits() {
        return edits;
    }

    int size() {
        return edits.size();
    }

    /** Makes all edits. */
    void type(RString text) {
        for (Edit edit : edits) {
            text.replace(edit.at, edit.deleted, edit.inserted);
        }
    }

    /** Fails unless this is the text at the end. */
    void check(String text) {
        if (!text.equals(end)) {
            throw new IllegalStateException(
                    "the text has " + text.length() + " letters and is not that of the recording, " + end.length());
        }
    }
}
