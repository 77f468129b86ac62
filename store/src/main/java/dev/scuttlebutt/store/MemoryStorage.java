package dev.scuttlebutt.store;

import dev.scuttlebutt.Clock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps documents in memory: for tests, and for data that may be lost. It outlives the stores that are opened on it, one
 * after the other. Safe from any thread.
 */
public final class MemoryStorage implements Storage {
    private final TreeMap<String, Entry> entries = new TreeMap<>(NameRange.ORDER);
    private final TreeMap<Long, Change> changes = new TreeMap<>();
    private final List<BadRow> badRows = new ArrayList<>();
    private final Map<String, String> notes = new HashMap<>();
    private long position;

    private static final class Entry {
        final String type;
        List<Block> blocks = new ArrayList<>();
        long changed;

        @Nullable
        Double deletedMillis;

        Entry(String type) {
            this.type = type;
        }

        Clock clock() {
            Clock clock = Clock.EMPTY;
            for (Block block : blocks) {
                clock = clock.merge(block.clock());
            }
            return clock;
        }

        StoredDocument describe(String name) {
            long bytes = 0;
            for (Block block : blocks) {
                bytes += block.lines().length;
            }
            return new StoredDocument(name, type, changed, bytes, blocks.size(), deletedMillis);
        }
    }

    /** Creates one that is empty. */
    public MemoryStorage() {}

    @Override
    public synchronized @Nullable StoredDocument find(String name) {
        Entry entry = entries.get(name);
        return entry == null ? null : entry.describe(name);
    }

    @Override
    public boolean read(String name, BlockReader reader) throws IOException {
        List<Block> blocks;
        synchronized (this) {
            Entry entry = entries.get(name);
            if (entry == null || entry.deletedMillis != null) {
                return false;
            }
            blocks = List.copyOf(entry.blocks);
        }
        for (Block block : blocks) {
            reader.read(block);
        }
        return true;
    }

    @Override
    public synchronized List<StoredDocument> list(NameRange range) {
        List<StoredDocument> found = new ArrayList<>();
        for (Map.Entry<String, Entry> entry : entries.tailMap(range.from()).entrySet()) {
            String name = entry.getKey();
            if (found.size() == range.limit() || !name.startsWith(range.prefix())) {
                break;
            }
            if (range.contains(name) && entry.getValue().deletedMillis == null) {
                found.add(entry.getValue().describe(name));
            }
        }
        return found;
    }

    @Override
    public void clocks(NameRange range, ClockReader reader) throws IOException {
        Map<StoredDocument, Clock> found = new LinkedHashMap<>();
        synchronized (this) {
            for (Map.Entry<String, Entry> entry : entries.tailMap(range.from()).entrySet()) {
                if (found.size() == range.limit() || !entry.getKey().startsWith(range.prefix())) {
                    break;
                }
                if (range.contains(entry.getKey())) {
                    found.put(
                            entry.getValue().describe(entry.getKey()),
                            entry.getValue().clock());
                }
            }
        }
        for (Map.Entry<StoredDocument, Clock> entry : found.entrySet()) {
            reader.read(entry.getKey(), entry.getValue());
        }
    }

    @Override
    public synchronized long latest() {
        return changes.isEmpty() ? 0 : changes.lastKey();
    }

    @Override
    public synchronized List<Change> changes(long after, int limit) {
        return changes.tailMap(after, false).values().stream().limit(limit).toList();
    }

    @Override
    public synchronized List<BadRow> badRows() {
        return List.copyOf(badRows);
    }

    @Override
    public synchronized void commit(List<Write> writes, boolean force) throws IOException {
        for (Write write : writes) {
            Entry entry = entries.get(write.name());
            if (entry != null && entry.deletedMillis != null) {
                throw new DocumentDeletedException(write.name());
            }
        }
        for (Write write : writes) {
            Entry entry = entries.computeIfAbsent(write.name(), made -> new Entry(write.type()));
            if (write.snapshot()) {
                entry.blocks = new ArrayList<>();
            }
            Clock clock = write.clock();
            for (byte[] lines : write.blocks()) {
                entry.blocks.add(new Block(++position, write.snapshot(), clock, lines.clone(), null));
                clock = Clock.EMPTY;
            }
            badRows.addAll(write.badRows());
            changed(write.name(), entry);
        }
    }

    private void changed(String name, Entry entry) {
        changes.remove(entry.changed);
        entry.changed = ++position;
        changes.put(entry.changed, new Change(entry.changed, name, entry.deletedMillis != null));
    }

    @Override
    public void force() {}

    @Override
    public synchronized boolean delete(String name, double millis) {
        Entry entry = entries.computeIfAbsent(name, made -> new Entry(""));
        if (entry.deletedMillis != null) {
            return false;
        }
        entry.deletedMillis = millis;
        entry.blocks = List.of();
        badRows.removeIf(row -> row.document().equals(name));
        changed(name, entry);
        return true;
    }

    @Override
    public void compact() {}

    @Override
    public synchronized @Nullable String note(String key) {
        return notes.get(key);
    }

    @Override
    public synchronized void note(String key, String text) {
        notes.put(key, text);
    }

    @Override
    public void close() {}
}
