package dev.scuttlebutt.interop;

import dev.scuttlebutt.types.crdt.Doc;
import dev.scuttlebutt.types.crdt.Row;
import dev.scuttlebutt.types.crdt.RowSequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Calls that a document takes here and, as {@code docOperations} in {@code peer.js}, in the original. */
final class DocOperations {
    private static final int ROWS = 24;
    private static final List<String> FIELDS = List.of("title", "done", "stars", "owner");
    private static final List<String> LISTS = List.of("todo", "done");

    private DocOperations() {}

    /**
     * Draws a call on which both agree wherever it happens: nothing is deleted, no two rows get one sort key, and no row
     * joins a sequence without one, next to which the original cannot insert.
     *
     * @param writer is a part of the names of new rows
     */
    static List<Object> draw(SplittableRandom dice, int writer) {
        String row = "row" + dice.nextInt(ROWS);
        String list = LISTS.get(dice.nextInt(2));
        Object item = dice.nextInt(4) > 0 ? row : Map.of("id", row, "title", dice.nextInt(100));
        return switch (dice.nextInt(12)) {
            case 0 -> List.of("add", Map.of("id", "row" + dice.nextInt(ROWS) + "of" + writer, "title", 1));
            case 1, 2, 3, 4 -> List.of("set", row, changes(dice));
            case 5 -> List.of("take", "list", list, row);
            case 6 -> List.of("pop", "list", list);
            case 7 -> List.of("push", "list", list, item);
            case 8 -> List.of("unshift", "list", list, item);
            case 9, 10 -> List.of("before", "list", list, item, "row" + dice.nextInt(ROWS));
            default -> List.of("after", "list", list, item, "row" + dice.nextInt(ROWS));
        };
    }

    private static Map<String, Object> changes(SplittableRandom dice) {
        Map<String, Object> changes = new HashMap<>();
        for (int i = 1 + dice.nextInt(3); i > 0; i--) {
            changes.put(FIELDS.get(dice.nextInt(FIELDS.size())), RandomOperationsTest.value(dice));
        }
        if (dice.nextInt(5) == 0) {
            changes.put("list", "none");
        }
        return changes;
    }

    /** Makes a call here. */
    static void apply(Doc doc, List<Object> call) {
        List<Object> arguments = new ArrayList<>(call.subList(1, call.size()));
        String first = arguments.get(0) instanceof String text ? text : "";
        switch ((String) call.get(0)) {
            case "add" -> doc.add(arguments.get(0));
            case "set" -> doc.set(first, arguments.get(1));
            case "rm" -> doc.remove(first);
            default -> onSequence(doc, call, doc.createSequence(first, arguments.get(1)));
        }
    }

    private static void onSequence(Doc doc, List<Object> call, RowSequence sequence) {
        Object item = call.size() < 4 ? "" : call.get(3);
        Object placed = item instanceof String id && !id.isEmpty() ? doc.row(id) : item;
        @Nullable Row other = call.size() < 5 ? null : doc.row((String) call.get(4));
        switch ((String) call.get(0)) {
            case "push" -> sequence.push(placed);
            case "unshift" -> sequence.unshift(placed);
            case "before" -> sequence.before(placed, Objects.requireNonNull(other));
            case "after" -> sequence.after(placed, Objects.requireNonNull(other));
            case "pop" -> sequence.pop();
            case "take" -> sequence.remove((Row) placed);
            default -> throw new AssertionError(call);
        }
    }
}
