package dev.scuttlebutt.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a journal asks of a disk. Tests put one in between that fails. */
interface Disk {
    /** The disk of this machine. */
    Disk SYSTEM = new SystemDisk();

    /** Opens a file for reading and writing, and makes it if it is not there. */
    Handle open(Path file) throws IOException;

    /**
     * Opens a file for reading and writing, and makes it if it is not there. Those may use it who may use the other one, if
     * that is there.
     */
    Handle openLike(Path other, Path file) throws IOException;

    boolean exists(Path file);

    /** Puts one file in the place of another, so that at every moment there is one or the other. */
    void replace(Path from, Path to) throws IOException;

    void delete(Path file) throws IOException;

    /** Makes sure that what was made, replaced and deleted in a directory stays so. */
    void forceDirectory(Path directory) throws IOException;

    /** An open file. */
    interface Handle extends Closeable {
        long size() throws IOException;

        /** Returns the number of bytes read, -1 at the end. */
        int read(ByteBuffer to, long at) throws IOException;

        /** Returns the number of bytes written, which may be fewer than there are. */
        int write(ByteBuffer from, long at) throws IOException;

        void truncate(long length) throws IOException;

        void force() throws IOException;
    }

    /** Writes all of it, however few bytes the disk takes at a time. */
    static void writeFully(Handle handle, ByteBuffer from, long at) throws IOException {
        long position = at;
        while (from.hasRemaining()) {
            int count = handle.write(from, position);
            if (count <= 0) {
                throw new IOException("the disk takes no bytes");
            }
            position += count;
        }
    }

    /** Returns the directory of a file. */
    static Path directory(Path file) {
        @Nullable Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    /** The disk of this machine. */
    final class SystemDisk implements Disk {
        private static final boolean FORCES_DIRECTORIES =
                !System.getProperty("os.name").startsWith("Windows");

        @Override
        public Handle open(Path file) throws IOException {
            return new ChannelHandle(FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE));
        }

        @Override
        public Handle openLike(Path other, Path file) throws IOException {
            @Nullable PosixFileAttributeView view = Files.getFileAttributeView(other, PosixFileAttributeView.class);
            if (view == null || !Files.exists(other)) {
                return open(file);
            }
            Set<PosixFilePermission> permissions = view.readAttributes().permissions();
            try {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(permissions));
            } catch (FileAlreadyExistsException fine) {
                // Left over; it is given the permissions below.
            }
            Files.setPosixFilePermissions(file, permissions);
            return open(file);
        }

        @Override
        public boolean exists(Path file) {
            return Files.exists(file);
        }

        @Override
        public void replace(Path from, Path to) throws IOException {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        public void delete(Path file) throws IOException {
            Files.deleteIfExists(file);
        }

        @Override
        public void forceDirectory(Path directory) throws IOException {
            if (FORCES_DIRECTORIES) {
                try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        }
    }

    /** An open file of this machine. */
    record ChannelHandle(FileChannel channel) implements Handle {
        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public int read(ByteBuffer to, long at) throws IOException {
            return channel.read(to, at);
        }

        @Override
        public int write(ByteBuffer from, long at) throws IOException {
            return channel.write(from, at);
        }

        @Override
        public void truncate(long length) throws IOException {
            channel.truncate(length);
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
