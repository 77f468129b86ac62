package dev.scuttlebutt.testkit;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Draws whatever a test needs from one seed: numbers, choices, ids, keys, JSON values and changes, with the nasty ones
 * well represented. The same seed gives the same draws on every JDK.
 *
 * <p>Not safe for use by several threads; give each a {@link #split}.
 *
 * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea, Flood: Fast splittable pseudorandom number
 *     generators</a>
 */
public final class Gen {
    /*
     * The JDK promises the sequence of SplittableRandom's bits but not how it makes bounded numbers of them, and a seed
     * printed by one JDK must fail on another. Hence the few lines below.
     */
    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    private static final List<String> NASTY_TEXTS = List.of(
            "",
            " ",
            "0",
            "-1",
            "01",
            "4294967294",
            "4294967295",
            "constructor",
            "toString",
            "hasOwnProperty",
            "toJSON",
            "SYNC",
            "null",
            "clock",
            "\"",
            "\\",
            "\\u0000",
            "\u0000",
            "\n",
            "\r\n",
            "\t\b\f",
            "\u007f",
            "\u2028\u2029",
            "\ufeff",
            "\uffff",
            "é",
            "e\u0301",
            "日本語",
            "🦑",
            "👩‍👩‍👧‍👦",
            "\ud800",
            "\udfff",
            "\udc00\ud800",
            "a\ud83e",
            "\ufffd");

    private static final double[] NASTY_NUMBERS = {
        0,
        -0.0,
        1,
        -1,
        0.1,
        1.5,
        1e21,
        1e-7,
        123456789012345680000.0,
        9007199254740991.0,
        9007199254740992.0,
        -9007199254740993.0,
        1700000000000.001,
        4294967295.0,
        5e-324,
        2.2250738585072014e-308,
        1.7976931348623157e308,
        0.30000000000000004,
        1e300,
        -1e300
    };

    private long state;

    private Gen(long seed) {
        this.state = seed;
    }

    /** Returns a generator with this seed. */
    public static Gen seeded(long seed) {
        return new Gen(seed);
    }

    /** Returns an independent generator. What is drawn from it does not change what is drawn here afterwards. */
    public Gen split() {
        return new Gen(bits());
    }

    // Numbers and choices

    /** Returns 64 random bits. */
    public long bits() {
        state += GAMMA;
        long mixed = state;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /**
     * Returns a whole number from 0 to {@code bound - 1}.
     *
     * @throws IllegalArgumentException if the bound is not positive
     */
    public int below(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound must be positive, was " + bound);
        }
        return (int) (((bits() >>> 33) * bound) >>> 31);
    }

    /** Returns a whole number from {@code low} to {@code high}, both possible. */
    public int between(int low, int high) {
        return low + below(high - low + 1);
    }

    /** Returns a whole number from {@code low} to {@code high}; half of the results are in the lowest part of the range. */
    public int lowBetween(int low, int high) {
        int range = high - low + 1;
        return low + below(1 + below(1 + below(range)));
    }

    /** Returns a fraction from 0 to just below 1. */
    public double fraction() {
        return (bits() >>> 11) * 0x1p-53;
    }

    /** Returns true so many times out of a hundred. */
    public boolean percent(int chance) {
        return below(100) < chance;
    }

    /** Returns true once in so many times. */
    public boolean oneIn(int times) {
        return below(times) == 0;
    }

    /** Returns one of the items. */
    public <T> T pick(List<T> items) {
        return items.get(below(items.size()));
    }

    /** Puts the items into a random order. */
    public void shuffle(List<?> items) {
        shuffleItems(items);
    }

    private <T> void shuffleItems(List<T> items) {
        for (int i = items.size() - 1; i > 0; i--) {
            int other = below(i + 1);
            T item = items.get(i);
            items.set(i, items.get(other));
            items.set(other, item);
        }
    }

    /**
     * Merges sequences into one at random: the items of each keep their order.
     *
     * @return a new list
     */
    public <T> List<T> interleave(List<? extends List<T>> sequences) {
        List<T> merged = new ArrayList<>();
        int[] next = new int[sequences.size()];
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) {
            if (!sequences.get(i).isEmpty()) {
                open.add(i);
            }
        }
        while (!open.isEmpty()) {
            int at = below(open.size());
            int sequence = open.get(at);
            merged.add(sequences.get(sequence).get(next[sequence]++));
            if (next[sequence] == sequences.get(sequence).size()) {
                open.remove(at);
            }
        }
        return merged;
    }

    // Texts

    /** Returns an id that a replica may have: short and plain, random as by default, or nasty. */
    public String id() {
        return switch (below(4)) {
            case 0 -> pick(NASTY_TEXTS);
            case 1 -> Long.toHexString(bits()).toUpperCase(java.util.Locale.ROOT);
            case 2 -> text();
            default -> String.valueOf((char) ('A' + below(26)));
        };
    }

    /** Returns so many ids, all different. */
    public List<String> ids(int count) {
        Set<String> ids = new LinkedHashSet<>();
        while (ids.size() < count) {
            ids.add(id());
        }
        return new ArrayList<>(ids);
    }

    /** Returns one of a few dozen keys, so that keys meet again. Some are nasty. */
    public String key() {
        return percent(70) ? "key" + below(12) : pick(NASTY_TEXTS);
    }

    /** Returns a text: empty, of ASCII, of anything up to U+10FFFF, or of arbitrary UTF-16 units. */
    public String text() {
        int length = lowBetween(0, 24);
        StringBuilder text = new StringBuilder(length);
        int kind = below(4);
        for (int i = 0; i < length; i++) {
            switch (kind) {
                case 0 -> text.append((char) between(' ', '~'));
                case 1 -> text.append(pick(NASTY_TEXTS));
                case 2 -> text.appendCodePoint(below(Character.MAX_CODE_POINT + 1));
                default -> text.append((char) below(1 << 16));
            }
        }
        return text.toString();
    }

    // Values

    /** Returns a finite number: small and whole, one at a border of the notation, or any. */
    public double number() {
        return switch (below(4)) {
            case 0 -> NASTY_NUMBERS[below(NASTY_NUMBERS.length)];
            case 1 -> fraction() * Math.pow(10, between(-8, 22));
            case 2 -> {
                double any = Double.longBitsToDouble(bits());
                yield Double.isFinite(any) ? any : 0.5;
            }
            default -> between(-10, 1000);
        };
    }

    /** Returns a value of any kind, mostly small, a few levels deep. */
    public Json json() {
        return json(lowBetween(0, 4));
    }

    private Json json(int levels) {
        if (levels == 0 || percent(40)) {
            return scalar();
        }
        int size = lowBetween(0, 5);
        if (percent(50)) {
            List<Json> items = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                items.add(json(levels - 1));
            }
            return JsonArray.of(items);
        }
        JsonObject.Builder members = JsonObject.builder();
        for (int i = 0; i < size; i++) {
            members.put(memberName(), json(levels - 1));
        }
        return members.build();
    }

    private Json scalar() {
        return switch (below(8)) {
            case 0 -> Json.NULL;
            case 1 -> Json.of(percent(50));
            case 2, 3 -> Json.of(text());
            case 4 -> Json.of(pick(NASTY_TEXTS));
            default -> Json.of(number());
        };
    }

    /**
     * Returns a value nested exactly so deep.
     *
     * @throws IllegalArgumentException if it is deeper than {@link Json#MAX_DEPTH}
     */
    public Json nested(int depth) {
        Json value = scalar();
        for (int i = 0; i < depth; i++) {
            value = percent(50) ? Json.array(value) : Json.object(pick(NASTY_TEXTS), value);
        }
        return value;
    }

    /** Returns the value with one part somewhere in it replaced, left out or repeated. */
    public Json mutated(Json value) {
        if (value instanceof JsonArray array && array.size() > 0 && percent(80)) {
            List<Json> items = new ArrayList<>(array.toList());
            int at = below(items.size());
            switch (below(6)) {
                case 0 -> items.remove(at);
                case 1 -> items.add(at, pick(items));
                case 2 -> items.set(at, pick(items));
                default -> items.set(at, mutated(items.get(at)));
            }
            return JsonArray.of(items);
        }
        if (value instanceof JsonObject object && object.size() > 0 && percent(80)) {
            String key = pick(object.keys());
            return switch (below(4)) {
                case 0 -> object.without(key);
                case 1 -> object.with(memberName(), json(2));
                default -> {
                    Json member = object.get(key);
                    yield object.with(key, mutated(member == null ? Json.NULL : member));
                }
            };
        }
        return json(lowBetween(0, 3));
    }

    private String memberName() {
        return oneIn(20) ? "__proto__" : percent(50) ? pick(NASTY_TEXTS) : text();
    }

    // Changes

    /** Returns a change of a {@code Model}: {@code [key, value]}, now and then a deletion. */
    public Json modelChange() {
        return Json.array(key(), percent(15) ? Json.NULL : json());
    }

    /** Returns a change of {@code Events}: {@code [name, argument, …]}. */
    public Json eventsChange() {
        List<Json> change = new ArrayList<>();
        change.add(Json.of(key()));
        for (int i = lowBetween(0, 4); i > 0; i--) {
            change.add(json());
        }
        return JsonArray.of(change);
    }

    /** Returns a change of a {@code Value}: any value. */
    public Json valueChange() {
        return json();
    }
}
