package dev.scuttlebutt.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The tables, and which version of them a file has. */
final class SqliteTables {
    /*
     * Names, types and clocks are text, so that any tool shows them. A clock is the JSON of a handshake: sources may have
     * any character, and JSON escapes those that a text of SQLite cannot have. Of blocks the id is the order.
     *
     * The row of a document is never removed. Its id is what blocks refer to; "changed" is the position of its latest
     * change over all documents, of which the change feed is the order.
     */
    private static final int VERSION = 1;

    /** "Scut" in ASCII; tells tools like file(1) what this is. */
    private static final int APPLICATION = 0x53637574;

    private static final String[] MAKE = {
        """
        CREATE TABLE document (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          name TEXT NOT NULL UNIQUE,
          type TEXT NOT NULL,
          changed INTEGER NOT NULL UNIQUE,
          bytes INTEGER NOT NULL DEFAULT 0,
          blocks INTEGER NOT NULL DEFAULT 0,
          deleted REAL)""",
        """
        CREATE TABLE block (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          document INTEGER NOT NULL,
          snapshot INTEGER NOT NULL,
          clock TEXT NOT NULL,
          checksum INTEGER NOT NULL,
          lines BLOB NOT NULL)""",
        "CREATE INDEX block_of_document ON block (document)",
        """
        CREATE TABLE bad_row (
          id INTEGER PRIMARY KEY,
          document INTEGER NOT NULL,
          block INTEGER NOT NULL,
          line INTEGER NOT NULL,
          reason TEXT NOT NULL,
          bytes BLOB NOT NULL)""",
        "CREATE TABLE note (name TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID",
        "INSERT INTO note VALUES ('forced', '0')",
        "PRAGMA application_id = " + APPLICATION,
        "PRAGMA user_version = " + VERSION
    };

    private SqliteTables() {}

    /** Makes the tables in an empty file; checks the version of one that is not. */
    static void prepare(Connection connection, Path file) throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            if (pragma(statement, "schema_version") == 0) {
                make(statement);
            }
        }
        check(connection, file);
    }

    /** Checks that a file has the tables that this program knows. */
    static void check(Connection connection, Path file) throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            int version = pragma(statement, "user_version");
            if (pragma(statement, "application_id") != APPLICATION) {
                throw new IOException(file + " is a database of something else; nothing was changed");
            }
            if (version != VERSION) {
                throw new IOException(file + " has tables of version " + version + ", this program knows version "
                        + VERSION + "; nothing was changed");
            }
        }
    }

    private static void make(Statement statement) throws SQLException {
        statement.execute("BEGIN IMMEDIATE");
        for (String command : MAKE) {
            statement.execute(command);
        }
        statement.execute("COMMIT");
    }

    private static int pragma(Statement statement, String name) throws SQLException {
        try (ResultSet result = statement.executeQuery("PRAGMA " + name)) {
            return result.next() ? result.getInt(1) : 0;
        }
    }
}
