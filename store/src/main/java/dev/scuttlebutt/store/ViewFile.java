package dev.scuttlebutt.store;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.store.ViewGroups.Contribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.sqlite.SQLiteDataSource;

/** Keeps what documents contributed to views, so that a start does not look at all documents again. */
final class ViewFile implements AutoCloseable {
    /*
     * Whatever is here can be made anew, so nothing is forced to the disk. It belongs to one run of a storage: after a
     * crash the storage may have gone back behind it, and it is made anew. A storage that was not closed takes a new id,
     * which tells.
     */
    private static final String[] MAKE = {
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = NORMAL",
        "CREATE TABLE IF NOT EXISTS view (name TEXT PRIMARY KEY, version INTEGER NOT NULL, run TEXT NOT NULL,"
                + " position INTEGER NOT NULL) WITHOUT ROWID",
        "CREATE TABLE IF NOT EXISTS contribution (view TEXT NOT NULL, document TEXT NOT NULL, content TEXT NOT NULL,"
                + " PRIMARY KEY (view, document)) WITHOUT ROWID"
    };

    private final Path file;
    private final Connection connection;
    private final String view;
    private final int version;
    private final String run;

    private ViewFile(Path file, Connection connection, ViewDefinition definition, String run) {
        this.file = file;
        this.connection = connection;
        this.view = definition.name();
        this.version = definition.version();
        this.run = run;
    }

    static ViewFile open(Path file, ViewDefinition definition, String run) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:file:" + file.toAbsolutePath().toUri().getRawPath());
        source.getConfig().setBusyTimeout(10_000);
        try {
            Connection connection = source.getConnection();
            try (Statement statement = connection.createStatement()) {
                for (String command : MAKE) {
                    statement.execute(command);
                }
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
            return new ViewFile(file, connection, definition, run);
        } catch (SQLException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Hands out what is kept, and returns up to which change it is; 0 when it has to be made anew. */
    long load(BiConsumer<String, List<Contribution>> reader) throws IOException {
        try (PreparedStatement query =
                        connection.prepareStatement("SELECT version, run, position FROM view WHERE name = ?");
                PreparedStatement rows =
                        connection.prepareStatement("SELECT document, content FROM contribution WHERE view = ?")) {
            query.setString(1, view);
            rows.setString(1, view);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next() || row.getInt(1) != version || !run.equals(row.getString(2))) {
                    return 0;
                }
                long position = row.getLong(3);
                try (ResultSet each = rows.executeQuery()) {
                    while (each.next()) {
                        reader.accept(each.getString(1), decode(each.getString(2)));
                    }
                }
                return position;
            }
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    void clear() throws IOException {
        try (PreparedStatement rows = connection.prepareStatement("DELETE FROM contribution WHERE view = ?")) {
            rows.setString(1, view);
            rows.executeUpdate();
        } catch (SQLException e) {
            throw failure(e);
        }
        save(Map.of(), 0);
    }

    /** Keeps what some documents contribute, all or nothing. */
    void save(Map<String, List<Contribution>> contributions, long position) throws IOException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            try {
                write(contributions, position);
                statement.execute("COMMIT");
            } catch (SQLException | RuntimeException e) {
                statement.execute("ROLLBACK");
                throw e;
            }
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private void write(Map<String, List<Contribution>> contributions, long position) throws SQLException {
        try (PreparedStatement put =
                        connection.prepareStatement("INSERT OR REPLACE INTO contribution VALUES (?, ?, ?)");
                PreparedStatement drop =
                        connection.prepareStatement("DELETE FROM contribution WHERE view = ? AND document = ?");
                PreparedStatement mark =
                        connection.prepareStatement("INSERT OR REPLACE INTO view VALUES (?, ?, ?, ?)")) {
            for (Map.Entry<String, List<Contribution>> entry : contributions.entrySet()) {
                PreparedStatement command = entry.getValue().isEmpty() ? drop : put;
                command.setString(1, view);
                command.setString(2, entry.getKey());
                if (command == put) {
                    command.setString(3, encode(entry.getValue()));
                }
                command.executeUpdate();
            }
            mark.setString(1, view);
            mark.setInt(2, version);
            mark.setString(3, run);
            mark.setLong(4, position);
            mark.executeUpdate();
        }
    }

    private static String encode(List<Contribution> contributions) {
        List<Json> all = new ArrayList<>();
        contributions.forEach(one -> all.add(JsonArray.of(List.of(Json.of(one.group()), one.value()))));
        return JsonArray.of(all).toString();
    }

    private static List<Contribution> decode(String text) {
        List<Contribution> contributions = new ArrayList<>();
        for (Json one : Json.parse(text).asArray()) {
            List<String> group = new ArrayList<>();
            one.asArray().get(0).asArray().forEach(step -> group.add(step.asString()));
            contributions.add(new Contribution(List.copyOf(group), one.asArray().get(1)));
        }
        return contributions;
    }

    private IOException failure(SQLException e) {
        return new IOException(file + ": " + e.getMessage(), e);
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failure(e);
        }
    }
}
