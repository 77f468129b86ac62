package dev.scuttlebutt.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Keeps two journals, of one process or of two, from writing the same file. */
final class FileGuard implements Closeable {
    /*
     * The lock is on a file beside the journal, because the journal itself is replaced by a new one now and then. That
     * file stays when the lock is given back: to delete it would let one process lock the deleted file and another its
     * successor. A lock ends with its process, however that ends.
     *
     * Within this process a list decides: on many systems a process loses its locks on a file when it closes that file
     * somewhere else, so it must not even be opened twice.
     */
    private static final Set<Path> TAKEN = ConcurrentHashMap.newKeySet();

    private final Path key;
    private final FileChannel channel;
    private final FileLock lock;

    private FileGuard(Path key, FileChannel channel, FileLock lock) {
        this.key = key;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Takes the lock.
     *
     * @throws FileSystemException naming the file if it is taken
     */
    static FileGuard take(Path journal) throws IOException {
        Path file = journal.resolveSibling(journal.getFileName() + ".lock");
        Path key = Disk.directory(file).toRealPath().resolve(file.getFileName());
        if (!TAKEN.add(key)) {
            throw taken(journal, " in this process");
        }
        @Nullable FileGuard guard = null;
        try {
            guard = take(journal, file, key);
            return guard;
        } finally {
            if (guard == null) {
                TAKEN.remove(key);
            }
        }
    }

    private static FileGuard take(Path journal, Path file, Path key) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        @Nullable FileLock lock = null;
        try {
            lock = channel.tryLock();
            if (lock == null) {
                throw taken(journal, holder(channel));
            }
            signIn(channel);
            return new FileGuard(key, channel, lock);
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
    }

    private static void signIn(FileChannel channel) {
        byte[] holder = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
        try {
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(holder), 0);
        } catch (IOException full) {
            // The number is for the message that somebody else gets; the lock holds without it.
        }
    }

    private static FileSystemException taken(Path journal, String where) {
        return new FileSystemException(
                journal.toString(), null, "is open" + where + "; two journals cannot share a file");
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(32);
        channel.read(buffer, 0);
        String pid = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII).trim();
        return pid.matches("\\d+") ? " in process " + pid : " elsewhere";
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            if (lock.isValid()) {
                lock.release();
            }
        } finally {
            TAKEN.remove(key);
        }
    }
}
