package dev.scuttlebutt.testkit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Position keys as JavaScript's r-array makes them: {@code between} and three random digits. */
final class JsAllocation {
    private static final String LETTERS = "!0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";
    private static final int HIGHEST = LETTERS.length() - 1;

    /** The original never returns where this many letters do not do. */
    private static final int TOO_LONG = 400;

    private JsAllocation() {}

    /** Returns a key for an item at an index, or null where the original would loop for ever. */
    static @Nullable String key(Gen random, List<String> keys, int index) {
        String left = index == 0 ? "!" : keys.get(index - 1);
        String right = index == keys.size() ? "~" : keys.get(index);
        String middle = between(left, right);
        return middle == null ? null : middle + String.format("%03d", random.below(1000));
    }

    static @Nullable String between(String left, String right) {
        StringBuilder middle = new StringBuilder();
        for (int i = 0; i < TOO_LONG; i++) {
            int low = i < left.length() ? Math.max(0, LETTERS.indexOf(left.charAt(i))) : 0;
            int high = i < right.length() ? LETTERS.indexOf(right.charAt(i)) : HIGHEST;
            high = high < 0 ? HIGHEST : high;
            int rank = low + 1 < high ? (int) Math.round((low + high) / 2.0) : low;
            middle.append(LETTERS.charAt(rank));
            String key = middle.toString();
            if (left.compareTo(key) < 0 && key.compareTo(right) < 0 && rank != 0) {
                return key;
            }
        }
        return null;
    }
}
