package dev.scuttlebutt.types.sequence;

import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Up to 64 keys side by side, each with the update that won it and its value, if it has one. */
final class ItemLeaf extends ItemNode {
    /*
     * Neighbours in a text have keys with a long common beginning, which is held once. What is left of a key that was made
     * while typing is a few letters. A value of one character is held as such. So an item costs its part of the key, ten
     * bytes, and a bit or two; a tombstone the same.
     */
    static final int MAX = 64;

    /** Beyond so many bytes of keys it is split, so that long keys do not make every insertion slow. */
    private static final int MAX_BYTES = 1 << 13;

    /** No answer without a search. */
    static final int UNKNOWN = Integer.MIN_VALUE;

    private static final int FIRST_CAPACITY = 8;
    private static final byte[] NONE = {};
    private static final Json[] NO_VALUES = {};

    private byte[] prefix = NONE;

    /** The rest of each key, one behind the other. */
    private byte[] tails = NONE;

    private int[] ends;

    /** Of each an {@link Update} that has no other key, or a {@link SharedUpdate}. */
    private Object[] winners;

    private char[] units;
    private Json[] values = NO_VALUES;

    int size;

    /** A bit for each key that has a value. */
    long visible;

    /** A bit for each value that is more than a character. */
    private long boxed;

    @Nullable
    ItemLeaf next;

    private final boolean hasText;

    ItemLeaf(boolean hasText) {
        this(hasText, FIRST_CAPACITY);
    }

    private ItemLeaf(boolean hasText, int capacity) {
        this.hasText = hasText;
        ends = new int[capacity];
        winners = new Object[capacity];
        units = new char[capacity];
    }

    // Keys

    private int start(int slot) {
        return slot == 0 ? 0 : ends[slot - 1];
    }

    private int bytes() {
        return size == 0 ? 0 : ends[size - 1];
    }

    String key(int slot) {
        return KeyBytes.text(prefix, tails, start(slot), ends[slot]);
    }

    /** Compares a key with one that is here. */
    int compare(KeyBytes key, int slot) {
        int common = Arrays.mismatch(key.bytes, 0, key.length, prefix, 0, prefix.length);
        if (common >= 0 && common < prefix.length) {
            return common == key.length ? -1 : (key.bytes[common] & 0xFF) - (prefix[common] & 0xFF);
        }
        return compareTail(key, slot);
    }

    /** As {@link #find}, if the key is at a slot or between it and the next one; otherwise {@link #UNKNOWN}. */
    int findNear(KeyBytes key, int slot) {
        if (slot >= size || !hasPrefix(key)) {
            return UNKNOWN;
        }
        int order = compareTail(key, slot);
        if (order <= 0) {
            return order == 0 ? slot : UNKNOWN;
        }
        int following = slot + 1;
        if (following == size) {
            return next == null || next.compare(key, 0) < 0 ? -1 - following : UNKNOWN;
        }
        order = compareTail(key, following);
        return order < 0 ? -1 - following : order == 0 ? following : UNKNOWN;
    }

    private boolean hasPrefix(KeyBytes key) {
        return key.length >= prefix.length && Arrays.equals(key.bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    private int compareTail(KeyBytes key, int slot) {
        return Arrays.compareUnsigned(key.bytes, prefix.length, key.length, tails, start(slot), ends[slot]);
    }

    /** Returns the slot of a key, or {@code -1 - slot} where it belongs. */
    int find(KeyBytes key) {
        int common = Arrays.mismatch(key.bytes, 0, key.length, prefix, 0, prefix.length);
        if (common >= 0 && common < prefix.length) {
            boolean below = common == key.length || (key.bytes[common] & 0xFF) < (prefix[common] & 0xFF);
            return below ? -1 : -1 - size;
        }
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compareTail(key, middle);
            if (order == 0) {
                return middle;
            } else if (order < 0) {
                high = middle - 1;
            } else {
                low = middle + 1;
            }
        }
        return -1 - low;
    }

    boolean isFullFor(KeyBytes key) {
        return size == MAX || (size > 0 && bytes() + key.length > MAX_BYTES);
    }

    /** Puts in a key without a value. */
    void insert(int slot, KeyBytes key, Object winner) {
        fitPrefix(key);
        int length = key.length - prefix.length;
        makeRoom(length);
        int from = start(slot);
        System.arraycopy(tails, from, tails, from + length, bytes() - from);
        System.arraycopy(key.bytes, prefix.length, tails, from, length);
        for (int i = size; i > slot; i--) {
            ends[i] = ends[i - 1] + length;
        }
        ends[slot] = from + length;
        System.arraycopy(winners, slot, winners, slot + 1, size - slot);
        winners[slot] = winner;
        System.arraycopy(units, slot, units, slot + 1, size - slot);
        if (values.length > 0) {
            System.arraycopy(values, slot, values, slot + 1, size - slot);
            values[slot] = Json.NULL;
        }
        visible = openBit(visible, slot);
        boxed = openBit(boxed, slot);
        size++;
    }

    private static long openBit(long bits, int slot) {
        long low = below(slot);
        return (bits & low) | (bits & ~low) << 1;
    }

    private static long below(int slot) {
        return slot == MAX ? -1 : (1L << slot) - 1;
    }

    /** Shortens what all keys have in common to what this one has too. */
    private void fitPrefix(KeyBytes key) {
        if (size == 0) {
            prefix = NONE;
            return;
        }
        int common = Arrays.mismatch(key.bytes, 0, key.length, prefix, 0, prefix.length);
        if (common >= 0 && common < prefix.length) {
            setPrefixLength(common);
        }
    }

    private void setPrefixLength(int length) {
        int more = prefix.length - length;
        byte[] first = more > 0 ? prefix : Arrays.copyOf(prefix, length);
        if (more < 0) {
            System.arraycopy(tails, 0, first, prefix.length, -more);
        }
        byte[] rest = new byte[bytes() + size * more + 64];
        int to = 0;
        int from = 0;
        for (int i = 0; i < size; i++) {
            if (more > 0) {
                System.arraycopy(prefix, length, rest, to, more);
                to += more;
            } else {
                from -= more;
            }
            int count = ends[i] - from;
            System.arraycopy(tails, from, rest, to, count);
            from = ends[i];
            to += count;
            ends[i] = to;
        }
        prefix = more > 0 ? Arrays.copyOf(prefix, length) : first;
        tails = rest;
    }

    private void makeRoom(int length) {
        if (size == ends.length) {
            int capacity = Math.min(MAX, size * 2);
            ends = Arrays.copyOf(ends, capacity);
            winners = Arrays.copyOf(winners, capacity);
            units = Arrays.copyOf(units, capacity);
            if (values.length > 0) {
                values = Arrays.copyOf(values, capacity);
            }
        }
        int needed = bytes() + length;
        if (needed > tails.length) {
            tails = Arrays.copyOf(tails, needed + Math.max(32, needed >> 1));
        }
    }

    /** Moves the keys from a slot on into a leaf of their own. */
    ItemLeaf split(int at) {
        int count = size - at;
        ItemLeaf right = new ItemLeaf(hasText, Math.max(FIRST_CAPACITY, Math.min(MAX, count + 8)));
        int from = start(at);
        right.prefix = prefix;
        right.tails = Arrays.copyOfRange(tails, from, bytes());
        for (int i = 0; i < count; i++) {
            right.ends[i] = ends[at + i] - from;
        }
        System.arraycopy(winners, at, right.winners, 0, count);
        Arrays.fill(winners, at, size, null);
        System.arraycopy(units, at, right.units, 0, count);
        if (values.length > 0) {
            right.values = new Json[right.ends.length];
            System.arraycopy(values, at, right.values, 0, count);
            Arrays.fill(values, at, size, null);
        }
        right.visible = at == MAX ? 0 : visible >>> at;
        right.boxed = at == MAX ? 0 : boxed >>> at;
        right.size = count;
        visible &= below(at);
        boxed &= below(at);
        size = at;
        tighten();
        right.tighten();
        right.next = next;
        next = right;
        return right;
    }

    /** Takes out of the keys what they have in common, and gives back what was kept free for more. */
    void tighten() {
        if (size > 1) {
            int last = size - 1;
            int common = Arrays.mismatch(tails, 0, ends[0], tails, start(last), ends[last]);
            int all = prefix.length + (common < 0 ? ends[0] : common);
            if (all > prefix.length) {
                setPrefixLength(all);
            }
        }
        if (tails.length > bytes() + 64) {
            tails = Arrays.copyOf(tails, bytes());
        }
    }

    // Values

    boolean isVisible(int slot) {
        return (visible >>> slot & 1) != 0;
    }

    /** Returns how many of the keys before a slot have a value. */
    int visibleBefore(int slot) {
        return Long.bitCount(visible & below(slot));
    }

    /** Returns the slot of the value of this number among those here. */
    int slotOfVisible(int number) {
        long rest = visible;
        int before = 0;
        int skip = number;
        for (int half = 32; half >= 4; half >>= 1) {
            int low = Long.bitCount(rest & (1L << half) - 1);
            if (skip >= low) {
                skip -= low;
                rest >>>= half;
                before += half;
            }
        }
        for (int i = 0; i < skip; i++) {
            rest &= rest - 1;
        }
        return before + Long.numberOfTrailingZeros(rest);
    }

    Object winner(int slot) {
        return winners[slot];
    }

    void setWinner(int slot, Object winner) {
        winners[slot] = winner;
    }

    /** Returns a value; null for a tombstone. */
    @Nullable
    Json value(int slot) {
        if (!isVisible(slot)) {
            return null;
        }
        return isBoxed(slot) ? values[slot] : Json.of(units[slot]);
    }

    boolean isBoxed(int slot) {
        return (boxed >>> slot & 1) != 0;
    }

    char unit(int slot) {
        return units[slot];
    }

    void setUnit(int slot, char unit) {
        clear(slot);
        units[slot] = unit;
        visible |= 1L << slot;
    }

    void setValue(int slot, Json value) {
        clear(slot);
        if (values.length == 0) {
            values = new Json[ends.length];
        }
        values[slot] = value;
        visible |= 1L << slot;
        boxed |= 1L << slot;
    }

    void clear(int slot) {
        if (isBoxed(slot)) {
            values[slot] = Json.NULL;
        }
        visible &= ~(1L << slot);
        boxed &= ~(1L << slot);
    }

    /** Returns the length of the text of a key: none for a tombstone. */
    int textLength(int slot) {
        return !isVisible(slot) ? 0 : isBoxed(slot) ? JsText.of(values[slot]).length() : 1;
    }

    void appendText(int slot, StringBuilder out) {
        if (isBoxed(slot)) {
            out.append(JsText.of(values[slot]));
        } else {
            out.append(units[slot]);
        }
    }

    @Override
    int count() {
        return Long.bitCount(visible);
    }

    /** Tells whether every value is a character. */
    boolean isPlain() {
        return boxed == 0;
    }

    @Override
    int text() {
        if (!hasText) {
            return 0;
        }
        if (isPlain()) {
            return Long.bitCount(visible);
        }
        int sum = 0;
        for (int i = 0; i < size; i++) {
            sum += textLength(i);
        }
        return sum;
    }

    @Override
    ItemLeaf first() {
        return this;
    }
}
