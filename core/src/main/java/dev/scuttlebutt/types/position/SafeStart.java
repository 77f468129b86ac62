package dev.scuttlebutt.types.position;

import org.jspecify.annotations.Nullable;

/** Looks for JS-safe keys between strings that need not be keys of the alphabet. */
final class SafeStart {
    /*
     * Where both ends have the same letter the start has it too. At the first place where they differ, a letter between
     * the two is enough. Without one, the start must go on like the left end and then rise above it, or go on like the
     * right end and then fall below it; only one of the two ends still counts from there.
     *
     * The highest letter may not come first, the lowest not last.
     */
    private static final int FIRST = 1;
    private static final int LAST = Alphabet.HIGHEST - 1;
    private static final String MIDDLE = KeyCode.of(0);

    private final @Nullable String left;
    private final @Nullable String right;

    SafeStart(@Nullable String left, @Nullable String right) {
        this.left = left;
        this.right = right;
    }

    @Nullable
    String find() {
        if (left == null) {
            return right == null ? MIDDLE : below(right, 0);
        } else if (right == null) {
            return above(left, 0);
        }
        int at = 0;
        while (at < left.length() && at < right.length() && left.charAt(at) == right.charAt(at)) {
            if (!mayFollow(left, at)) {
                return null;
            }
            at++;
        }
        if (at >= right.length()) {
            return null;
        }
        if (at == left.length()) {
            return below(right, at);
        }
        String between = letterBetween(left.substring(0, at), left.charAt(at), right.charAt(at));
        if (between == null && mayFollow(left, at)) {
            between = above(left, at + 1);
        }
        if (between == null && mayFollow(right, at)) {
            between = below(right, at + 1);
        }
        return between;
    }

    private static boolean mayFollow(String key, int at) {
        int rank = Alphabet.rankAt(key, at);
        return rank != Alphabet.FOREIGN && (at > 0 || rank != Alphabet.HIGHEST);
    }

    /** Above the key, and beginning with the same characters up to an index. */
    private static @Nullable String above(String key, int from) {
        for (int at = from; at < key.length(); at++) {
            String found = letterBetween(key.substring(0, at), key.charAt(at), Character.MAX_VALUE + 1);
            if (found != null || !mayFollow(key, at)) {
                return found;
            }
        }
        return key;
    }

    /** Below the key, and beginning with the same characters up to an index. */
    private static @Nullable String below(String key, int from) {
        for (int at = from; at < key.length(); at++) {
            String found = letterBetween(key.substring(0, at), -1, key.charAt(at));
            if (found != null || !mayFollow(key, at)) {
                return found;
            }
        }
        return null;
    }

    /** The same characters and then a letter strictly between two character codes. */
    private static @Nullable String letterBetween(String same, int low, int high) {
        int first = FIRST;
        while (first <= LAST && Alphabet.letter(first) <= low) {
            first++;
        }
        int last = LAST;
        while (last >= FIRST && Alphabet.letter(last) >= high) {
            last--;
        }
        if (first <= last) {
            return same + Alphabet.letter((first + last) / 2);
        }
        char lowest = Alphabet.letter(Alphabet.LOWEST);
        if (low < lowest && lowest < high) {
            return same + lowest + MIDDLE;
        }
        char highest = Alphabet.letter(Alphabet.HIGHEST);
        if (!same.isEmpty() && low < highest && highest < high) {
            return same + highest + MIDDLE;
        }
        return null;
    }
}
