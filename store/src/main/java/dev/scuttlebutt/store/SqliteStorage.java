package dev.scuttlebutt.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteDataSource;

/**
 * Keeps documents in one file of SQLite, which any tool can look into. Safe from any thread.
 *
 * <p>Only one store at a time, of any process, has a directory open; others may look with tools that read. The file system
 * must be a local one.
 */
public final class SqliteStorage implements Storage {
    /** The name of the database in its directory. */
    public static final String FILE = "documents.sqlite";

    private static final int MAX_IDLE_READERS = 4;

    private final Path file;
    private final @Nullable DirectoryLock lock;
    private final SQLiteDataSource source;
    private final @Nullable SqliteWriter writer;

    /** Held while something is changed. */
    private final ReentrantLock changing = new ReentrantLock();

    // Guarded by this.
    private final Deque<SqliteReader> idle = new ArrayDeque<>();
    private boolean closed;

    private SqliteStorage(
            Path file, @Nullable DirectoryLock lock, SQLiteDataSource source, @Nullable SqliteWriter writer) {
        this.file = file;
        this.lock = lock;
        this.source = source;
        this.writer = writer;
    }

    /** Something done over a connection. */
    @FunctionalInterface
    private interface Look<T> {
        T at(SqliteReader reader) throws SQLException, IOException;
    }

    /** Something changed over the connection that writes. */
    @FunctionalInterface
    private interface Work {
        void with(SqliteWriter writer) throws SQLException, IOException;
    }

    /**
     * Opens the database of a directory; both are made if they are not there.
     *
     * @throws java.nio.file.FileSystemException if another store has it open
     * @throws IOException if it cannot be read, or was made by something else
     */
    public static SqliteStorage open(Path directory) throws IOException {
        Files.createDirectories(directory);
        DirectoryLock lock = DirectoryLock.acquire(directory);
        try {
            return open(directory.resolve(FILE), lock);
        } catch (SQLException e) {
            lock.close();
            throw failure(directory.resolve(FILE), e);
        } catch (IOException | RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    private static SqliteStorage open(Path file, DirectoryLock lock) throws SQLException, IOException {
        SQLiteDataSource source = source(file);
        Connection connection = source.getConnection();
        try {
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute("PRAGMA journal_size_limit = " + (64 << 20));
            }
            SqliteTables.prepare(connection, file);
            return new SqliteStorage(file, lock, source, new SqliteWriter(connection));
        } catch (SQLException | IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Opens the database of a directory for a look, also while a store has it open. What would change something throws.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws IOException if it cannot be read, or was made by something else
     */
    public static SqliteStorage openReadOnly(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        SQLiteDataSource source = source(file);
        source.setReadOnly(true);
        try (Connection connection = source.getConnection()) {
            SqliteTables.check(connection, file);
        } catch (SQLException e) {
            throw failure(file, e);
        }
        return new SqliteStorage(file, null, source, null);
    }

    private static SQLiteDataSource source(Path file) {
        SQLiteDataSource source = new SQLiteDataSource();
        // Otherwise the driver asks for the key after each insertion, and leaves the question open.
        source.getConfig().setGetGeneratedKeys(false);
        // As a URI, so that a question mark in the path does not begin parameters.
        source.setUrl("jdbc:sqlite:file:" + file.toAbsolutePath().toUri().getRawPath());
        return source;
    }

    private static IOException failure(Path file, SQLException e) {
        return new IOException(file + ": " + e.getMessage(), e);
    }

    private <T> T look(Look<T> look) throws IOException {
        try {
            SqliteReader reader = take();
            try {
                return look.at(reader);
            } finally {
                giveBack(reader);
            }
        } catch (SQLException e) {
            throw failure(file, e);
        }
    }

    private SqliteReader take() throws SQLException, IOException {
        synchronized (this) {
            if (closed) {
                throw new IOException(file + " is closed");
            }
            if (!idle.isEmpty()) {
                return idle.pop();
            }
        }
        return new SqliteReader(source.getConnection());
    }

    private void giveBack(SqliteReader reader) throws SQLException {
        synchronized (this) {
            if (!closed && idle.size() < MAX_IDLE_READERS) {
                idle.push(reader);
                return;
            }
        }
        reader.close();
    }

    private void work(Work work) throws IOException {
        SqliteWriter into = writer;
        if (into == null) {
            throw new IOException(file + " was opened for reading only");
        }
        changing.lock();
        try {
            work.with(into);
        } catch (SQLException e) {
            throw failure(file, e);
        } finally {
            changing.unlock();
        }
    }

    /** Returns the file of the database. */
    public Path file() {
        return file;
    }

    @Override
    public @Nullable StoredDocument find(String name) throws IOException {
        return look(reader -> Optional.ofNullable(reader.find(name))).orElse(null);
    }

    @Override
    public boolean read(String name, BlockReader blocks) throws IOException {
        return look(reader -> reader.read(name, blocks));
    }

    @Override
    public List<StoredDocument> list(NameRange range) throws IOException {
        return look(reader -> reader.list(range));
    }

    @Override
    public void clocks(NameRange range, ClockReader clocks) throws IOException {
        look(reader -> {
            reader.clocks(range, clocks);
            return range;
        });
    }

    @Override
    public long latest() throws IOException {
        return look(SqliteReader::latest);
    }

    @Override
    public List<Change> changes(long after, int limit) throws IOException {
        return look(reader -> reader.changes(after, limit));
    }

    @Override
    public List<BadRow> badRows() throws IOException {
        return look(SqliteReader::badRows);
    }

    @Override
    public void commit(List<Write> writes, boolean force) throws IOException {
        work(into -> into.commit(writes, force));
    }

    @Override
    public void force() throws IOException {
        work(into -> into.force());
    }

    @Override
    public boolean delete(String name, double millis) throws IOException {
        AtomicBoolean news = new AtomicBoolean();
        work(from -> news.set(from.delete(name, millis)));
        return news.get();
    }

    /** {@inheritDoc} Needs room for a second copy meanwhile. */
    @Override
    public void compact() throws IOException {
        work(within -> within.compact());
    }

    @Override
    public @Nullable String note(String key) throws IOException {
        return look(reader -> Optional.ofNullable(reader.note(key))).orElse(null);
    }

    @Override
    public void note(String key, String text) throws IOException {
        work(into -> into.note(key, text));
    }

    /**
     * Checks how the file is built, every page of it, which takes time by its size; checksums of blocks are looked at when
     * they are read.
     *
     * @return what is wrong, nothing when all is well
     */
    public List<String> check() throws IOException {
        return look(SqliteReader::check);
    }

    /** For tests of a disk that is full. */
    void pragma(String text) throws IOException {
        work(with -> with.pragma(text));
    }

    @Override
    public void close() throws IOException {
        Deque<SqliteReader> readers;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            readers = new ArrayDeque<>(idle);
            idle.clear();
        }
        changing.lock();
        try (lock) {
            for (SqliteReader reader : readers) {
                reader.close();
            }
            if (writer != null) {
                writer.close();
            }
        } catch (SQLException e) {
            throw failure(file, e);
        } finally {
            changing.unlock();
        }
    }
}
