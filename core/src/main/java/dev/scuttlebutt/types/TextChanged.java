package dev.scuttlebutt.types;

import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.Update;
import java.util.List;

/**
 * A text changed, here or elsewhere.
 *
 * @param edits what to do to the text as it was, one after another; may be empty
 * @param update the update that did it
 */
public record TextChanged(List<TextEdit> edits, Update update) implements ReplicaEvent {

    /**
     * Returns where a caret belongs after the change that was at an offset before it. Text inserted right at it comes
     * behind it.
     */
    public int caret(int offset) {
        return move(offset, true);
    }

    /**
     * Returns what is selected after the change: the same text, less what was removed of it and with what was inserted
     * within. An empty selection is a {@link #caret}.
     */
    public Selection selection(Selection before) {
        int end = move(before.end(), true);
        int start = before.isEmpty() ? end : move(before.start(), false);
        return new Selection(Math.min(start, end), end);
    }

    private int move(int offset, boolean stays) {
        int moved = offset;
        for (TextEdit edit : edits) {
            moved = edit.move(moved, stays);
        }
        return moved;
    }
}
