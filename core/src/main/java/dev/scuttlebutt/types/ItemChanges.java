package dev.scuttlebutt.types;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.sequence.ItemTree;
import dev.scuttlebutt.types.sequence.JsText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes down what an update does to an array, for those who listen. */
final class ItemChanges {
    /*
     * Splices that follow each other without a gap become one: a pasted text is told as a whole, although each character
     * has a key of its own.
     */
    private final @Nullable List<Splice> splices;
    private final @Nullable List<TextEdit> edits;
    private final JsonObject.Builder written = JsonObject.builder();

    private int at;
    private final List<Json> removed = new ArrayList<>();
    private final List<Json> inserted = new ArrayList<>();

    private int offset;
    private final StringBuilder textRemoved = new StringBuilder();
    private final StringBuilder textInserted = new StringBuilder();

    /**
     * Begins to take down.
     *
     * @param items whether somebody wants to know of items
     * @param text whether somebody wants to know of text
     */
    ItemChanges(boolean items, boolean text) {
        splices = items ? new ArrayList<>() : null;
        edits = text ? new ArrayList<>() : null;
    }

    /** Takes down a key that is about to get a value, or to lose it; the tree is at its place. */
    void write(ItemTree items, String key, @Nullable Json before, @Nullable Json after) {
        written.put(key, after == null ? Json.NULL : after);
        if (before == null && after == null) {
            return;
        }
        if (splices != null) {
            addSplice(splices, items.index(), before, after);
        }
        if (edits != null) {
            addEdit(edits, items.offset(), text(before), text(after));
        }
    }

    private static String text(@Nullable Json value) {
        return value == null ? "" : JsText.of(value);
    }

    private void addSplice(List<Splice> all, int index, @Nullable Json before, @Nullable Json after) {
        if (index != at + inserted.size()) {
            endSplice(all);
            at = index;
        }
        if (before != null) {
            removed.add(before);
        }
        if (after != null) {
            inserted.add(after);
        }
    }

    private void endSplice(List<Splice> all) {
        if (!removed.isEmpty() || !inserted.isEmpty()) {
            all.add(new Splice(at, List.copyOf(removed), List.copyOf(inserted)));
            removed.clear();
            inserted.clear();
        }
    }

    private void addEdit(List<TextEdit> all, int start, String before, String after) {
        if (start != offset + textInserted.length()) {
            endEdit(all);
            offset = start;
        }
        textRemoved.append(before);
        textInserted.append(after);
    }

    private void endEdit(List<TextEdit> all) {
        TextEdit edit = new TextEdit(offset, textRemoved.toString(), textInserted.toString()).trimmed();
        if (!edit.removed().isEmpty() || !edit.inserted().isEmpty()) {
            all.add(edit);
        }
        textRemoved.setLength(0);
        textInserted.setLength(0);
    }

    JsonObject written() {
        return written.build();
    }

    List<Splice> splices() {
        if (splices == null) {
            return List.of();
        }
        endSplice(splices);
        return List.copyOf(splices);
    }

    List<TextEdit> edits() {
        if (edits == null) {
            return List.of();
        }
        endEdit(edits);
        return List.copyOf(edits);
    }
}
