package dev.scuttlebutt.types;

import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.sequence.JsText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A replicated text of lines, each of which is changed as a whole. {@code r-edit} in JavaScript.
 *
 * <p>Offsets and lengths count UTF-16 units, as those of {@code String} do. An item is a line with its line feed; the last
 * one is what follows the last line feed, perhaps nothing. Two people who change different lines do not disturb each other;
 * of two who change the same line at the same time the later one wins. Whoever wants to keep both takes {@link RString}.
 *
 * <p>{@link TextChanged} tells of changes in terms of text.
 *
 * @see "sequences, part 2"
 */
public final class REdit extends RArray implements ReplicatedText {
    private static final int ATTEMPTS = 8;

    /** Creates an empty text with a new random id. */
    public REdit() {}

    /** Creates an empty text with this id. */
    public REdit(String id) {
        super(id);
    }

    /** Creates an empty text. */
    public REdit(ReplicaOptions options) {
        super(options);
    }

    // Looking

    /** Returns the text. O(n). */
    @Override
    public String text() {
        return look(items::allText);
    }

    /** Returns the length of the text. */
    @Override
    public int length() {
        return look(items::textLength);
    }

    // Changing

    /**
     * Makes this the text, with one update, none if it is so already. Lines that stay are not touched; a line that replaces
     * another takes its place and its key. What somebody else writes while the difference is worked out does not get lost:
     * the work then begins again.
     *
     * <p>Finding the difference is O(lines × lines that differ), bounded for large differences, which then touch more lines
     * than they need.
     */
    @Override
    public void text(String text) {
        List<String> wanted = lines(text);
        boolean done = false;
        for (int i = 0; i < ATTEMPTS && !done; i++) {
            done = replaceUnlessChanged(wanted);
        }
        if (!done) {
            write(draft -> draftText(draft, texts(), wanted));
        }
    }

    /** Works out the difference without holding the lock; false when somebody has written meanwhile. */
    private boolean replaceUnlessChanged(List<String> wanted) {
        long[] seen = {0};
        List<String> present = look(() -> {
            seen[0] = merged();
            return texts();
        });
        List<LineDiff.Hunk> hunks = LineDiff.hunks(present, wanted);
        boolean[] unchanged = {false};
        write(draft -> {
            unchanged[0] = merged() == seen[0];
            if (unchanged[0]) {
                draftHunks(draft, present, hunks);
            }
        });
        return unchanged[0];
    }

    private List<String> texts() {
        List<String> texts = new ArrayList<>(items.size());
        items.forEach(value -> texts.add(JsText.of(value)));
        return texts;
    }

    private void draftText(ItemDraft draft, List<String> present, List<String> wanted) {
        draftHunks(draft, present, LineDiff.hunks(present, wanted));
    }

    private void draftHunks(ItemDraft draft, List<String> present, List<LineDiff.Hunk> hunks) {
        for (LineDiff.Hunk hunk : hunks) {
            replace(draft, hunk.at(), hunk.at() + hunk.removed(), json(hunk.inserted()), new ArrayList<>());
        }
        if (draft.hasMoved() && hunks.size() > 1) {
            // What had to move may be what another hunk has written.
            draft.restart();
            draftWhole(draft, present, hunks);
        }
    }

    /** Writes everything from the first hunk to the last one; they come from the end to the beginning. */
    private void draftWhole(ItemDraft draft, List<String> present, List<LineDiff.Hunk> backwards) {
        List<LineDiff.Hunk> hunks = new ArrayList<>(backwards);
        Collections.reverse(hunks);
        int from = hunks.get(0).at();
        int at = from;
        List<String> lines = new ArrayList<>();
        for (LineDiff.Hunk hunk : hunks) {
            lines.addAll(present.subList(at, hunk.at()));
            lines.addAll(hunk.inserted());
            at = hunk.at() + hunk.removed();
        }
        replace(draft, from, at, json(lines), new ArrayList<>());
    }

    /**
     * Inserts a text, with one update.
     *
     * @param at from 0 to {@link #length}
     * @throws IndexOutOfBoundsException if it is beyond the end
     */
    @Override
    public void insert(int at, String text) {
        replace(at, 0, text);
    }

    /**
     * Deletes a part, with one update.
     *
     * @param length in units; less if there are not so many
     * @throws IndexOutOfBoundsException if the offset is beyond the end
     * @throws IllegalArgumentException if the length is negative
     */
    @Override
    public void delete(int at, int length) {
        replace(at, length, "");
    }

    /**
     * Replaces a part, with one update: the lines that it touches are written anew.
     *
     * @param length in units; less if there are not so many
     * @throws IndexOutOfBoundsException if the offset is beyond the end
     * @throws IllegalArgumentException if the length is negative
     */
    @Override
    public void replace(int at, int length, String text) {
        if (length < 0) {
            throw new IllegalArgumentException("the length to delete must not be negative, was " + length);
        }
        write(draft -> draftReplace(draft, at, length, text));
    }

    private void draftReplace(ItemDraft draft, int at, int length, String text) {
        int total = items.textLength();
        if (at < 0 || at > total) {
            throw new IndexOutOfBoundsException("offset " + at + " in a text of length " + total);
        }
        int end = at + Math.min(length, total - at);
        if (end == at && text.isEmpty()) {
            return;
        }
        if (items.size() == 0) {
            draft.insert(0, json(lines(text)));
            return;
        }
        int first = items.size() - 1;
        int before = 0;
        if (at < total) {
            before = items.seekText(at);
            first = items.index();
        } else {
            items.seek(first);
            before = items.text().length();
        }
        StringBuilder line = new StringBuilder();
        int position = at - before;
        int last = first;
        String item = items.text();
        line.append(item, 0, before).append(text);
        position += item.length();
        // Whole lines only: what follows the part belongs to the line in which the part ends.
        while (position < end || (last < items.size() - 1 && !endsLine(line, item, position - end))) {
            if (position >= end) {
                line.append(item, item.length() - (position - end), item.length());
                end = position;
            }
            items.next();
            last++;
            item = items.text();
            position += item.length();
        }
        line.append(item, item.length() - (position - end), item.length());
        List<Json> lines = json(lines(line.toString()));
        boolean isLast = last == items.size() - 1;
        replace(draft, first, last + 1, isLast ? lines : lines.subList(0, lines.size() - 1), new ArrayList<>());
    }

    /** Tells whether what has been put together, and so many units more of an item, ends with a line feed, or is nothing. */
    private static boolean endsLine(StringBuilder line, String item, int rest) {
        return rest > 0 ? item.endsWith("\n") : line.length() == 0 || line.charAt(line.length() - 1) == '\n';
    }

    /** Returns the lines of a text, each with its line feed, and what follows the last one. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        int from = 0;
        int feed;
        while ((feed = text.indexOf('\n', from)) >= 0) {
            lines.add(text.substring(from, feed + 1));
            from = feed + 1;
        }
        lines.add(text.substring(from));
        return lines;
    }

    private static List<Json> json(List<String> lines) {
        return lines.stream().map(Json::of).toList();
    }
}
