package dev.scuttlebutt.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A disk that fails when it is told to, and knows what would be left of it after a loss of power. */
final class MemoryDisk implements Disk {
    private static final int BLOCK = 512;

    private static final class Content {
        byte[] bytes = new byte[1024];
        int length;
        byte[] forced = new byte[0];

        byte[] copy() {
            return Arrays.copyOf(bytes, length);
        }
    }

    private Map<Path, Content> files = new HashMap<>();
    private Map<Path, Content> forcedFiles = new HashMap<>();

    /** What was done, such as {@code force a.part}. */
    final List<String> log = new CopyOnWriteArrayList<>();

    /** Called before each change, with what will be done. It may throw. */
    volatile Watch watch = what -> {};

    /** Bytes for all files together. */
    volatile long capacity = Long.MAX_VALUE;

    /** How many bytes one write takes at most. */
    volatile int mostAtOnce = Integer.MAX_VALUE;

    interface Watch {
        void before(String what) throws IOException;
    }

    /** Returns the newest entry of the log, or nothing at all. */
    synchronized String lastDone() {
        return log.isEmpty() ? "" : log.get(log.size() - 1);
    }

    /** Makes everything fail whose description begins like this, until {@link #heal}. */
    synchronized void refuse(String beginning, String reason) {
        watch = what -> {
            if (what.startsWith(beginning)) {
                throw new IOException(reason);
            }
        };
    }

    synchronized void heal() {
        watch = what -> {};
        capacity = Long.MAX_VALUE;
    }

    synchronized byte[] bytes(Path file) {
        Content content = files.get(file);
        if (content == null) {
            throw new AssertionError(file + " is not there, only " + files.keySet());
        }
        return content.copy();
    }

    synchronized String text(Path file) {
        return new String(bytes(file), StandardCharsets.UTF_8);
    }

    synchronized void put(Path file, byte[] bytes) {
        Content content = new Content();
        content.bytes = bytes.clone();
        content.length = bytes.length;
        content.forced = bytes.clone();
        files.put(file, content);
        forcedFiles.put(file, content);
    }

    synchronized void capacityIsUsed() {
        capacity = used();
    }

    private long used() {
        return files.values().stream().mapToLong(content -> content.length).sum();
    }

    /**
     * Returns what may be left when the power goes now: what was forced, and of what was not an arbitrary part, of which
     * some blocks may have been allocated and not written.
     */
    synchronized MemoryDisk afterLossOfPower(RandomGenerator random) {
        MemoryDisk left = new MemoryDisk();
        Map<Path, Content> directory = random.nextBoolean() ? files : forcedFiles;
        directory.forEach((file, content) -> left.put(file, remains(content, random)));
        return left;
    }

    private static byte[] remains(Content content, RandomGenerator random) {
        byte[] written = content.copy();
        int safe = 0;
        while (safe < Math.min(written.length, content.forced.length) && written[safe] == content.forced[safe]) {
            safe++;
        }
        if (safe < content.forced.length || safe == written.length) {
            return content.forced.clone();
        }
        byte[] left = Arrays.copyOf(written, safe + random.nextInt(written.length - safe + 1));
        if (random.nextInt(3) == 0 && left.length > safe) {
            int from = Math.max(safe, (left.length - 1) / BLOCK * BLOCK);
            Arrays.fill(left, from, left.length, (byte) 0);
        }
        return left;
    }

    private void begin(String what) throws IOException {
        watch.before(what);
        log.add(what);
    }

    @Override
    public synchronized Handle open(Path file) throws IOException {
        begin("open " + file.getFileName());
        Content content = files.computeIfAbsent(file, made -> new Content());
        return new MemoryHandle(content);
    }

    @Override
    public Handle openLike(Path other, Path file) throws IOException {
        return open(file);
    }

    @Override
    public synchronized boolean exists(Path file) {
        return files.containsKey(file);
    }

    @Override
    public synchronized void replace(Path from, Path to) throws IOException {
        begin("replace " + to.getFileName());
        files.put(to, remove(from));
    }

    private Content remove(Path file) throws IOException {
        @Nullable Content content = files.remove(file);
        if (content == null) {
            throw new IOException(file + " is not there");
        }
        return content;
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        begin("delete " + file.getFileName());
        remove(file);
    }

    @Override
    public synchronized void forceDirectory(Path directory) throws IOException {
        begin("force directory");
        forcedFiles = new HashMap<>(files);
    }

    private final class MemoryHandle implements Handle {
        private final Content content;

        MemoryHandle(Content content) {
            this.content = content;
        }

        private String name() {
            return files.entrySet().stream()
                    .filter(entry -> entry.getValue() == content)
                    .map(entry -> entry.getKey().getFileName().toString())
                    .findFirst()
                    .orElse("a file that is gone");
        }

        @Override
        public long size() {
            synchronized (MemoryDisk.this) {
                return content.length;
            }
        }

        @Override
        public int read(ByteBuffer to, long at) {
            synchronized (MemoryDisk.this) {
                if (at >= content.length) {
                    return -1;
                }
                int count = (int) Math.min(to.remaining(), content.length - at);
                to.put(content.bytes, (int) at, count);
                return count;
            }
        }

        @Override
        public int write(ByteBuffer from, long at) throws IOException {
            synchronized (MemoryDisk.this) {
                begin("write " + name());
                long room = capacity - used() + Math.max(0, content.length - at);
                int count = (int) Math.min(Math.min(from.remaining(), mostAtOnce), room);
                if (count <= 0) {
                    throw new IOException("No space left on device");
                }
                int end = (int) at + count;
                if (end > content.bytes.length) {
                    content.bytes = Arrays.copyOf(content.bytes, Math.max(end, content.bytes.length * 2));
                }
                from.get(content.bytes, (int) at, count);
                content.length = Math.max(content.length, end);
                return count;
            }
        }

        @Override
        public void truncate(long length) throws IOException {
            synchronized (MemoryDisk.this) {
                begin("truncate " + name());
                content.length = (int) Math.min(content.length, length);
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (MemoryDisk.this) {
                begin("force " + name());
                content.forced = content.copy();
            }
        }

        @Override
        public void close() throws IOException {
            synchronized (MemoryDisk.this) {
                begin("close " + name());
            }
        }
    }
}
