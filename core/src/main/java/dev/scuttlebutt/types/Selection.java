package dev.scuttlebutt.types;

/**
 * A selected part of a text, in UTF-16 units.
 *
 * @param start offset of the first unit
 * @param end offset after the last unit; the same as the start when nothing is selected
 */
public record Selection(int start, int end) {
    /** Checks that they make sense. */
    public Selection {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("a selection cannot reach from " + start + " to " + end);
        }
    }

    /** Returns a caret: a selection of nothing. */
    public static Selection caret(int offset) {
        return new Selection(offset, offset);
    }

    /** Tells whether nothing is selected. */
    public boolean isEmpty() {
        return start == end;
    }
}
