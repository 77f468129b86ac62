package dev.scuttlebutt.journal;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Message;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.SessionOptions;
import dev.scuttlebutt.Sync;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.wire.JsonLines;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file as a peer that only listens. Used by one thread at a time. */
final class JournalFile {
    /*
     * Messages are taken from the session as they are needed, so a disk that is slow or full costs what a slow peer
     * costs: a position in the history. What has been taken and not been written stays in one buffer.
     *
     * The buffer is written where the last complete line ends. A write that fails half way is undone, and if that fails
     * too it is written over by the next try, or else found and cut off when the file is loaded.
     */
    private static final int BUFFER = 1 << 18;
    private static final int BATCH = 1024;

    /** After so many full batches the rest is taken under one lock, or fast writers would never be caught up with. */
    private static final int PATIENCE = 64;

    private final Disk.Handle handle;
    private final Session session;
    private final boolean continues;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final List<Message> messages = new ArrayList<>();
    private int next;
    private @Nullable ByteBuffer pending;
    private boolean synced;
    private boolean unforced = true;
    private long length;
    private long history;

    private JournalFile(Disk.Handle handle, Session session, boolean continues, long length, long history) {
        this.handle = handle;
        this.session = session;
        this.continues = continues;
        this.synced = continues;
        this.length = length;
        this.history = history;
    }

    /** Returns the options of the sessions of one journal, by whose identity they are known. */
    static SessionOptions sessionOptions(JournalOptions options) {
        return SessionOptions.sendOnly().meta(options.meta());
    }

    /**
     * Begins the successor of a journal, in the file that is named {@link FileJournal#part}, with header and history. The
     * session keeps its place in the replica until {@link #close}.
     */
    static JournalFile begin(Disk disk, Path journal, Replica replica, SessionOptions options) throws IOException {
        Disk.Handle handle = disk.openLike(journal, FileJournal.part(journal));
        boolean begun = false;
        try {
            handle.truncate(0);
            Session session = replica.open(options);
            session.assume(Clock.EMPTY);
            begun = true;
            return new JournalFile(handle, session, false, 0, 0);
        } finally {
            if (!begun) {
                handle.close();
            }
        }
    }

    /**
     * Goes on with a file.
     *
     * @param length where its last complete line ends
     * @param history how many bytes its header and history have
     * @param holds what is in it
     */
    static JournalFile resume(
            Disk.Handle handle, Replica replica, SessionOptions options, long length, long history, Clock holds) {
        Session session = replica.open(options);
        session.assume(holds);
        return new JournalFile(handle, session, true, length, history);
    }

    Session session() {
        return session;
    }

    /** Bytes of complete lines that the operating system has. */
    long length() {
        return length;
    }

    /** How many of these are header and history. */
    long history() {
        return history;
    }

    boolean isUnforced() {
        return unforced;
    }

    /** Tells whether the session is over and everything it had to say is written. */
    boolean hasEnded() {
        return pending == null && next == messages.size() && session.outputEnded();
    }

    /**
     * Writes all there is to write, until there was a moment with nothing left. The operating system then has everything
     * that was applied before the call.
     *
     * @throws IOException if the disk refuses it. What was taken is kept for the next call.
     */
    void append() throws IOException {
        writePending();
        boolean more = true;
        int rounds = 0;
        while (more || next < messages.size()) {
            while (next < messages.size()) {
                take(messages.get(next));
            }
            messages.clear();
            next = 0;
            if (more) {
                int max = synced && ++rounds > PATIENCE ? Integer.MAX_VALUE : BATCH;
                more = session.poll(messages, max, Integer.MAX_VALUE) == max;
            }
        }
        flush();
    }

    private void take(Message message) throws IOException {
        if (message instanceof Update update) {
            makeRoom(update.length());
            // From here on it is either in the buffer or pending: a failure must not have it written twice.
            next++;
            if (update.length() > buffer.remaining()) {
                write(update.bytes());
            } else {
                update.copyTo(buffer, 0);
            }
        } else if (continues) {
            next++;
        } else {
            takeOther(message);
        }
    }

    private void takeOther(Message message) throws IOException {
        ByteBuffer line = JsonLines.encode(message);
        makeRoom(line.remaining());
        next++;
        if (line.remaining() > buffer.remaining()) {
            write(line);
        } else {
            buffer.put(line);
        }
        if (message == Sync.SYNC) {
            synced = true;
            history = length + buffer.position();
        }
    }

    private void makeRoom(int bytes) throws IOException {
        if (bytes > buffer.remaining()) {
            flush();
        }
    }

    private void flush() throws IOException {
        if (buffer.position() > 0) {
            buffer.flip();
            write(buffer);
        }
    }

    private void write(ByteBuffer lines) throws IOException {
        pending = lines;
        writePending();
    }

    private void writePending() throws IOException {
        ByteBuffer lines = pending;
        if (lines == null) {
            return;
        }
        unforced = true;
        try {
            Disk.writeFully(handle, lines, length);
        } catch (IOException | RuntimeException refused) {
            lines.rewind();
            undo(refused);
            throw refused;
        }
        length += lines.limit();
        pending = null;
        if (lines == buffer) {
            buffer.clear();
        }
    }

    /** Others that read the file meanwhile need not see half a line. */
    private void undo(Exception refused) {
        try {
            handle.truncate(length);
        } catch (IOException again) {
            refused.addSuppressed(again);
        }
    }

    void force() throws IOException {
        handle.force();
        unforced = false;
    }

    /** Lets go of file and replica. */
    void close() throws IOException {
        session.close();
        handle.close();
    }
}
