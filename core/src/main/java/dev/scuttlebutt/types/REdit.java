package dev.scuttlebutt.types;

import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.json.Json;
import java.util.ArrayList;
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
public final class REdit extends RArray {
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

    @Override
    boolean hasText() {
        return true;
    }

    // Looking

    /** Returns the text. O(n). */
    public String text() {
        return look(() -> {
            StringBuilder all = new StringBuilder(items.textLength());
            items.appendText(all);
            return all.toString();
        });
    }

    /** Returns the length of the text. */
    public int length() {
        return look(items::textLength);
    }

    // Changing

    /**
     * Makes this the text, with one update, none if it is so already. Lines that stay are not touched; a line that replaces
     * another takes its place and its key.
     */
    public void text(String text) {
        List<Json> wanted = lines(text);
        write(draft -> {
            List<Json> present = values();
            int most = Math.min(present.size(), wanted.size());
            int start = 0;
            while (start < most && present.get(start).equals(wanted.get(start))) {
                start++;
            }
            int end = 0;
            while (end < most - start
                    && present.get(present.size() - 1 - end).equals(wanted.get(wanted.size() - 1 - end))) {
                end++;
            }
            replace(draft, start, present.size() - end, wanted.subList(start, wanted.size() - end), new ArrayList<>());
        });
    }

    /**
     * Inserts a text, with one update.
     *
     * @param at from 0 to {@link #length}
     * @throws IndexOutOfBoundsException if it is beyond the end
     */
    public void insert(int at, String text) {
        replace(at, 0, text);
    }

    /**
     * Deletes a part, with one update.
     *
     * @param length in units; less if there are not so many
     * @throws IndexOutOfBoundsException if the offset is beyond the end
     */
    public void delete(int at, int length) {
        replace(at, length, "");
    }

    /**
     * Replaces a part, with one update: the lines that it touches are written anew.
     *
     * @param length in units; less if there are not so many
     * @throws IndexOutOfBoundsException if the offset is beyond the end
     */
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
            draft.insert(0, lines(text));
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
        List<Json> lines = lines(line.toString());
        boolean isLast = last == items.size() - 1;
        replace(draft, first, last + 1, isLast ? lines : lines.subList(0, lines.size() - 1), new ArrayList<>());
    }

    /** Tells whether what has been put together, and so many units more of an item, ends with a line feed, or is nothing. */
    private static boolean endsLine(StringBuilder line, String item, int rest) {
        return rest > 0 ? item.endsWith("\n") : line.length() == 0 || line.charAt(line.length() - 1) == '\n';
    }

    /** Returns the lines of a text, each with its line feed, and what follows the last one. */
    private static List<Json> lines(String text) {
        List<Json> lines = new ArrayList<>();
        int from = 0;
        int feed;
        while ((feed = text.indexOf('\n', from)) >= 0) {
            lines.add(Json.of(text.substring(from, feed + 1)));
            from = feed + 1;
        }
        lines.add(Json.of(text.substring(from)));
        return lines;
    }
}
