package dev.scuttlebutt.journal;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.SessionOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A replica that is kept in a file: loaded when the journal is opened, and written from then on.
 *
 * <pre>{@code
 * Model model = new Model();
 * try (FileJournal journal = FileJournal.open(Path.of("cellar.journal"), model)) {
 *     model.set("Merlot", 6);
 *     journal.await(journal.position(), Duration.ofSeconds(5));   // the disk has it
 * }
 * }</pre>
 *
 * <p>The file has the lines that a read stream of the original says, so a JavaScript process can read it, and the other
 * way round. Once in a while it is written anew without what has been superseded, in the background: beside it, forced
 * to the disk, and put in its place in one step. A complete file exists at every moment.
 *
 * <p>Beside {@code FILE} there may be {@code FILE.lock}, which keeps two journals from writing one file,
 * {@code FILE.part}, its successor while that is incomplete, and {@code FILE.bad}, lines that could not be used.
 *
 * <p>Every method may be called from any thread. A journal has one thread of its own, and a second one while the file is
 * written anew. Writing to the replica never waits for the disk. Listeners of the replica may be called on the journal's
 * threads, as on those of every link, and must not wait for the journal there.
 *
 * @see "persistence, section 1"
 */
public final class FileJournal implements AutoCloseable {
    private final Path file;
    private final LoadReport loaded;
    private final Acknowledgements acknowledgements;
    private final Keeper keeper;

    private FileJournal(Path file, LoadReport loaded, Acknowledgements acknowledgements, Keeper keeper) {
        this.file = file;
        this.loaded = loaded;
        this.acknowledgements = acknowledgements;
        this.keeper = keeper;
    }

    /** Opens a journal with the default options. See {@link #open(Path, Replica, JournalOptions)}. */
    public static FileJournal open(Path file, Replica replica) throws IOException {
        return open(file, replica, JournalOptions.defaults());
    }

    /**
     * Hands what is in the file to the replica, and writes down what happens to it from then on. A file that is not there
     * is made.
     *
     * <p>The replica goes on under the id it had, unless it was given one, with timestamps above those it gave before.
     * What is wrong with the file is repaired and {@linkplain #loaded reported}: a torn last line is cut off, lines that
     * make no sense are put aside, both into {@code FILE.bad}.
     *
     * <p>Nothing may write to the replica before this returns, and it is not to be called by one of its listeners. When it
     * throws, the file is as it was, and the replica may hold a part of it.
     *
     * @throws java.nio.file.FileSystemException if the file is open in another journal, or is no journal
     * @throws IOException if the disk refuses it
     */
    public static FileJournal open(Path file, Replica replica, JournalOptions options) throws IOException {
        return open(followed(file), replica, options, Disk.SYSTEM);
    }

    static FileJournal open(Path file, Replica replica, JournalOptions options, Disk disk) throws IOException {
        FileGuard guard = FileGuard.take(file);
        @Nullable Opening opening = null;
        try {
            SessionOptions session = JournalFile.sessionOptions(options);
            opening = Opening.of(file, replica, options, session, disk);
            Acknowledgements acknowledgements = new Acknowledgements(options.executor());
            Keeper keeper =
                    new Keeper(file, replica, options, session, disk, guard, acknowledgements, opening.output());
            keeper.start();
            return new FileJournal(file, opening.report(), acknowledgements, keeper);
        } finally {
            if (opening == null) {
                guard.close();
            }
        }
    }

    /**
     * Hands what is in a file to a replica, once: a backup, or what a read stream of the original wrote. The file is only
     * read. Id and clock of the replica are left alone, as if a peer had sent it.
     *
     * @return what was found; lines that make no sense are in it
     * @throws IOException if the file cannot be read, or is no journal
     */
    public static LoadReport load(Path file, Replica replica) throws IOException {
        JournalOptions options = JournalOptions.defaults();
        try (Disk.Handle handle = new Disk.ChannelHandle(FileChannel.open(file, StandardOpenOption.READ));
                Loader loader = new Loader(file, replica, options)) {
            return loader.report(loader.load(handle));
        }
    }

    /**
     * Writes what a replica holds into a file, once. A file that was there is replaced in one step when the new one is on
     * the disk.
     *
     * @throws java.nio.file.FileSystemException if the file is open in a journal
     */
    public static void save(Path file, Replica replica) throws IOException {
        Path target = followed(file);
        try (FileGuard guard = FileGuard.take(target)) {
            SessionOptions session = JournalFile.sessionOptions(JournalOptions.defaults());
            Opening.write(target, replica, session, Disk.SYSTEM).close();
        }
    }

    /** The file itself is replaced now and then, not a link to it. */
    private static Path followed(Path file) throws IOException {
        return Files.isSymbolicLink(file) ? file.toRealPath() : file;
    }

    /** Returns the file. */
    public Path file() {
        return file;
    }

    /** Returns what was found when it was opened. */
    public LoadReport loaded() {
        return loaded;
    }

    // What is safe

    /**
     * Returns a position behind everything that has been applied to the replica until now, which then can be waited for.
     * Cheap; positions ascend.
     */
    public long position() {
        long position = acknowledgements.give();
        keeper.signal();
        return position;
    }

    /** Returns up to which position everything is as safe as the {@link Durability} promises. */
    public long acknowledged() {
        return keeper.forces() ? acknowledgements.forced() : acknowledgements.written();
    }

    /**
     * Returns up to which position the operating system has everything. It survives the end of this process by whatever
     * means.
     */
    public long written() {
        return acknowledgements.written();
    }

    /**
     * Completes when a position is acknowledged, and fails when the journal ends before. While the disk refuses to take
     * anything it does neither.
     *
     * @throws IllegalArgumentException if {@link #position} has not given it out
     */
    public CompletionStage<@Nullable Void> whenAcknowledged(long position) {
        return acknowledgement(position);
    }

    /**
     * Waits until a position is acknowledged.
     *
     * @return false when the time is over before; {@link #failure} may tell why
     * @throws IOException if the journal ends before
     */
    public boolean await(long position, Duration patience) throws IOException, InterruptedException {
        return await(acknowledgement(position), patience);
    }

    /** Waits until the operating system has a position. Otherwise as {@link #await}. */
    public boolean awaitWritten(long position, Duration patience) throws IOException, InterruptedException {
        return await(acknowledgements.whenWritten(position), patience);
    }

    /**
     * Forces everything that has been applied until now to the disk, at every level of durability. Completes when that is
     * done, and fails when the journal ends before.
     */
    public CompletionStage<@Nullable Void> force() {
        long position = acknowledgements.give();
        acknowledgements.wantForce(position);
        CompletableFuture<@Nullable Void> forced = acknowledgements.whenForced(position);
        keeper.signal();
        return forced;
    }

    private CompletableFuture<@Nullable Void> acknowledgement(long position) {
        return keeper.forces() ? acknowledgements.whenForced(position) : acknowledgements.whenWritten(position);
    }

    private boolean await(CompletableFuture<@Nullable Void> stage, Duration patience)
            throws IOException, InterruptedException {
        if (keeper.isThisThread()) {
            throw new IllegalStateException(
                    "the journal's own thread, on which this listener runs, cannot wait for itself");
        }
        try {
            stage.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException late) {
            return false;
        } catch (ExecutionException ended) {
            Throwable cause = ended.getCause();
            throw new IOException(cause == null ? null : cause.getMessage(), cause);
        }
    }

    // Operations

    /**
     * Writes the file anew without what has been superseded. Completes when the new file is in its place, and fails when
     * the disk refuses it or the journal ends before; the old file then stays.
     */
    public CompletionStage<@Nullable Void> compact() {
        return keeper.compact();
    }

    /** Tells whether a session of the replica is the journal's own, and not one with a peer. */
    public boolean owns(Session session) {
        return session.options() == keeper.sessionOptions();
    }

    /** Returns the length of the file in bytes. */
    public long size() {
        return keeper.size();
    }

    /** Returns what the disk refuses at present, or null when all is well. It is tried again and again. */
    public @Nullable IOException failure() {
        return keeper.failure();
    }

    /**
     * Writes what is not written yet, forces it to the disk and lets go of file and replica. Closing again does nothing.
     *
     * @throws IOException if the disk does not take the rest
     */
    @Override
    public void close() throws IOException {
        keeper.close();
    }

    /** Prepares the file that is written to. */
    private record Opening(JournalFile output, LoadReport report) {

        static Opening of(Path file, Replica replica, JournalOptions options, SessionOptions session, Disk disk)
                throws IOException {
            boolean fresh = replica.clock().isEmpty();
            Path part = part(file);
            if (disk.exists(part)) {
                if (disk.exists(file)) {
                    disk.delete(part);
                } else {
                    disk.replace(part, file);
                }
            }
            if (!disk.exists(file)) {
                return new Opening(write(file, replica, session, disk), LoadReport.NOTHING);
            }
            Disk.Handle handle = disk.open(file);
            @Nullable JournalFile resumed = null;
            LoadReport report;
            try (Loader loader = new Loader(file, replica, options)) {
                JournalReader.End end = loader.load(handle);
                loader.restore();
                report = loader.report(end);
                loader.quarantine().save(disk);
                if (fresh && loader.canResume() && replica.id().equals(report.id())) {
                    long length = mend(handle, end);
                    resumed = JournalFile.resume(handle, replica, session, length, loader.history(), loader.holds());
                }
            } finally {
                if (resumed == null) {
                    handle.close();
                }
            }
            return new Opening(resumed == null ? write(file, replica, session, disk) : resumed, report);
        }

        /** Makes the file end with a complete line; returns its length. */
        private static long mend(Disk.Handle handle, JournalReader.End end) throws IOException {
            if (end.open()) {
                Disk.writeFully(handle, ByteBuffer.wrap(new byte[] {'\n'}), end.good());
                return end.good() + 1;
            }
            if (end.bytes() > end.good()) {
                handle.truncate(end.good());
                handle.force();
            }
            return end.good();
        }

        /** Writes a complete file and puts it in its place. */
        static JournalFile write(Path file, Replica replica, SessionOptions session, Disk disk) throws IOException {
            Path part = part(file);
            JournalFile output = JournalFile.begin(disk, file, replica, session);
            boolean placed = false;
            try {
                output.append();
                output.force();
                disk.replace(part, file);
                disk.forceDirectory(Disk.directory(file));
                placed = true;
                return output;
            } finally {
                if (!placed) {
                    output.close();
                }
            }
        }
    }

    static Path part(Path file) {
        return file.resolveSibling(file.getFileName() + ".part");
    }
}
