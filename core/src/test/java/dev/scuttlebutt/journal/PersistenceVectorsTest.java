package dev.scuttlebutt.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SettableTime;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.Vectors;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.AppendOnly;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.ExpiryModel;
import dev.scuttlebutt.types.GossipObject;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.types.Resolution;
import dev.scuttlebutt.types.Scuttlebucket;
import dev.scuttlebutt.types.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What read streams of the originals write and write streams read, {@code types/persistence.jsonl}. */
@Timeout(60)
class PersistenceVectorsTest {
    /** Cases that end otherwise here. */
    private static final Set<String> BETTER = Set.of(
            // The change made behind the end of the stream belongs to nothing.
            "save-tail-false",
            // A bad line does not end the process.
            "load-error-unhandled",
            // PF-9: lines out of order are put in order.
            "load-out-of-order",
            // An infinite timestamp does not block its source.
            "load-huge-number",
            // PF-3: characters on the border of two chunks stay whole.
            "load-split-utf8");

    private static final Map<String, String> BETTER_STATES = Map.of(
            "load-error-unhandled", "{\"x\":1,\"y\":2}",
            "load-out-of-order", "{\"x\":1,\"y\":2}",
            "load-huge-number", "{\"y\":2}",
            "load-split-utf8", "{\"k\":\"hé€😀\"}");

    /** The clock of a bucket has its own changes (SB-1), and it says that it takes removals at any time. */
    private static final Map<String, String> BETTER_HEADERS = Map.of(
            "save-bucket",
            "{\"id\":\"A\",\"clock\":{\"A\":1700000000001},\"meta\":{\"tombstones\":true}}\n",
            "load-bucket",
            "{\"id\":\"B\",\"clock\":{\"A\":1700000000002,\"B\":1700000000009},\"meta\":{\"tombstones\":true}}\n");

    private static final double RECORDED_AT = 1_700_000_000_000.0;

    @TempDir
    Path folder;

    private final Map<String, Replica> replicas = new LinkedHashMap<>();
    private final Map<String, FileJournal> journals = new HashMap<>();
    private final Map<String, String> expected = new HashMap<>();

    static Stream<JsonObject> cases() {
        return Vectors.typeLines("persistence.jsonl").stream();
    }

    private static String name(JsonObject record) {
        return Vectors.text(record, "case").substring("persistence/".length());
    }

    private static Replica replica(JsonObject made) {
        ReplicaOptions options = ReplicaOptions.defaults().id(Vectors.text(made, "id"));
        return switch (Vectors.text(made, "type")) {
            case "model" -> new Model(options);
            case "events" -> new Events(options);
            case "append-only" -> new AppendOnly(options, Resolution.COMPATIBLE);
            case "r-value" ->
                new Value(options, made.get("len") == null ? 1 : made.get("len").as(Integer.class));
            case "expiry-model" -> new ExpiryModel(options.time(new SettableTime(RECORDED_AT)));
            case "gossip-object" -> new GossipObject(options);
            case "scuttlebucket" ->
                bucket(new Scuttlebucket(options), Vectors.member(made, "parts").asObject());
            default -> throw new AssertionError("no such type: " + made);
        };
    }

    private static Scuttlebucket bucket(Scuttlebucket bucket, JsonObject parts) {
        parts.forEach((name, part) ->
                bucket.add(name, Vectors.text(part.asObject(), "type").equals("model") ? Model::new : Value::new));
        return bucket;
    }

    @Test
    void everyCase_isPlayed() {
        assertThat(cases()).hasSize(43);
        assertThat(cases().map(PersistenceVectorsTest::name)).containsAll(BETTER);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void recording_isWrittenAndReadAlike(JsonObject record) throws Exception {
        Vectors.member(record, "replicas")
                .asObject()
                .forEach((name, made) -> replicas.put(name, replica(made.asObject())));
        for (Json step : Vectors.member(record, "steps").asArray()) {
            play(name(record), step.asObject());
        }
        for (FileJournal journal : journals.values()) {
            journal.close();
        }
        if (!BETTER_STATES.containsKey(name(record))) {
            Vectors.member(record, "final").asObject().forEach((name, last) -> compare(name, last.asObject()));
        } else {
            assertThat(replicas.get("B").toJson()).hasToString(BETTER_STATES.get(name(record)));
        }
    }

    private void play(String name, JsonObject step) throws Exception {
        switch (Vectors.text(step, "do")) {
            case "call" -> call(step);
            case "readStream" -> readStream(name, step);
            case "drain" -> drain(name, step);
            case "writeStream" -> load(replicas.get(Vectors.text(step, "on")), bytes(step));
            case "lines" ->
                load(
                        replicas.values().iterator().next(),
                        String.join("", Vectors.texts(step, "lines")).getBytes(StandardCharsets.UTF_8));
            case "state" -> {
                if (!BETTER.contains(name)) {
                    compare(Vectors.text(step, "on"), step);
                }
            }
            case "readStream-paused" -> {
                // Its lines are those of the step before.
            }
            default -> throw new AssertionError("unknown step " + step);
        }
    }

    /** What the call made of the change is taken from the recording: the originals have timestamps of another kind. */
    private void call(JsonObject step) {
        String name = Vectors.text(step, "on").split("/")[0];
        Replica replica = replicas.get(name);
        if (Vectors.text(step, "method").equals("dispose")) {
            replica.dispose();
            return;
        }
        for (Json event : Vectors.member(step, "events").asArray()) {
            List<Json> parts = event.asArray().toList();
            // Of a part it is what the whole told that counts.
            parts = parts.get(0).asString().equals("@" + name) ? parts.subList(1, parts.size()) : parts;
            if (parts.get(0).asString().equals("_update")) {
                replica.apply(Update.parse(parts.get(1).toString()));
            }
        }
    }

    private void readStream(String name, JsonObject step) throws Exception {
        Replica replica = replicas.get(Vectors.text(step, "on"));
        String stream = Vectors.text(step, "stream");
        Path file = folder.resolve(stream);
        JsonObject given = step.get("opts") == null
                ? Json.object()
                : Vectors.member(step, "opts").asObject();
        if (given.get("tail") != null) {
            FileJournal.save(file, replica);
        } else {
            JournalOptions options = JournalOptions.defaults().meta(given.get("meta"));
            journals.put(stream, FileJournal.open(file, replica, options));
        }
        List<String> lines = new ArrayList<>(Vectors.texts(step, "lines"));
        lines.set(0, BETTER_HEADERS.getOrDefault(name, lines.get(0)));
        expected.put(stream, String.join("", lines));
        assertThat(Files.readString(file)).isEqualTo(expected.get(stream));
    }

    private void drain(String name, JsonObject step) throws Exception {
        String stream = Vectors.text(step, "stream");
        FileJournal journal = journals.get(stream);
        if (BETTER.contains(name)) {
            assertThat(folder.resolve(stream)).hasContent(expected.get(stream).stripTrailing());
            return;
        }
        if (journal.failure() == null && !Vectors.texts(step, "lines").isEmpty()) {
            journal.force().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
        expected.merge(stream, String.join("", Vectors.texts(step, "lines")), String::concat);
        assertThat(Files.readString(folder.resolve(stream))).isEqualTo(expected.get(stream));
    }

    private static byte[] bytes(JsonObject step) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Json chunk : Vectors.member(step, "chunks").asArray()) {
            bytes.write(
                    chunk instanceof JsonObject encoded
                            ? Base64.getDecoder().decode(Vectors.text(encoded, "base64"))
                            : chunk.asString().getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private void load(Replica replica, byte[] bytes) throws IOException {
        Path file = Files.createTempFile(folder, "load", "");
        Files.write(file, bytes);
        FileJournal.load(file, replica);
    }

    private void compare(String name, JsonObject last) {
        Replica replica = replicas.get(name);
        assertThat((Json) JsonArray.of(
                        replica.history().stream().map(Update::toJson).toList()))
                .as("history of %s", name)
                .isEqualTo(Vectors.member(last, "history"));
        JsonObject recorded = Vectors.member(last, "sources").asObject();
        JsonObject clock = replica.clock().toJson();
        assertThat(replica instanceof Scuttlebucket ? clock.without(replica.id()) : clock)
                .as("clock of %s", name)
                .isEqualTo(recorded);
        if (last.get("state") != null) {
            assertThat(replica.toJson()).as("state of %s", name).isEqualTo(Vectors.member(last, "state"));
        }
    }
}
