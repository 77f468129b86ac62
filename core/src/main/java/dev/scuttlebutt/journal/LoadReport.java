package dev.scuttlebutt.journal;

import dev.scuttlebutt.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found in a file.
 *
 * @param bytes its length
 * @param lines how many lines it has, the torn one included
 * @param applied updates that the replica took, or knew to be superseded
 * @param stale updates that were not news
 * @param badLines lines that are no message, and updates that the replica does not accept
 * @param tornTail what a write that was cut off left behind, or null
 * @param synced whether the history in it is complete, which the line {@code "SYNC"} says
 * @param id the id in its latest header, or null when there is none
 * @param clock what its headers say was seen, superseded updates included
 */
public record LoadReport(
        long bytes,
        long lines,
        long applied,
        long stale,
        List<BadLine> badLines,
        @Nullable BadLine tornTail,
        boolean synced,
        @Nullable String id,
        Clock clock) {

    static final LoadReport NOTHING = new LoadReport(0, 0, 0, 0, List.of(), null, false, null, Clock.EMPTY);

    /** Copies the list. */
    public LoadReport {
        badLines = List.copyOf(badLines);
    }

    /** Tells whether everything in it could be used: no bad line and no torn one. */
    public boolean isIntact() {
        return badLines.isEmpty() && tornTail == null;
    }
}
