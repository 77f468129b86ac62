package dev.scuttlebutt.types;

import dev.scuttlebutt.Vectors;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A recorded session of people writing text; {@code editing-traces/README.md} among the test resources explains it.
 *
 * @param agents how many people; 1 where all is in one order
 */
record EditingTrace(String end, int agents, List<Transaction> transactions) {

    /** @param parents indexes of the transactions whose merged result the positions belong to */
    record Transaction(int agent, List<Integer> parents, List<Patch> patches) {}

    record Patch(int at, int deleted, String inserted) {
        void applyTo(StringBuilder text) {
            text.replace(at, at + deleted, inserted);
        }

        void applyTo(RString text) {
            text.replace(at, deleted, inserted);
        }
    }

    static EditingTrace read(String file) {
        try (InputStream in = EditingTrace.class.getResourceAsStream("/editing-traces/" + file + ".json.gz")) {
            if (in == null) {
                throw new AssertionError("no editing-traces/" + file);
            }
            String json = new String(new GZIPInputStream(in).readAllBytes(), StandardCharsets.UTF_8);
            return of(Json.parse(json).asObject());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EditingTrace of(JsonObject trace) {
        Json agents = trace.get("numAgents");
        return new EditingTrace(
                Vectors.text(trace, "endContent"),
                agents == null ? 1 : agents.as(int.class),
                Vectors.member(trace, "txns").asArray().stream()
                        .map(transaction -> transaction(transaction.asObject()))
                        .toList());
    }

    private static Transaction transaction(JsonObject transaction) {
        Json agent = transaction.get("agent");
        Json parents = transaction.get("parents");
        return new Transaction(
                agent == null ? 0 : agent.as(int.class),
                parents == null
                        ? List.of()
                        : parents.asArray().stream()
                                .map(parent -> parent.as(int.class))
                                .toList(),
                Vectors.member(transaction, "patches").asArray().stream()
                        .map(patch -> patch(patch.asArray()))
                        .toList());
    }

    private static Patch patch(JsonArray patch) {
        return new Patch(
                patch.get(0).as(int.class),
                patch.get(1).as(int.class),
                patch.get(2).asString());
    }

    int patches() {
        return transactions.stream()
                .mapToInt(transaction -> transaction.patches().size())
                .sum();
    }
}
