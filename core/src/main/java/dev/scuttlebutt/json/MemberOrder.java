package dev.scuttlebutt.json;

import java.util.Arrays;

/** ECMAScript's order of members: array indices ascending, then everything else as it came. */
final class MemberOrder {
    private static final long LARGEST_INDEX = 4294967294L;
    private static final int LONGEST_INDEX = 10;

    private MemberOrder() {}

    /** Sorts members in place; returns whether anything moved. */
    static boolean sort(String[] keys, Json[] values) {
        int indices = 0;
        long last = -1;
        boolean sorted = true;
        for (int i = 0; i < keys.length; i++) {
            long index = arrayIndex(keys[i]);
            if (index >= 0) {
                sorted &= indices == i && index > last;
                last = index;
                indices++;
            }
        }
        if (!sorted) {
            reorder(keys, values, indices);
        }
        return !sorted;
    }

    /** Returns the value of a key that is an array index, else -1. */
    static long arrayIndex(String key) {
        int length = key.length();
        if (length == 0 || length > LONGEST_INDEX) {
            return -1;
        }
        char first = key.charAt(0);
        if (first == '0') {
            return length == 1 ? 0 : -1;
        }
        long index = 0;
        for (int i = 0; i < length; i++) {
            int digit = key.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            index = index * 10 + digit;
        }
        return index <= LARGEST_INDEX ? index : -1;
    }

    private static void reorder(String[] keys, Json[] values, int indices) {
        record Member(long index, String key, Json value) {}

        Member[] numbered = new Member[indices];
        String[] otherKeys = new String[keys.length - indices];
        Json[] otherValues = new Json[keys.length - indices];
        int n = 0;
        int o = 0;
        for (int i = 0; i < keys.length; i++) {
            long index = arrayIndex(keys[i]);
            if (index >= 0) {
                numbered[n++] = new Member(index, keys[i], values[i]);
            } else {
                otherKeys[o] = keys[i];
                otherValues[o++] = values[i];
            }
        }
        Arrays.sort(numbered, (a, b) -> Long.compare(a.index, b.index));
        for (int i = 0; i < indices; i++) {
            keys[i] = numbered[i].key;
            values[i] = numbered[i].value;
        }
        System.arraycopy(otherKeys, 0, keys, indices, o);
        System.arraycopy(otherValues, 0, values, indices, o);
    }
}
