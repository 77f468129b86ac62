package dev.scuttlebutt.store;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.store.Storage.BadRow;
import dev.scuttlebutt.store.Storage.Block;
import dev.scuttlebutt.store.Storage.BlockReader;
import dev.scuttlebutt.store.Storage.Change;
import dev.scuttlebutt.store.Storage.ClockReader;
import dev.scuttlebutt.store.Storage.StoredDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Looks into the tables over one connection. For one thread at a time. */
final class SqliteReader implements AutoCloseable {
    private static final String DOCUMENT = "SELECT name, type, changed, bytes, blocks, deleted FROM document ";

    private final Connection connection;

    SqliteReader(Connection connection) {
        this.connection = connection;
    }

    @Nullable
    StoredDocument find(String name) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(DOCUMENT + "WHERE name = ?")) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? document(row) : null;
            }
        }
    }

    private static StoredDocument document(ResultSet row) throws SQLException {
        double deleted = row.getDouble(6);
        boolean isDeleted = !row.wasNull();
        return new StoredDocument(
                row.getString(1),
                row.getString(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                isDeleted ? deleted : null);
    }

    /** A single query, so that what is written meanwhile does not show. */
    boolean read(String name, BlockReader reader) throws SQLException, IOException {
        boolean any = false;
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT b.id, b.snapshot, b.clock, b.checksum, b.lines FROM block b JOIN document d ON b.document = d.id"
                        + " WHERE d.name = ? AND d.deleted IS NULL ORDER BY b.id")) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    any = true;
                    reader.read(block(row));
                }
            }
        }
        return any;
    }

    private static Block block(ResultSet row) throws SQLException {
        String clock = row.getString(3);
        byte[] lines = row.getBytes(5);
        boolean snapshot = row.getInt(2) != 0;
        long key = row.getLong(1);
        if (clock == null || lines == null) {
            byte[] nothing = new byte[0];
            return new Block(key, snapshot, Clock.EMPTY, lines == null ? nothing : lines, "a column is empty");
        }
        long expected = row.getLong(4);
        long found = checksum(clock, lines);
        if (expected != found) {
            String damage = "the checksum should be " + expected + ", is " + found;
            return new Block(key, snapshot, Clock.EMPTY, lines, damage);
        }
        return new Block(key, snapshot, Clock.of((JsonObject) Json.parse(clock)), lines, null);
    }

    static long checksum(String clock, byte[] lines) {
        CRC32C checksum = new CRC32C();
        checksum.update(clock.getBytes(StandardCharsets.UTF_8));
        checksum.update(lines);
        return checksum.getValue();
    }

    List<StoredDocument> list(NameRange range) throws SQLException {
        String end = range.end();
        String condition = "WHERE deleted IS NULL AND name " + (range.exclusive() ? ">" : ">=") + " ?"
                + (end == null ? "" : " AND name < ?") + " ORDER BY name LIMIT ?";
        List<StoredDocument> found = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(DOCUMENT + condition)) {
            int parameter = 1;
            query.setString(parameter++, range.from());
            if (end != null) {
                query.setString(parameter++, end);
            }
            query.setInt(parameter, range.limit());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found.add(document(row));
                }
            }
        }
        return found;
    }

    void clocks(NameRange range, ClockReader reader) throws SQLException, IOException {
        String end = range.end();
        String condition = "WHERE d.name " + (range.exclusive() ? ">" : ">=") + " ?"
                + (end == null ? "" : " AND d.name < ?") + " ORDER BY d.name, b.id";
        try (PreparedStatement query =
                connection.prepareStatement("SELECT d.name, d.type, d.changed, d.bytes, d.blocks,"
                        + " d.deleted, b.clock FROM document d LEFT JOIN block b ON b.document = d.id " + condition)) {
            query.setString(1, range.from());
            if (end != null) {
                query.setString(2, end);
            }
            try (ResultSet row = query.executeQuery()) {
                StoredDocument current = null;
                Clock clock = Clock.EMPTY;
                int left = range.limit();
                while (row.next()) {
                    if (current == null || !current.name().equals(row.getString(1))) {
                        if (current != null) {
                            reader.read(current, clock);
                        }
                        current = null;
                        if (left-- == 0) {
                            break;
                        }
                        current = document(row);
                        clock = Clock.EMPTY;
                    }
                    clock = clock.merge(clock(row.getString(7)));
                }
                if (current != null) {
                    reader.read(current, clock);
                }
            }
        }
    }

    private static Clock clock(@Nullable String text) {
        if (text == null) {
            return Clock.EMPTY;
        }
        try {
            return Json.parse(text) instanceof JsonObject json ? Clock.of(json) : Clock.EMPTY;
        } catch (IllegalArgumentException damaged) {
            return Clock.EMPTY;
        }
    }

    long latest() throws SQLException {
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery("SELECT max(changed) FROM document")) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    List<String> check() throws SQLException {
        List<String> found = new ArrayList<>();
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery("PRAGMA integrity_check")) {
            while (row.next()) {
                if (!"ok".equals(row.getString(1))) {
                    found.add(row.getString(1));
                }
            }
        }
        return found;
    }

    List<Change> changes(long after, int limit) throws SQLException {
        List<Change> found = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT changed, name, deleted IS NOT NULL FROM document WHERE changed > ? ORDER BY changed LIMIT ?")) {
            query.setLong(1, after);
            query.setInt(2, limit);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found.add(new Change(row.getLong(1), row.getString(2), row.getInt(3) != 0));
                }
            }
        }
        return found;
    }

    List<BadRow> badRows() throws SQLException {
        List<BadRow> found = new ArrayList<>();
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery("SELECT d.name, r.block, r.line, r.reason, r.bytes FROM bad_row r"
                        + " JOIN document d ON r.document = d.id ORDER BY r.id")) {
            while (row.next()) {
                found.add(
                        new BadRow(row.getString(1), row.getLong(2), row.getInt(3), row.getString(4), row.getBytes(5)));
            }
        }
        return found;
    }

    @Nullable
    String note(String key) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT text FROM note WHERE name = ?")) {
            query.setString(1, key);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
