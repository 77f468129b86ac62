package dev.scuttlebutt.store;

import dev.scuttlebutt.Clock;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the updates of many documents are kept: the small interface behind a {@link Store}.
 *
 * <p>A document is a row of blocks. A block holds lines of updates, as they stand on the wire, and what the clock of the
 * document gained with them. A snapshot, one block or several, takes the place of all blocks before it.
 *
 * <p>Methods that change something are called by one thread at a time; the others by any number, at the same time too. All
 * may block. When one throws, what was there before is there still. Names are compared and ordered by their code points,
 * which is the order of their bytes in UTF-8.
 */
public interface Storage extends AutoCloseable {

    /** Returns what is known of a document, or null when it has never been written. A deleted one is known. */
    @Nullable
    StoredDocument find(String name) throws IOException;

    /**
     * Hands out the blocks of a document in the order in which they were written, all as they are at one moment.
     *
     * @return false when it has never been written or is deleted
     */
    boolean read(String name, BlockReader reader) throws IOException;

    /** Returns the documents of a range in the order of their names, those that are deleted left out. */
    List<StoredDocument> list(NameRange range) throws IOException;

    /**
     * Hands out the documents of a range with their clocks, in the order of their names, those that are deleted too, all as
     * they are at one moment. Lines are not read, so a row that is damaged shows only if its clock cannot be understood,
     * which then is left out.
     */
    void clocks(NameRange range, ClockReader reader) throws IOException;

    /** Returns the position of the latest change of all, 0 when there is none. */
    long latest() throws IOException;

    /**
     * Returns the latest change of each document that changed after a position, in the order of positions.
     *
     * @param after a position that was returned before, or 0 for all
     * @param limit how many at most
     */
    List<Change> changes(long after, int limit) throws IOException;

    /** Returns the rows that were set aside, oldest first. */
    List<BadRow> badRows() throws IOException;

    /**
     * Writes all of these or nothing. Afterwards they survive the end of this process, by whatever means.
     *
     * @param force whether the disk is to have them, and all that was written before, when this returns
     * @throws IOException if it cannot be done, or one of the documents is deleted
     */
    void commit(List<Write> writes, boolean force) throws IOException;

    /** Returns when the disk has all that was written. */
    void force() throws IOException;

    /**
     * Deletes a document, whether or not it has ever been written: its blocks go, a record remains for ever. The disk has
     * the record when this returns.
     *
     * @param millis when, in milliseconds since 1970
     * @return false when it was deleted already
     */
    boolean delete(String name, double millis) throws IOException;

    /** Gives back room that is not used any more. What was deleted or replaced is not in the files afterwards. */
    void compact() throws IOException;

    /** Returns a remark of the store's own, or null. */
    @Nullable
    String note(String key) throws IOException;

    /** Keeps a remark. The disk has it when this returns. */
    void note(String key, String text) throws IOException;

    @Override
    void close() throws IOException;

    /** Takes in the blocks of a document. */
    @FunctionalInterface
    interface BlockReader {
        /** Takes in one block. */
        void read(Block block) throws IOException;
    }

    /** Takes in the clocks of documents. */
    @FunctionalInterface
    interface ClockReader {
        /** Takes in one document; a deleted one has an empty clock. */
        void read(StoredDocument document, Clock clock) throws IOException;
    }

    /**
     * A block as it was kept.
     *
     * @param key names the row where an operator can look at it
     * @param clock what the clock gained with it; of the first block of a snapshot the whole clock
     * @param lines not to be modified
     * @param damage what is wrong with the row, or null when it is as it was written
     */
    record Block(
            long key,
            boolean snapshot,
            Clock clock,
            byte[] lines,
            @Nullable String damage) {}

    /**
     * What is to be added to a document, which is made if it is not there.
     *
     * @param snapshot whether this takes the place of what is there
     * @param clock what the clock gains, or for a snapshot the whole clock
     * @param blocks lines, each block a row of its own; may be asked for its iterator more than once
     * @param badRows what to set aside in the same step
     */
    record Write(
            String name, String type, boolean snapshot, Clock clock, Iterable<byte[]> blocks, List<BadRow> badRows) {}

    /**
     * What is known of a document.
     *
     * @param type as the schema named it
     * @param changed the position of its latest change
     * @param bytes the length of its blocks
     * @param blocks how many there are
     * @param deletedMillis when it was deleted, in milliseconds since 1970, or null
     */
    record StoredDocument(
            String name,
            String type,
            long changed,
            long bytes,
            long blocks,
            @Nullable Double deletedMillis) {
        /** Tells whether it is deleted. */
        public boolean isDeleted() {
            return deletedMillis != null;
        }
    }

    /**
     * A document changed.
     *
     * @param position ascends over all documents
     * @param deleted whether it was deleted
     */
    record Change(long position, String name, boolean deleted) {}

    /**
     * What was set aside because it could not be used.
     *
     * @param key the row it was in
     * @param line its number within the row, from 1; 0 for the row as a whole
     * @param reason what was expected and what was found
     * @param bytes what was there; not to be modified
     */
    record BadRow(String document, long key, int line, String reason, byte[] bytes) {}
}
