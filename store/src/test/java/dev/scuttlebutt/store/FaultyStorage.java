package dev.scuttlebutt.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A storage that fails when told to, and counts what is asked of it. */
final class FaultyStorage implements Storage {
    private final Storage storage;
    private final Map<String, String> failing = new ConcurrentHashMap<>();
    final List<List<Write>> commits = new ArrayList<>();
    int forces;

    FaultyStorage(Storage storage) {
        this.storage = storage;
    }

    /** Lets an operation fail from now on. */
    void fail(String operation, String message) {
        failing.put(operation, message);
    }

    void mend() {
        failing.clear();
    }

    private void check(String operation) throws IOException {
        String message = failing.get(operation);
        if (message != null) {
            throw new IOException(message);
        }
    }

    @Override
    public @Nullable StoredDocument find(String name) throws IOException {
        check("find");
        return storage.find(name);
    }

    @Override
    public boolean read(String name, BlockReader reader) throws IOException {
        return storage.read(name, block -> {
            reader.read(block);
            check("read");
        });
    }

    @Override
    public List<StoredDocument> list(NameRange range) throws IOException {
        return storage.list(range);
    }

    @Override
    public void clocks(NameRange range, ClockReader reader) throws IOException {
        check("clocks");
        storage.clocks(range, reader);
    }

    @Override
    public long latest() throws IOException {
        return storage.latest();
    }

    @Override
    public List<Change> changes(long after, int limit) throws IOException {
        return storage.changes(after, limit);
    }

    @Override
    public List<BadRow> badRows() throws IOException {
        return storage.badRows();
    }

    @Override
    public void commit(List<Write> writes, boolean force) throws IOException {
        check("commit");
        storage.commit(writes, force);
        commits.add(List.copyOf(writes));
    }

    @Override
    public void force() throws IOException {
        check("force");
        forces++;
        storage.force();
    }

    @Override
    public boolean delete(String name, double millis) throws IOException {
        check("delete");
        return storage.delete(name, millis);
    }

    @Override
    public void compact() throws IOException {
        storage.compact();
    }

    @Override
    public @Nullable String note(String key) throws IOException {
        return storage.note(key);
    }

    @Override
    public void note(String key, String text) throws IOException {
        storage.note(key, text);
    }

    @Override
    public void close() throws IOException {
        storage.close();
    }
}
