package dev.scuttlebutt.cli;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonException;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.store.NameRange;
import dev.scuttlebutt.store.SqliteStorage;
import dev.scuttlebutt.store.Storage.BadRow;
import dev.scuttlebutt.store.Storage.Block;
import dev.scuttlebutt.store.Storage.StoredDocument;
import dev.scuttlebutt.wire.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is found in a data directory: its documents, and what is wrong with them. */
final class DataInspection {
    private static final int PROBLEMS_KEPT = 1_000;

    /** What the blocks of a document were found to hold. */
    private static final class Content {
        long updates;
        long signed;
        Clock clock = Clock.EMPTY;
    }

    private record Document(
            StoredDocument stored, Clock clock, @Nullable Content content) {}

    private final Path directory;
    private final boolean verify;
    private final @Nullable Signatures signatures;
    private final Update.Parser parser = new Update.Parser(Limits.defaults().maxDepth());
    private final List<Document> documents = new ArrayList<>();
    private final List<StoredDocument> deleted = new ArrayList<>();
    private final List<BadRow> problems = new ArrayList<>();
    private List<BadRow> badRows = List.of();
    private List<String> structure = List.of();
    private long problemCount;
    private long bytes;
    private long blocks;
    private long updates;
    private long signed;
    private @Nullable String id;
    private boolean closed;

    /** Tells what is wrong with the signature of an update of a document. */
    @FunctionalInterface
    interface Signatures {
        /** Returns null when nothing is. */
        @Nullable
        String objection(String document, Update update);
    }

    /**
     * Prepares to look into a directory.
     *
     * @param verify whether to read all lines
     * @param signatures what is asked about each update then, or null
     */
    DataInspection(Path directory, boolean verify, @Nullable Signatures signatures) {
        this.directory = directory;
        this.verify = verify;
        this.signatures = signatures;
    }

    static boolean isData(Path directory) {
        return Files.isRegularFile(directory.resolve(SqliteStorage.FILE));
    }

    void read() throws IOException {
        try (SqliteStorage storage = SqliteStorage.openReadOnly(directory)) {
            for (String suffix : new String[] {"", "-wal"}) {
                Path file = directory.resolve(SqliteStorage.FILE + suffix);
                bytes += Files.exists(file) ? Files.size(file) : 0;
            }
            id = storage.note("replica");
            closed = "closed".equals(storage.note("state"));
            if (verify) {
                structure = storage.check();
            }
            List<Document> live = new ArrayList<>();
            storage.clocks(NameRange.all(), (document, clock) -> {
                if (document.isDeleted()) {
                    deleted.add(document);
                } else {
                    live.add(new Document(document, clock, null));
                }
            });
            for (Document document : live) {
                documents.add(verify ? read(storage, document) : document);
                blocks += document.stored.blocks();
            }
            badRows = storage.badRows();
        }
    }

    private Document read(SqliteStorage storage, Document document) throws IOException {
        Content content = new Content();
        String name = document.stored.name();
        storage.read(name, block -> {
            if (block.damage() != null) {
                wrong(name, block, 0, block.damage());
            } else {
                content.clock = content.clock.merge(block.clock());
            }
            lines(name, block, content);
        });
        updates += content.updates;
        signed += content.signed;
        return new Document(document.stored, content.clock, content);
    }

    private void lines(String name, Block block, Content content) {
        byte[] lines = block.lines();
        int from = 0;
        int number = 0;
        while (from < lines.length) {
            int to = from;
            while (to < lines.length && lines[to] != '\n') {
                to++;
            }
            line(name, block, ++number, from, to, content);
            from = to + 1;
        }
    }

    private void line(String name, Block block, int number, int from, int to, Content content) {
        Update update;
        try {
            update = parser.parse(block.lines(), from, to);
        } catch (JsonException malformed) {
            wrong(name, block, number, malformed.getMessage());
            return;
        }
        if (update == null) {
            wrong(name, block, number, "an update is [change, timestamp, source], with a number and a text");
            return;
        }
        content.updates++;
        content.signed += update.signature() == null ? 0 : 1;
        String objection = signatures == null ? null : signatures.objection(name, update);
        if (objection != null) {
            wrong(name, block, number, objection);
        }
    }

    private void wrong(String name, Block block, int line, @Nullable String reason) {
        problemCount++;
        if (problems.size() < PROBLEMS_KEPT) {
            problems.add(new BadRow(name, block.key(), line, Objects.toString(reason), new byte[0]));
        }
    }

    // What is shown

    JsonObject toJson() {
        JsonObject.Builder all = JsonObject.builder();
        all.put("directory", Json.of(directory.toString()));
        all.put("bytes", Json.of(bytes));
        all.put("id", Json.of(id));
        all.put("closed", Json.of(closed));
        all.put(
                "documents",
                JsonArray.of(documents.stream()
                        .map(document -> (Json) json(document))
                        .toList()));
        all.put(
                "deleted",
                JsonArray.of(deleted.stream()
                        .map(gone -> (Json) Json.object("name", gone.name(), "millis", gone.deletedMillis()))
                        .toList()));
        all.put("badRows", json(badRows, true));
        if (verify) {
            all.put("problems", Json.of(problemCount));
            all.put("problemRows", json(problems, false));
            all.put("structure", Json.of(structure));
        }
        return all.build();
    }

    private static JsonObject json(Document document) {
        StoredDocument stored = document.stored;
        JsonObject.Builder all = JsonObject.builder();
        all.put("name", Json.of(stored.name()));
        all.put("type", Json.of(stored.type()));
        all.put("bytes", Json.of(stored.bytes()));
        all.put("blocks", Json.of(stored.blocks()));
        all.put("clock", document.clock.toJson());
        Content content = document.content;
        if (content != null) {
            all.put("updates", Json.of(content.updates));
            all.put("signed", Json.of(content.signed));
        }
        return all.build();
    }

    private static JsonArray json(List<BadRow> rows, boolean kept) {
        List<Json> all = new ArrayList<>();
        for (BadRow row : rows) {
            JsonObject.Builder one = JsonObject.builder()
                    .put("document", Json.of(row.document()))
                    .put("row", Json.of(row.key()))
                    .put("line", Json.of(row.line()))
                    .put("reason", Json.of(row.reason()));
            if (kept) {
                one.put("bytes", Json.of(row.bytes().length));
            }
            all.add(one.build());
        }
        return JsonArray.of(all);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("directory   " + directory + ", " + Listing.number(bytes) + " bytes");
        lines.add("id          " + (id == null ? "none" : Style.harmless(id)));
        lines.add("state       " + (closed ? "closed" : "open, or not closed: another id is taken at the next start"));
        lines.add("documents   " + Listing.number(documents.size()) + " in " + Listing.number(blocks) + " blocks"
                + (verify ? ", " + Listing.number(updates) + " updates" : "")
                + (signed == 0 ? "" : ", " + Listing.number(signed) + " signed"));
        documents.stream().limit(Listing.SHOWN).forEach(document -> lines.add("  " + text(document)));
        Listing.more(lines, documents.size());
        lines.add("deleted     " + (deleted.isEmpty() ? "none" : Listing.number(deleted.size())));
        deleted.stream()
                .limit(Listing.SHOWN)
                .forEach(gone ->
                        lines.add("  " + Style.harmless(gone.name()) + "  " + when(orZero(gone.deletedMillis()))));
        Listing.more(lines, deleted.size());
        show(lines, "bad rows    ", badRows, badRows.size());
        if (verify) {
            show(lines, "problems    ", problems, problemCount);
            lines.add("structure   " + (structure.isEmpty() ? "sound" : structure.size() + " faults"));
            structure.stream().limit(Listing.SHOWN).forEach(fault -> lines.add("  " + Style.harmless(fault)));
        }
        return lines;
    }

    private static String text(Document document) {
        StoredDocument stored = document.stored;
        double latest =
                document.clock.toMap().values().stream().max(Double::compare).orElse(Clock.NEVER);
        return Style.harmless(stored.name()) + "  " + Style.harmless(stored.type()) + ", bytes "
                + Listing.number(stored.bytes()) + ", blocks " + Listing.number(stored.blocks()) + ", sources "
                + Listing.number(document.clock.size())
                + (document.clock.isEmpty() ? "" : ", latest " + when(latest));
    }

    private static double orZero(@Nullable Double millis) {
        return millis == null ? 0 : millis;
    }

    private static String when(double millis) {
        String date = Listing.date(millis);
        return date == null ? Double.toString(millis) : date;
    }

    private static void show(List<String> lines, String title, List<BadRow> rows, long count) {
        lines.add(title + (count == 0 ? "none" : Listing.number(count)));
        rows.stream()
                .limit(Listing.SHOWN)
                .forEach(row -> lines.add("  " + Style.harmless(row.document()) + ", row " + row.key()
                        + (row.line() == 0 ? "" : ", line " + row.line()) + ": " + Style.harmless(row.reason())));
        Listing.more(lines, count);
    }
}
