package dev.scuttlebutt.types;

import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A replicated text that several people may type into at once. {@code r-string} in JavaScript.
 *
 * <p>Offsets and lengths count UTF-16 units, as those of {@code String} do. Each unit is an item of the array that this is;
 * both units of a surrogate pair are written and deleted together. Whoever prefers lines, each of which is changed as a
 * whole, takes {@link REdit}.
 *
 * <p>What is typed concurrently at one place is kept, one after the other. Each call is one update, of a text longer than
 * 131,072 units several; to send fewer of them, collect what is typed quickly: {@link Keystrokes}.
 *
 * <p>Peers in JavaScript may write items that are longer than a unit, or no texts. They count with their text. A change
 * that touches such an item turns what is left of it into single units.
 *
 * <p>{@link TextChanged} tells of changes in terms of text.
 *
 * @see "sequences, part 6"
 */
public final class RString extends RArray implements ReplicatedText {
    /*
     * Nearly all that people type goes right behind what they typed last. Where that is, and between which keys, is
     * remembered, so that it need not be looked for; whatever else is merged makes it void.
     */

    /**
     * The place behind what was inserted last.
     *
     * @param merged how many updates were merged when that was in
     * @param left the key of the last unit
     */
    private record Caret(
            int at, long merged, String left, @Nullable String right) {}

    /**
     * What has been drafted of a text.
     *
     * @param last the key of the last unit
     * @param rest what did not fit into the update and belongs behind that
     */
    private record Drafted(String last, String rest) {}

    private static final Drafted WHOLE = new Drafted("", "");

    /** Units in one update. A line of a peer's has room for them, unless their keys are longer than a hundred letters. */
    private static final int MOST = 1 << 17;

    /** Guarded by the lock. */
    private @Nullable Caret caret;

    /** Creates an empty text with a new random id. */
    public RString() {}

    /** Creates an empty text with this id. */
    public RString(String id) {
        super(id);
    }

    /** Creates an empty text. */
    public RString(ReplicaOptions options) {
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
     * Inserts a text.
     *
     * @param at from 0 to {@link #length}; one between the two units of a surrogate pair means before the pair
     * @throws IndexOutOfBoundsException if it is beyond the end
     */
    @Override
    public void insert(int at, String text) {
        replace(at, 0, text);
    }

    /** Adds a text at the end. */
    public void append(String text) {
        writeAll(draft -> draftReplace(draft, items.textLength(), 0, text));
    }

    /**
     * Deletes a part, with one update. A surrogate pair of which one unit is deleted goes as a whole.
     *
     * @param length in units; less if there are not so many
     * @throws IndexOutOfBoundsException if the offset is beyond the end
     * @throws IllegalArgumentException if the length is negative, or so much, some hundred thousand units, that a peer could
     *     not take the update
     */
    @Override
    public void delete(int at, int length) {
        replace(at, length, "");
    }

    /**
     * Replaces a part. Unlike {@link #splice} it makes new items for all of the new text, so that somebody
     * who changes the old one at the same time does not change the new one.
     *
     * @param length in units; less if there are not so many
     * @throws IndexOutOfBoundsException if the offset is beyond the end
     * @throws IllegalArgumentException as {@link #delete}
     */
    @Override
    public void replace(int at, int length, String text) {
        if (length < 0) {
            throw new IllegalArgumentException("the length to delete must not be negative, was " + length);
        }
        writeAll(draft -> draftReplace(draft, at, length, text));
    }

    /**
     * Makes this the text: what is the same at the beginning and at the end stays, the rest is replaced.
     */
    @Override
    public void text(String text) {
        writeAll(draft -> {
            TextEdit edit = new TextEdit(0, text(), text).trimmed();
            return draftReplace(draft, edit.at(), edit.removed().length(), edit.inserted());
        });
    }

    private void writeAll(Function<ItemDraft, Drafted> plan) {
        Drafted[] done = {WHOLE};
        write(draft -> done[0] = plan.apply(draft));
        while (!done[0].rest.isEmpty()) {
            Drafted before = done[0];
            write(draft -> {
                String part = part(before.rest);
                List<String> made = draft.insert(before.last, indexAfter(before.last), units(part));
                done[0] = new Drafted(made.get(made.size() - 1), before.rest.substring(part.length()));
            });
        }
    }

    /** Returns as much of the beginning of a text as goes into one update. */
    private static String part(String text) {
        boolean isInPair = text.length() > MOST
                && Character.isHighSurrogate(text.charAt(MOST - 1))
                && Character.isLowSurrogate(text.charAt(MOST));
        return text.length() <= MOST ? text : text.substring(0, isInPair ? MOST - 1 : MOST);
    }

    private Drafted draftReplace(ItemDraft draft, int at, int length, String text) {
        int total = items.textLength();
        if (at < 0 || at > total) {
            throw new IndexOutOfBoundsException("offset " + at + " in a text of length " + total);
        }
        int end = at + Math.min(length, total - at);
        String part = part(text);
        String last =
                items.isBasic() && isPlain(part) ? draftPlain(draft, at, end, part) : draftAny(draft, at, end, part);
        return part.length() == text.length() ? WHOLE : new Drafted(last, text.substring(part.length()));
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Where each item is one unit and pairs need no care. Returns the key of the last new unit. */
    private String draftPlain(ItemDraft draft, int from, int to, String text) {
        if (from < to) {
            items.seek(from);
            draft.write(null);
            for (int i = from + 1; i < to; i++) {
                items.next();
                draft.write(null);
            }
        }
        if (text.isEmpty()) {
            return "";
        }
        Caret typing = caret;
        String left;
        String right;
        if (typing != null && from == to && from == typing.at && isNewest(typing.left, typing.merged)) {
            left = typing.left;
            right = typing.right;
        } else {
            right = to == items.size() ? null : keyHere(to);
            left = from == 0 ? null : keyHere(from - 1);
        }
        List<String> made = draft.insert(left, right, units(text));
        String last = made.get(made.size() - 1);
        caret = draft.hasMoved() ? null : new Caret(from + made.size(), merged() + 1, last, right);
        return last;
    }

    private String draftAny(ItemDraft draft, int at, int to, String text) {
        int total = items.textLength();
        int end = to;
        if (end == at && text.isEmpty()) {
            return "";
        }
        if (at == total) {
            List<String> made = draft.insert(items.size(), units(text));
            return made.get(made.size() - 1);
        }
        end = end > at && isInPair(end) ? end + 1 : end;
        int start = isInPair(at) ? at - 1 : at;
        end = at == to ? start : end;
        int before = items.seekText(start);
        int index = items.index();
        String head = before == 0 ? "" : items.text().substring(0, before);
        String tail = "";
        int position = start - before;
        int touched = 0;
        // An item is touched when it begins within the part, or reaches into it.
        while (position < end || (touched == 0 && before > 0)) {
            String item = items.text();
            position += item.length();
            touched++;
            draft.write(null);
            if (position >= end) {
                tail = item.substring(item.length() - (position - end));
                break;
            }
            items.next();
        }
        List<String> made = draft.insert(index + touched, units(head + text + tail));
        return text.isEmpty() ? "" : made.get(head.length() + text.length() - 1);
    }

    /** Tells whether an offset lies between the units of a surrogate pair. */
    boolean isInPair(int offset) {
        return !items.isBasic()
                && offset > 0
                && offset < items.textLength()
                && Character.isLowSurrogate(unitAt(offset))
                && Character.isHighSurrogate(unitAt(offset - 1));
    }

    private char unitAt(int offset) {
        int within = items.seekText(offset);
        int unit = items.unit();
        return unit >= 0 ? (char) unit : items.text().charAt(within);
    }

    static List<Json> units(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        List<Json> units = new ArrayList<>(text.length());
        for (int i = 0; i < text.length(); i++) {
            units.add(Json.of(text.charAt(i)));
        }
        return units;
    }
}
