package dev.scuttlebutt.types.position;

import org.jspecify.annotations.Nullable;

/** The key that the JavaScript library {@code between} would choose. */
final class Between {
    /*
     * It copies the lower key until there is room for a middle letter. The original runs for ever where no string that it
     * can reach lies between; here that is noticed once the result is longer than both keys, after which nothing changes.
     */

    private Between() {}

    /**
     * Returns the middle, or null where the original would not return.
     *
     * @see "sequences, section 4.1"
     */
    static @Nullable String of(String lower, String upper) {
        int longest = Math.max(lower.length(), upper.length());
        StringBuilder middle = new StringBuilder(longest + 2);
        // How the middle so far compares with each end: below, the start of it, above.
        int toLower = 0;
        int toUpper = 0;
        for (int i = 0; i <= longest + 1; i++) {
            int x = Math.max(Alphabet.rankAt(lower, i), Alphabet.LOWEST);
            int y = Alphabet.rankAt(upper, i);
            if (y == Alphabet.FOREIGN) {
                y = Alphabet.HIGHEST;
            }
            int rank = x + 1 < y ? (x + y + 1) / 2 : x;
            char letter = Alphabet.letter(rank);
            middle.append(letter);
            toLower = toLower == 0 ? compare(letter, lower, i) : toLower;
            toUpper = toUpper == 0 ? compare(letter, upper, i) : toUpper;
            boolean isAbove = toLower > 0;
            boolean isBelow = toUpper < 0 || (toUpper == 0 && i + 1 < upper.length());
            if (rank != Alphabet.LOWEST && isAbove && isBelow) {
                return middle.toString();
            }
        }
        return null;
    }

    private static int compare(char letter, String key, int index) {
        return index < key.length() ? Character.compare(letter, key.charAt(index)) : 1;
    }
}
