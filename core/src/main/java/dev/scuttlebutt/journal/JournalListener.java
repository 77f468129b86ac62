package dev.scuttlebutt.journal;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Hears of what happens to a journal. All methods do nothing by default.
 *
 * <p>They are called on the journal's own threads, one at a time, and must be quick. One that throws is logged and
 * disturbs nobody.
 */
public interface JournalListener {

    /**
     * The disk refused something. Nothing that was acknowledged is lost; what is not is tried again until it succeeds.
     * Told once until {@link #recovered}, or when the reason changes.
     */
    default void failed(IOException failure) {}

    /** What had failed has succeeded. */
    default void recovered() {}

    /**
     * The file was written anew without what has been superseded.
     *
     * @param before its length in bytes
     * @param after likewise
     */
    default void compacted(Path file, long before, long after) {}
}
