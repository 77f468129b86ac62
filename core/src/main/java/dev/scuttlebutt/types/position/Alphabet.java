package dev.scuttlebutt.types.position;

import java.util.Arrays;

/**
 * The 65 characters of position keys, in the order of their codes. The lowest and the highest are the ends of the key
 * space in JavaScript: no key may start with the highest or end with the lowest, or JavaScript peers cannot insert
 * beside it.
 */
final class Alphabet {
    static final String LETTERS = "!0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";
    static final int LOWEST = 0;
    static final int HIGHEST = LETTERS.length() - 1;

    /** What {@link #rank} returns for a character that is not in the alphabet. */
    static final int FOREIGN = -1;

    private static final byte[] RANKS = new byte[128];

    static {
        Arrays.fill(RANKS, (byte) FOREIGN);
        for (int rank = 0; rank < LETTERS.length(); rank++) {
            RANKS[LETTERS.charAt(rank)] = (byte) rank;
        }
    }

    private Alphabet() {}

    static int rank(char unit) {
        return unit < RANKS.length ? RANKS[unit] : FOREIGN;
    }

    /** Rank of the character at an index, {@link #FOREIGN} beyond the end. */
    static int rankAt(String key, int index) {
        return index < key.length() ? rank(key.charAt(index)) : FOREIGN;
    }

    static char letter(int rank) {
        return LETTERS.charAt(rank);
    }

    static boolean isMadeOfLetters(String key) {
        for (int i = 0; i < key.length(); i++) {
            if (rank(key.charAt(i)) == FOREIGN) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether JavaScript peers can insert on both sides of this key. */
    static boolean isJsSafe(String key) {
        int last = key.length() - 1;
        return last >= 0 && rank(key.charAt(0)) != HIGHEST && rank(key.charAt(last)) != LOWEST && isMadeOfLetters(key);
    }
}
