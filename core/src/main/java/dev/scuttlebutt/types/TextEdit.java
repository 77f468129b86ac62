package dev.scuttlebutt.types;

/**
 * What happened at one place of a text.
 *
 * @param at where, in UTF-16 units, after the edits before this one in the same event
 * @param removed what was there
 * @param inserted what is there now
 */
public record TextEdit(int at, String removed, String inserted) {

    /**
     * Returns where a caret is after this edit that was at an offset before it.
     *
     * @param stays whether it stays where it is when something is inserted right at it, or goes to the beginning of what
     *     replaces the text around it; otherwise it moves behind that
     */
    public int move(int caret, boolean stays) {
        if (caret < at || (caret == at && (stays || !removed.isEmpty()))) {
            return caret;
        }
        if (caret < at + removed.length()) {
            return stays ? at : at + inserted.length();
        }
        return caret + inserted.length() - removed.length();
    }

    /** Returns the edit without what is the same at both ends, so that a caret in there stays. Pairs stay whole. */
    TextEdit trimmed() {
        int most = Math.min(removed.length(), inserted.length());
        int start = 0;
        while (start < most && removed.charAt(start) == inserted.charAt(start)) {
            start++;
        }
        if (start > 0 && Character.isHighSurrogate(removed.charAt(start - 1))) {
            start--;
        }
        int end = 0;
        while (end < most - start
                && removed.charAt(removed.length() - 1 - end) == inserted.charAt(inserted.length() - 1 - end)) {
            end++;
        }
        if (end > 0 && Character.isLowSurrogate(removed.charAt(removed.length() - end))) {
            end--;
        }
        return start == 0 && end == 0
                ? this
                : new TextEdit(
                        at + start,
                        removed.substring(start, removed.length() - end),
                        inserted.substring(start, inserted.length() - end));
    }
}
