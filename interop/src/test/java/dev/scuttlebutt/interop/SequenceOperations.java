package dev.scuttlebutt.interop;

import dev.scuttlebutt.types.RArray;
import dev.scuttlebutt.types.REdit;
import dev.scuttlebutt.types.RString;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Calls that a sequence takes here and, as {@code sequenceOperations} in {@code peer.js}, in the original. A place is any
 * number; what it means depends on how long the sequence is by then.
 */
final class SequenceOperations {
    private static final int PLACES = 1 << 20;
    private static final int LETTERS = 6;
    private static final String[] TEXTS = {"a", "b", "\n", "é", "€", "😀"};

    private SequenceOperations() {}

    /** Draws a call for an {@code array}, an {@code edit} or a {@code string}. */
    static List<Object> draw(String type, SplittableRandom dice) {
        return switch (type) {
            case "array" -> drawForArray(dice);
            case "edit" -> List.of("text", dice.nextInt(PLACES), dice.nextInt(4), text(dice));
            default ->
                dice.nextInt(3) > 0
                        ? List.of("type", dice.nextInt(PLACES), text(dice))
                        : List.of("erase", dice.nextInt(PLACES), 1 + dice.nextInt(4));
        };
    }

    /** Draws a call that writes no key that is there already. */
    static List<Object> drawInsertion(String type, SplittableRandom dice) {
        return switch (type) {
            case "array" ->
                switch (dice.nextInt(3)) {
                    case 0 -> List.of("push", value(dice));
                    case 1 -> List.of("unshift", value(dice));
                    default -> List.of("insert", dice.nextInt(PLACES), value(dice));
                };
            case "string" -> List.of("type", dice.nextInt(PLACES), text(dice));
            default -> throw new AssertionError("lines of an edit are written in place");
        };
    }

    private static List<Object> drawForArray(SplittableRandom dice) {
        int place = dice.nextInt(PLACES);
        switch (dice.nextInt(10)) {
            case 0:
                return List.of("pop");
            case 1:
                return List.of("shift");
            case 2, 3:
                return List.of("set", place, value(dice));
            case 4:
                return List.of("unset", place);
            case 5, 6:
                List<Object> splice = new ArrayList<>(List.of("splice", place, dice.nextInt(4)));
                for (int i = dice.nextInt(4); i > 0; i--) {
                    splice.add(value(dice));
                }
                return splice;
            default:
                return drawInsertion("array", dice);
        }
    }

    static Object value(SplittableRandom dice) {
        return RandomOperationsTest.value(dice);
    }

    private static String text(SplittableRandom dice) {
        StringBuilder text = new StringBuilder();
        for (int i = dice.nextInt(LETTERS); i >= 0; i--) {
            text.append(TEXTS[dice.nextInt(TEXTS.length)]);
        }
        return text.toString();
    }

    /** Makes a call here. */
    static void apply(RArray array, List<Object> call) {
        int place = call.size() > 1 && call.get(1) instanceof Integer any ? any : 0;
        @Nullable Object last = call.get(call.size() - 1);
        switch ((String) call.get(0)) {
            case "push" -> array.push(last);
            case "unshift" -> array.unshift(last);
            case "pop" -> array.pop();
            case "shift" -> array.shift();
            case "insert" -> array.splice(place % (array.size() + 1), 0, last);
            case "set" -> {
                if (!array.isEmpty()) {
                    array.set(place % array.size(), last);
                }
            }
            case "unset" -> {
                if (!array.isEmpty()) {
                    array.remove(place % array.size());
                }
            }
            case "splice" ->
                array.splice(
                        place % (array.size() + 1),
                        (int) call.get(2),
                        call.subList(3, call.size()).toArray());
            case "text" -> {
                REdit edit = (REdit) array;
                StringBuilder text = new StringBuilder(edit.text());
                int at = place % (text.length() + 1);
                edit.text(text.replace(at, Math.min(text.length(), at + (int) call.get(2)), (String) last)
                        .toString());
            }
            case "type" -> {
                RString text = (RString) array;
                text.insert(place % (text.length() + 1), (String) last);
            }
            case "erase" -> {
                RString text = (RString) array;
                text.delete(place % (text.length() + 1), (int) last);
            }
            default -> throw new AssertionError(call);
        }
    }
}
