package dev.scuttlebutt.cli.command;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which known word somebody may have meant. */
public final class Nearest {
    /** A word this long is no slip of a finger, and comparing costs its length. */
    private static final int MAX_LENGTH = 40;

    private Nearest() {}

    /** Says that a word is not known, and which is near. */
    static CommandException unknownCommand(String word, List<String> known) {
        String shown = word.length() <= MAX_LENGTH ? word : word.substring(0, MAX_LENGTH) + "…";
        return new CommandException("unknown command " + shown
                + of(word, known)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("; known are " + String.join(", ", known)));
    }

    /** Returns the known word with the fewest letters changed, if those are less than half. */
    public static Optional<String> of(String word, Collection<String> known) {
        if (word.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        return known.stream()
                .filter(candidate -> distance(word, candidate) * 2 < Math.max(word.length(), candidate.length()))
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)));
    }

    /** Letters to insert, remove or replace (Levenshtein). */
    private static int distance(String left, String right) {
        int[] above = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int[] row = new int[right.length() + 1];
            row[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int replaced = above[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[right.length()];
    }
}
