package dev.scuttlebutt.store;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.store.Storage.BadRow;
import dev.scuttlebutt.store.Storage.Write;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes the tables over one connection. For one thread at a time. */
final class SqliteWriter implements AutoCloseable {
    /*
     * The file has a write-ahead log. With "synchronous" at NORMAL a commit is handed to the system and no more; at FULL
     * it also forces the log, and with it all commits before. So the disk is forced by any commit made at FULL.
     */
    private final Connection connection;
    private final Statement statement;
    private @Nullable Commands prepared;
    private boolean forcing;

    /** Whether the disk has refused something that was not asked for again. */
    private boolean distrusted;

    private long position;

    /** What is prepared once. */
    private static final class Commands implements AutoCloseable {
        final PreparedStatement find;
        final PreparedStatement make;
        final PreparedStatement clear;
        final PreparedStatement add;
        final PreparedStatement update;
        final PreparedStatement setAside;

        Commands(Connection connection) throws SQLException {
            find = connection.prepareStatement("SELECT id, deleted IS NOT NULL FROM document WHERE name = ?");
            make = connection.prepareStatement(
                    "INSERT INTO document (name, type, changed) VALUES (?, ?, ?) RETURNING id");
            clear = connection.prepareStatement("DELETE FROM block WHERE document = ?");
            add = connection.prepareStatement(
                    "INSERT INTO block (document, snapshot, clock, checksum, lines) VALUES (?, ?, ?, ?, ?)");
            update = connection.prepareStatement("UPDATE document SET changed = ?, bytes = bytes * ? + ?,"
                    + " blocks = blocks * ? + ? WHERE id = ?");
            setAside = connection.prepareStatement(
                    "INSERT INTO bad_row (document, block, line, reason, bytes) VALUES (?, ?, ?, ?, ?)");
        }

        @Override
        public void close() throws SQLException {
            for (PreparedStatement command : List.of(find, make, clear, add, update, setAside)) {
                command.close();
            }
        }
    }

    /** A part of a transaction. */
    @FunctionalInterface
    private interface Work {
        void run() throws SQLException, IOException;
    }

    SqliteWriter(Connection connection) throws SQLException {
        this.connection = connection;
        this.statement = connection.createStatement();
        statement.execute("PRAGMA synchronous = NORMAL");
        try (ResultSet last = statement.executeQuery("SELECT max(changed) FROM document")) {
            position = last.next() ? last.getLong(1) : 0;
        }
    }

    private Commands commands() throws SQLException {
        Commands known = prepared;
        if (known == null) {
            known = new Commands(connection);
            prepared = known;
        }
        return known;
    }

    void commit(List<Write> writes, boolean force) throws SQLException, IOException {
        transaction(force, () -> {
            for (Write write : writes) {
                write(write);
            }
        });
    }

    private void write(Write write) throws SQLException, IOException {
        Commands commands = commands();
        long document = identify(write.name(), write.type());
        if (write.snapshot()) {
            commands.clear.setLong(1, document);
            commands.clear.executeUpdate();
        }
        long bytes = 0;
        long blocks = 0;
        Clock clock = write.clock();
        for (byte[] lines : write.blocks()) {
            add(document, write.snapshot(), clock, lines);
            clock = Clock.EMPTY;
            bytes += lines.length;
            blocks++;
        }
        for (BadRow row : write.badRows()) {
            setAside(document, row);
        }
        int keeps = write.snapshot() ? 0 : 1;
        commands.update.setLong(1, ++position);
        commands.update.setInt(2, keeps);
        commands.update.setLong(3, bytes);
        commands.update.setInt(4, keeps);
        commands.update.setLong(5, blocks);
        commands.update.setLong(6, document);
        commands.update.executeUpdate();
    }

    /** Returns the id of a document, which is made if it is not there. */
    private long identify(String name, String type) throws SQLException, IOException {
        Commands commands = commands();
        commands.find.setString(1, name);
        try (ResultSet row = commands.find.executeQuery()) {
            if (row.next()) {
                if (row.getInt(2) != 0) {
                    throw new DocumentDeletedException(name);
                }
                return row.getLong(1);
            }
        }
        commands.make.setString(1, name);
        commands.make.setString(2, type);
        commands.make.setLong(3, ++position);
        try (ResultSet row = commands.make.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private void add(long document, boolean snapshot, Clock clock, byte[] lines) throws SQLException {
        Commands commands = commands();
        String text = clock.toString();
        commands.add.setLong(1, document);
        commands.add.setInt(2, snapshot ? 1 : 0);
        commands.add.setString(3, text);
        commands.add.setLong(4, SqliteReader.checksum(text, lines));
        commands.add.setBytes(5, lines);
        commands.add.executeUpdate();
    }

    private void setAside(long document, BadRow row) throws SQLException {
        Commands commands = commands();
        commands.setAside.setLong(1, document);
        commands.setAside.setLong(2, row.key());
        commands.setAside.setInt(3, row.line());
        commands.setAside.setString(4, row.reason());
        commands.setAside.setBytes(5, row.bytes());
        commands.setAside.executeUpdate();
    }

    void force() throws SQLException, IOException {
        boolean again = distrusted;
        distrusted = true;
        if (again) {
            // The system may have dropped a part of the log; what comes behind it would not be found after a crash.
            emptyLog();
        }
        transaction(true, () -> statement.execute("UPDATE note SET text = text + 1 WHERE name = 'forced'"));
        distrusted = false;
    }

    boolean delete(String name, double millis) throws SQLException, IOException {
        boolean[] news = new boolean[1];
        transaction(true, () -> news[0] = doDelete(name, millis));
        return news[0];
    }

    private boolean doDelete(String name, double millis) throws SQLException, IOException {
        Commands commands = commands();
        long document;
        try {
            document = identify(name, "");
        } catch (DocumentDeletedException before) {
            return false;
        }
        commands.clear.setLong(1, document);
        commands.clear.executeUpdate();
        try (PreparedStatement forget = connection.prepareStatement("DELETE FROM bad_row WHERE document = ?")) {
            forget.setLong(1, document);
            forget.executeUpdate();
        }
        try (PreparedStatement mark = connection.prepareStatement(
                "UPDATE document SET deleted = ?, changed = ?, bytes = 0, blocks = 0 WHERE id = ?")) {
            mark.setDouble(1, millis);
            mark.setLong(2, ++position);
            mark.setLong(3, document);
            mark.executeUpdate();
        }
        return true;
    }

    void note(String key, String text) throws SQLException, IOException {
        transaction(true, () -> {
            try (PreparedStatement keep = connection.prepareStatement(
                    "INSERT INTO note VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET text = excluded.text")) {
                keep.setString(1, key);
                keep.setString(2, text);
                keep.executeUpdate();
            }
        });
    }

    /** Writes the file anew without what is free in it, and empties the log, which had copies of what is gone. */
    void compact() throws SQLException, IOException {
        statement.execute("VACUUM");
        emptyLog();
    }

    /** Moves everything from the log into the file, which is forced. */
    private void emptyLog() throws SQLException, IOException {
        try (ResultSet result = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
            if (!result.next() || result.getInt(1) != 0) {
                throw new IOException("the log could not be emptied because somebody reads; try again");
            }
        }
    }

    void pragma(String text) throws SQLException {
        statement.execute("PRAGMA " + text);
    }

    private void transaction(boolean force, Work work) throws SQLException, IOException {
        if (forcing != force) {
            statement.execute("PRAGMA synchronous = " + (force ? "FULL" : "NORMAL"));
            forcing = force;
        }
        statement.execute("BEGIN IMMEDIATE");
        try {
            work.run();
            statement.execute("COMMIT");
        } catch (SQLException | IOException | RuntimeException e) {
            rollBack(e);
            throw e;
        }
    }

    private void rollBack(Exception cause) {
        try (Commands failed = prepared) {
            // The driver closes a command that failed; closing one again does nothing.
            prepared = null;
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            // After a full disk and some other errors there is no transaction left.
            cause.addSuppressed(e);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
