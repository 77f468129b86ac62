package dev.scuttlebutt;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;

/**
 * For each key one update. For types whose change is an array that begins with a text, such as {@code [key, value]}, and of
 * which a later update replaces an earlier one of the same key.
 *
 * <p>Each key has a place, a number from 0 in the order in which keys were added, which it keeps. Finding one takes constant
 * time, whatever keys a hostile peer chooses, and makes no {@code String} of the key. Not safe for use by several threads: a
 * replica uses it with its lock held.
 */
public final class UpdateTable {
    /*
     * Nearly all keys stand in the line of an update as they are, in UTF-8. There they are hashed and compared. Where there
     * is an escape, or white space before it, the text is read first and spelled so.
     *
     * Open addressing: a bucket has the hash and the place of a key. The keys lie side by side in an array of their own,
     * because the updates lie all over memory, and fetching one to compare its key would take longer than all the rest.
     * Nothing is ever taken out.
     *
     * The multiplier and the begin of a hash are secret, since peers choose the keys.
     */

    /** What stands for the place of a key that is not there. */
    public static final int ABSENT = -1;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long BEGIN;
    private static final long MULTIPLIER;

    private static final int FIRST_CAPACITY = 16;
    private static final int MAX_KEYS = Integer.MAX_VALUE - 8;
    private static final int FREE = 0;
    private static final long NOT_PLAIN = -1;
    private static final byte UNPAIRED = (byte) 0xFF;
    private static final byte[] PROTO = "__proto__".getBytes(StandardCharsets.US_ASCII);

    static {
        SecureRandom random = new SecureRandom();
        BEGIN = random.nextLong();
        MULTIPLIER = random.nextLong() | 1;
    }

    private final String type;
    private Update[] updates = new Update[FIRST_CAPACITY / 2];
    private int size;

    /** The hash of a key in the upper half, its place + 1 in the lower. */
    private long[] buckets = new long[FIRST_CAPACITY];

    /** All keys; that of a place from its begin to the begin of the next. */
    private byte[] keys = new byte[FIRST_CAPACITY * Long.BYTES];

    private int[] begins = new int[FIRST_CAPACITY / 2 + 1];

    /**
     * Makes an empty table.
     *
     * @param type what the changes are of, with its article, for the message that refuses one: {@code a model}
     */
    public UpdateTable(String type) {
        this.type = type;
    }

    /** Returns the number of keys. */
    public int size() {
        return size;
    }

    /**
     * Returns the update of a key.
     *
     * @throws IndexOutOfBoundsException if there is no such place
     */
    public Update get(int place) {
        return updates[Objects.checkIndex(place, size)];
    }

    /**
     * Returns the place of the key of an update, or {@link #ABSENT}.
     *
     * @throws IllegalArgumentException if the change does not begin with a text
     */
    public int placeOf(Update update) {
        byte[] line = update.line();
        int from = update.firstTextFrom();
        long plain = from < 0 ? NOT_PLAIN : hashPlain(line, from);
        return plain == NOT_PLAIN ? placeOf(text(update)) : placeOf(plain, line, from);
    }

    /** Returns the place of a key, or {@link #ABSENT}. */
    public int placeOf(String key) {
        byte[] spelled = spelled(key);
        return placeOf(hash(spelled), spelled, 0);
    }

    private int placeOf(long hash, byte[] key, int from) {
        int to = from + (int) hash;
        int mask = buckets.length - 1;
        for (int i = (int) (hash >>> 32) & mask; ; i = i + 1 & mask) {
            long bucket = buckets[i];
            if (bucket == FREE) {
                return ABSENT;
            }
            if (((bucket ^ hash) >>> 32) == 0) {
                int place = (int) bucket - 1;
                if (Arrays.equals(keys, begins[place], begins[place + 1], key, from, to)) {
                    return place;
                }
            }
        }
    }

    /**
     * Adds the update of a key that is {@link #ABSENT}. Its place is the {@link #size} there was before.
     *
     * @throws IllegalArgumentException if the change does not begin with a text; if that is {@code __proto__}, which
     *     JavaScript peers cannot have for a key; or if there is no room, since all keys together have 2 GiB
     */
    public void add(Update update) {
        byte[] line = update.line();
        int from = update.firstTextFrom();
        long plain = from < 0 ? NOT_PLAIN : hashPlain(line, from);
        if (plain == NOT_PLAIN) {
            byte[] key = spelled(text(update));
            add(update, hash(key), key, 0);
        } else {
            add(update, plain, line, from);
        }
    }

    private void add(Update update, long hash, byte[] key, int from) {
        int length = (int) hash;
        if (length == PROTO.length && Arrays.equals(key, from, from + length, PROTO, 0, length)) {
            throw new IllegalArgumentException("__proto__ cannot be a key: JavaScript peers refuse it");
        }
        int begin = begins[size];
        if (length > keys.length - begin) {
            long wanted = Math.max((long) begin + length, (long) begin + (begin >> 1));
            if ((long) begin + length > MAX_KEYS) {
                throw new IllegalArgumentException(
                        "there is no room for this key: all together have " + begin + " bytes");
            }
            keys = Arrays.copyOf(keys, (int) Math.min(wanted, MAX_KEYS));
        }
        if (size * 2 == buckets.length) {
            grow();
        }
        if (size == updates.length) {
            updates = Arrays.copyOf(updates, size + (size >> 1));
            begins = Arrays.copyOf(begins, updates.length + 1);
        }
        System.arraycopy(key, from, keys, begin, length);
        updates[size++] = update;
        begins[size] = begin + length;
        put(buckets, hash & ~0xFFFF_FFFFL | size);
    }

    /**
     * Replaces the update of a key by another one of the same key.
     *
     * @throws IndexOutOfBoundsException if there is no such place
     */
    public void set(int place, Update update) {
        updates[Objects.checkIndex(place, size)] = update;
    }

    private String text(Update update) {
        String text = update.firstText();
        if (text == null) {
            throw new IllegalArgumentException("a change of " + type + " is [key, value] with a text for key");
        }
        return text;
    }

    private void grow() {
        long[] more = new long[buckets.length * 2];
        for (long bucket : buckets) {
            if (bucket != FREE) {
                put(more, bucket);
            }
        }
        buckets = more;
    }

    private static void put(long[] buckets, long bucket) {
        int mask = buckets.length - 1;
        int i = (int) (bucket >>> 32) & mask;
        while (buckets[i] != FREE) {
            i = i + 1 & mask;
        }
        buckets[i] = bucket;
    }

    /**
     * Returns the hash of the text that begins here, in the upper half, and the number of its bytes in the lower; or
     * {@link #NOT_PLAIN} if there is an escape in it.
     */
    private static long hashPlain(byte[] line, int from) {
        long hash = BEGIN;
        int p = from;
        while (true) {
            // After the closing quote come at least ],0,""] and a line feed.
            long eight = (long) LONG.get(line, p);
            long found = zeros(eight ^ ONES * '"') | zeros(eight ^ ONES * '\\');
            if (found != 0) {
                int ordinary = Long.numberOfTrailingZeros(found) >> 3;
                p += ordinary;
                if (line[p] == '\\') {
                    return NOT_PLAIN;
                }
                return end(mix(hash, eight & (1L << (ordinary << 3)) - 1), p - from);
            }
            hash = mix(hash, eight);
            p += Long.BYTES;
        }
    }

    /** The highest bit of each byte that is zero, up to the first of them; those after it may be wrong. */
    private static long zeros(long eight) {
        return eight - ONES & ~eight & HIGHS;
    }

    /** The same for a text made by {@link #spelled}. */
    private static long hash(byte[] key) {
        int length = key.length - Long.BYTES;
        long hash = BEGIN;
        int p = 0;
        while (p + Long.BYTES <= length) {
            hash = mix(hash, (long) LONG.get(key, p));
            p += Long.BYTES;
        }
        return end(mix(hash, (long) LONG.get(key, p)), length);
    }

    private static long mix(long hash, long eight) {
        long factor = hash ^ eight;
        return Math.multiplyHigh(factor, MULTIPLIER) ^ factor * MULTIPLIER;
    }

    private static long end(long hash, int length) {
        long mixed = mix(hash, length);
        return (mixed ^ mixed << 32) & ~0xFFFF_FFFFL | length;
    }

    /** UTF-8 and eight zeros. A text that UTF-8 cannot express becomes something that is not UTF-8. */
    private static byte[] spelled(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (!new String(bytes, StandardCharsets.UTF_8).equals(text)) {
            bytes = new byte[text.length() * 2 + 1];
            bytes[0] = UNPAIRED;
            for (int i = 0; i < text.length(); i++) {
                bytes[i * 2 + 1] = (byte) (text.charAt(i) >> 8);
                bytes[i * 2 + 2] = (byte) text.charAt(i);
            }
        }
        return Arrays.copyOf(bytes, bytes.length + Long.BYTES);
    }
}
