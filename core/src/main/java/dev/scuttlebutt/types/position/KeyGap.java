package dev.scuttlebutt.types.position;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The room between two keys, and where in it new keys shall begin.
 *
 * @see "sequences, section 5.5"
 */
final class KeyGap {
    /*
     * What is looked for is a start: a string all of whose extensions by letters other than the highest lie in the gap.
     * The caller adds random letters, so that two replicas which do this at the same time differ, and then numbers.
     *
     * At the ends of the array, and where this replica finds the same neighbour as last time, somebody keeps adding on one
     * side. Then the start is the next number in the neighbour's own numbering, which costs a logarithm; halving what is
     * left would cost a character every six items. Elsewhere it is a random letter not too near the ends, so that there is
     * room on both sides.
     *
     * The rules assume that keys are made of the 65 letters. Peers may write any string, so the result is checked, and
     * where it fails a slow search decides whether there is any JS-safe start.
     */
    private static final int MANY = 8;
    private static final int FEW_Z = 3;
    private static final int HIGHEST_LETTER = Alphabet.HIGHEST - 1;

    private final @Nullable String left;
    private final @Nullable String right;
    private final RandomGenerator random;

    KeyGap(@Nullable String left, @Nullable String right, RandomGenerator random) {
        this.left = left;
        this.right = right;
        this.random = random;
    }

    /**
     * Returns a start for JS-safe keys, or null if the gap has none.
     *
     * @param leftMoves whether somebody keeps adding before the same right neighbour
     * @param rightMoves whether somebody keeps adding after the same left neighbour
     */
    @Nullable
    String start(boolean leftMoves, boolean rightMoves) {
        if ((left == null || Alphabet.isMadeOfLetters(left)) && (right == null || Alphabet.isMadeOfLetters(right))) {
            String start = quickStart(leftMoves, rightMoves);
            if (start != null && isGood(start)) {
                return start;
            }
        }
        String start = new SafeStart(left, right).find();
        return start != null && isGood(start) ? start : null;
    }

    private boolean isGood(String start) {
        return (start.isEmpty() || Alphabet.rankAt(start, 0) != Alphabet.HIGHEST)
                && (left == null || left.compareTo(start) <= 0)
                && (right == null || (start.compareTo(right) < 0 && !right.startsWith(start)));
    }

    private @Nullable String quickStart(boolean leftMoves, boolean rightMoves) {
        if (left == null) {
            return right == null ? KeyCode.of(0) : stepDown("", right);
        } else if (right == null) {
            return stepUp("", left);
        }
        int common = 0;
        while (common < left.length() && common < right.length() && left.charAt(common) == right.charAt(common)) {
            common++;
        }
        if (common == left.length()) {
            String rest = right.substring(common);
            return rightMoves ? stepDown(left, rest) : below(left, rest);
        }
        int low = Alphabet.rankAt(left, common);
        int high = Alphabet.rankAt(right, common);
        int room = high - low - 1;
        if (room > 0) {
            int rank;
            if (room > MANY && leftMoves) {
                rank = low + 1;
            } else if (room > MANY && rightMoves) {
                rank = high - 1;
            } else {
                rank = between(low + 1 + room / 4, high - 1 - room / 4);
            }
            return left.substring(0, common) + Alphabet.letter(rank);
        }
        String start = left.substring(0, common + 1);
        String rest = left.substring(common + 1);
        return leftMoves ? stepUp(start, rest) : above(start, rest);
    }

    private int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    /** A short start not below {@code start + rest}, with much room above it. */
    private String above(String start, String rest) {
        if (rest.isEmpty()) {
            return start;
        }
        int i = 0;
        while (Alphabet.rankAt(rest, i) >= HIGHEST_LETTER - 1) {
            i++;
        }
        int low = Math.max(Alphabet.rankAt(rest, i), Alphabet.LOWEST);
        int room = HIGHEST_LETTER - low;
        return start + rest.substring(0, i) + Alphabet.letter(between(low + 1, low + (room + 1) / 2));
    }

    /** A short start between {@code start} and {@code start + rest}, with much room below it. Null: there is none. */
    private @Nullable String below(String start, String rest) {
        int i = 0;
        while (Alphabet.rankAt(rest, i) == Alphabet.LOWEST) {
            i++;
        }
        int high = Alphabet.rankAt(rest, i);
        if (high == Alphabet.FOREIGN) {
            return null;
        }
        String same = start + rest.substring(0, i);
        if (high == 1) {
            return same + Alphabet.letter(Alphabet.LOWEST) + Alphabet.letter(between(1, HIGHEST_LETTER));
        }
        return same + Alphabet.letter(between(high - high / 2, high - 1));
    }

    /** The least useful start above {@code start + rest} when nothing that begins with {@code start} is above it. */
    static String stepUp(String start, String rest) {
        int at = 0;
        while (at < rest.length()) {
            int rank = Alphabet.rankAt(rest, at);
            if (rank == Alphabet.HIGHEST) {
                at++;
            } else if (Alphabet.rankAt(rest, at + 1) == Alphabet.HIGHEST) {
                at += 2;
            } else if (rank == HIGHEST_LETTER) {
                int z = 1;
                while (Alphabet.rankAt(rest, at + z) == HIGHEST_LETTER) {
                    z++;
                }
                if (z > FEW_Z) {
                    // JavaScript appends leave a z every six items or so; these two letters are above any number of
                    // them.
                    return start + rest.substring(0, at) + "z~" + KeyCode.of(0);
                }
                at += z;
            } else {
                String same = start + rest.substring(0, at);
                if (rank > KeyCode.HIGHEST_RANK) {
                    return same + Alphabet.letter(rank + 1);
                }
                return same + KeyCode.of(rank < KeyCode.LOWEST_RANK ? 0 : KeyCode.read(rest, at, true) + 1);
            }
        }
        return start + rest;
    }

    /** The greatest useful start below {@code start + rest} and above {@code start}. Null: there is none. */
    static @Nullable String stepDown(String start, String rest) {
        int at = 0;
        while (Alphabet.rankAt(rest, at) == Alphabet.LOWEST) {
            at++;
        }
        int rank = Alphabet.rankAt(rest, at);
        String same = start + rest.substring(0, at);
        if (rank == Alphabet.FOREIGN) {
            return null;
        } else if (rank > KeyCode.HIGHEST_RANK) {
            return same + KeyCode.of(0);
        } else if (rank < KeyCode.LOWEST_RANK) {
            return same + Alphabet.letter(Alphabet.LOWEST) + KeyCode.of(0);
        }
        return same + KeyCode.of(KeyCode.read(rest, at, false) - 1);
    }
}
