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
     * Returns where a caret is after this edit that was at an offset before it. One within what was removed goes to the
     * place where that was.
     *
     * @param stays whether it stays where it is when something is inserted right at it, instead of moving behind that
     */
    public int move(int caret, boolean stays) {
        if (caret < at || (caret == at && stays)) {
            return caret;
        }
        int end = at + removed.length();
        if (caret < end || (caret == end && !removed.isEmpty() && stays)) {
            return stays ? at : Math.min(at + inserted.length(), at + Math.max(0, caret - at));
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
