package dev.scuttlebutt.store;

import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonException;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonString;
import dev.scuttlebutt.wire.Limits;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a database of the npm package {@code level-scuttlebutt} held, by document, from a dump of its rows: one JSON text per
 * line, {@code {"key":…,"value":…}} as {@code db.createReadStream()} gives them, or {@code [key, value]}. The layouts of 0.1.3
 * and 5.0.8 are known; rows of anything else are passed over.
 *
 * <p>The updates of a document are put in order by number: the original stored and read them by the text of the timestamp,
 * and so refused 9 after 10. Signatures are not there, because the original does not store them.
 *
 * <p>A dump is in memory as a whole. Immutable.
 *
 * @see "persistence, sections 3, 4 and 10.3"
 */
public final class LevelDump {
    private static final String MARK = "\u00ff";
    private static final String BY_DOCUMENT = MARK + "sb" + MARK;
    private static final String BY_DOCUMENT_OLD = MARK + "SCUTTLEBUTT~3\0";
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
    private static final int PARTS = 3;

    /**
     * A row that is not understood, or an update that the replica did not take.
     *
     * @param line its number in the dump, from 1
     * @param key the key of the row, or the line itself when it is no row
     * @param reason what was expected and what was found
     */
    public record BadRow(long line, String key, String reason) {}

    /**
     * What became of the updates of a document.
     *
     * @param applied updates that the replica took, or knew to be superseded
     * @param stale updates that were not news
     * @param refused updates that the replica does not accept
     */
    public record Imported(int applied, int stale, int refused) {}

    private final Map<String, List<Update>> documents;
    private final List<BadRow> badRows;

    private LevelDump(Map<String, List<Update>> documents, List<BadRow> badRows) {
        this.documents = documents;
        this.badRows = badRows;
    }

    /**
     * Tells whether a file begins like a dump: with a row, of whatever database.
     *
     * @throws IOException if it cannot be read
     */
    public static boolean isDump(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            String line = line(in, Limits.defaults().maxLineBytes());
            return line != null && row(line) != null;
        } catch (JsonException noJson) {
            return false;
        }
    }

    /**
     * Reads a dump.
     *
     * @throws IOException if it cannot be read, or a line is too long
     */
    public static LevelDump read(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return read(in);
        }
    }

    /**
     * Reads a dump. Does not close the stream.
     *
     * @throws IOException if it cannot be read, or a line is too long
     */
    public static LevelDump read(InputStream in) throws IOException {
        Reading reading = new Reading();
        int maxLineBytes = Limits.defaults().maxLineBytes();
        String line;
        while ((line = line(in, maxLineBytes)) != null) {
            reading.take(line);
        }
        return reading.end();
    }

    /** Returns the next line without its line feed, or null at the end. */
    private static @Nullable String line(InputStream in, int maxBytes) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next;
        while ((next = in.read()) >= 0 && next != '\n') {
            if (line.size() == maxBytes) {
                throw new IOException("a line of the dump is longer than " + maxBytes + " bytes");
            }
            line.write(next);
        }
        return next < 0 && line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
    }

    private record Row(String key, @Nullable String value) {}

    /** Returns the row that stands in a line, or null when it is JSON and no row. */
    private static @Nullable Row row(String line) {
        Json json = Json.parse(line);
        Json key = null;
        Json value = null;
        if (json instanceof JsonArray pair && pair.size() == 2) {
            key = pair.get(0);
            value = pair.get(1);
        } else if (json instanceof JsonObject object) {
            key = object.get("key");
            value = object.get("value");
        }
        return key instanceof JsonString text
                ? new Row(text.value(), value instanceof JsonString content ? content.value() : null)
                : null;
    }

    /** Returns the names of the documents, in no order that means something. */
    public Set<String> documents() {
        return Collections.unmodifiableSet(documents.keySet());
    }

    /** Returns the updates of a document by timestamp, then source; none when it is not in the dump. */
    public List<Update> updates(String document) {
        return Collections.unmodifiableList(documents.getOrDefault(document, List.of()));
    }

    /** Returns the rows of documents that are not understood, in the order of the dump. */
    public List<BadRow> badRows() {
        return badRows;
    }

    /** Hands the updates of a document to a replica, as if a peer had sent them. */
    public Imported load(String document, Replica replica) {
        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        for (Update update : updates(document)) {
            outcomes.merge(replica.apply(update), 1, Integer::sum);
        }
        return new Imported(
                count(outcomes, Outcome.APPLIED) + count(outcomes, Outcome.IGNORED),
                count(outcomes, Outcome.STALE),
                count(outcomes, Outcome.INVALID)
                        + count(outcomes, Outcome.UNVERIFIED)
                        + count(outcomes, Outcome.REFUSED));
    }

    private static int count(Map<Outcome, Integer> outcomes, Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0);
    }

    /** What has been read so far. */
    private static final class Reading {
        private final Map<String, List<Update>> documents = new TreeMap<>(NameRange.ORDER);
        private final List<BadRow> badRows = new ArrayList<>();
        private long line;

        void take(String text) {
            line++;
            if (text.isBlank()) {
                return;
            }
            Row row;
            try {
                row = row(text);
            } catch (JsonException malformed) {
                bad(text, "is no JSON: " + malformed.getMessage());
                return;
            }
            if (row == null) {
                bad(text, "is no row, which is {\"key\":…,\"value\":…} or [key, value]");
                return;
            }
            String rest = behindPrefix(row.key);
            if (rest != null) {
                take(row, rest);
            }
        }

        /** Rows of documents are stored twice and more; those by document have everything. */
        private static @Nullable String behindPrefix(String key) {
            if (key.startsWith(BY_DOCUMENT)) {
                return key.substring(BY_DOCUMENT.length());
            }
            return key.startsWith(BY_DOCUMENT_OLD) ? key.substring(BY_DOCUMENT_OLD.length()) : null;
        }

        private void take(Row row, String rest) {
            String[] parts = rest.split("\0", -1);
            if (parts.length != PARTS || !NUMBER.matcher(parts[1]).matches()) {
                bad(row.key, "the key should have document, timestamp and source with zero bytes between them");
                return;
            }
            if (row.value == null) {
                bad(row.key, "the row has no value");
                return;
            }
            try {
                Update update = Update.of(Json.parse(row.value), Double.parseDouble(parts[1]), parts[2]);
                documents.computeIfAbsent(parts[0], first -> new ArrayList<>()).add(update);
            } catch (IllegalArgumentException impossible) {
                bad(row.key, "the value should be the change of an update: " + impossible.getMessage());
            }
        }

        private void bad(String key, String reason) {
            badRows.add(new BadRow(line, key, reason));
        }

        LevelDump end() {
            documents.values().forEach(updates -> updates.sort(Update.STAMP_ORDER));
            return new LevelDump(documents, List.copyOf(badRows));
        }
    }
}
