package dev.scuttlebutt.types.position;

import dev.scuttlebutt.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes position keys: strings by whose order, that of {@code String.compareTo}, replicated items are sorted. For
 * sequences such as {@code RArray} and for lists of your own that sort by a field.
 *
 * <p>Keys stay short however items are added, by one replica or several, at the ends or at one spot; items that two
 * replicas add at the same time in one place stay together instead of mixing. Every key differs from those that other
 * replicas make, up to chance (one in fifteen million for two that do so in the same gap at the same time). Every key can
 * be inserted beside by JavaScript peers. What is remembered from call to call only makes keys shorter; it may be lost.
 *
 * <p>Not safe for use by several threads.
 *
 * @see "sequences, section 5"
 */
public final class PositionKeys {
    /*
     * A run is a block of keys root + code(i), made for one stretch of insertions. While items are added right after its
     * last or right before its first item the run goes on with the next number, and its keys grow by a letter every 63
     * times as many. A number is never used twice, even if its item is gone: the key of a deleted item is known to peers.
     *
     * The root ends in random letters. So roots made by two replicas in the same gap are not the start of one another,
     * and one block lies entirely before the other. Nobody gets into a block who has not seen a key of it.
     *
     * Several runs are remembered because people go back and forth between a few places. Short ones are not taken up
     * again: where single items are put anywhere, keys of one run side by side would only force the next one deeper.
     */
    private static final System.Logger LOG = System.getLogger("dev.scuttlebutt");

    /** Of all instances. */
    private static final AtomicLong UNSAFE_GAPS = new AtomicLong();

    private static final int TAIL = 4;
    private static final int REMEMBERED = 16;
    private static final int WORTH_RESUMING = 8;

    /**
     * From this length on, a key between two neighbours of one run is not worth a run of its own: somebody may be inserting
     * between the last two all the time. Whoever adds on the same side a second time is typing, which is.
     */
    private static final int LONG = 48;

    private static final class Run {
        final String root;
        long lowest;
        long highest = -1;

        Run(String root) {
            this.root = root;
        }

        long length() {
            return highest - lowest + 1;
        }

        String key(long number) {
            StringBuilder key = new StringBuilder(root.length() + 4).append(root);
            KeyCode.append(key, number);
            return key.toString();
        }
    }

    private final RandomGenerator random;

    /** The one used last comes first. */
    private final List<Run> runs = new ArrayList<>(REMEMBERED);

    private @Nullable String previousLeft;
    private @Nullable String previousRight;
    private @Nullable String lastMade;
    private int previousSide;

    /**
     * Creates a maker of keys.
     *
     * @param random must not repeat what another replica or an earlier run of the program drew
     */
    public PositionKeys(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Tells whether JavaScript peers can insert on both sides of this key. With others some of them loop for ever until
     * their memory is full; keys made here are never of that kind.
     */
    public static boolean isJsSafe(String key) {
        return Alphabet.isJsSafe(key);
    }

    /**
     * Returns a key between two neighbours. O(length of the keys).
     *
     * @param left the key of the item before, null at the beginning
     * @param right the key of the item after, null at the end
     * @param taken tells whether a key is or was in use, by an item that was deleted too
     * @throws IllegalArgumentException if the left key is not below the right one
     * @throws IllegalStateException if there is no string at all between the two, which happens when a peer has written a
     *     key that is its neighbour's followed by nothing but U+0000
     */
    public String between(@Nullable String left, @Nullable String right, Predicate<? super String> taken) {
        return between(left, right, 1, taken).get(0);
    }

    /**
     * Returns keys between two neighbours, in ascending order, all of one run. Otherwise as
     * {@link #between(String, String, Predicate)}.
     *
     * @param count how many
     */
    public List<String> between(
            @Nullable String left, @Nullable String right, int count, Predicate<? super String> taken) {
        List<String> keys = find(left, right, count, taken);
        if (keys == null) {
            throw new IllegalStateException("there is no key between " + brief(left) + " and " + brief(right)
                    + ", which a peer has written; give one of the two items another key");
        }
        return keys;
    }

    /** As {@link #between(String, String, int, Predicate)}, but null when there is no string at all between the two. */
    public @Nullable List<String> find(
            @Nullable String left, @Nullable String right, int count, Predicate<? super String> taken) {
        if (left != null && right != null && left.compareTo(right) >= 0) {
            throw new IllegalArgumentException(
                    "the left key must be below the right one, were " + brief(left) + " and " + brief(right));
        }
        int side = side(left, right);
        List<String> keys = continueRun(left, right, count, taken);
        if (keys == null) {
            keys = startRun(left, right, count, side != 0 && side == previousSide, taken);
        }
        previousLeft = left;
        previousRight = right;
        previousSide = side;
        lastMade = keys == null ? null : side < 0 ? keys.get(0) : keys.get(keys.size() - 1);
        return keys;
    }

    /** Returns on which side of this gap the key made last is: 1 for its left end, -1 for its right end, otherwise 0. */
    private int side(@Nullable String left, @Nullable String right) {
        return lastMade == null ? 0 : lastMade.equals(left) ? 1 : lastMade.equals(right) ? -1 : 0;
    }

    private @Nullable List<String> continueRun(
            @Nullable String left, @Nullable String right, int count, Predicate<? super String> taken) {
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            if (i > 0 && run.length() < WORTH_RESUMING) {
                continue;
            }
            boolean after = left != null && left.startsWith(run.root);
            boolean before = right != null && right.startsWith(run.root);
            if (after == before) {
                continue;
            }
            String next = run.key(after ? run.highest + 1 : run.lowest - 1);
            // A JavaScript peer may have put a key beyond the last one that still begins with the root.
            if (after ? next.compareTo(left) > 0 : next.compareTo(right) < 0) {
                use(i);
                return goOn(run, after, next, count, taken);
            }
        }
        return null;
    }

    private static List<String> goOn(
            Run run, boolean upwards, String next, int count, Predicate<? super String> taken) {
        if (count == 1 && !taken.test(next)) {
            run.highest += upwards ? 1 : 0;
            run.lowest -= upwards ? 0 : 1;
            return List.of(next);
        }
        return upwards ? upwards(run, count, taken) : downwards(run, count, taken);
    }

    private void use(int index) {
        if (index > 0) {
            Collections.rotate(runs.subList(0, index + 1), 1);
        }
    }

    private static List<String> upwards(Run run, int count, Predicate<? super String> taken) {
        List<String> keys = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            keys.add(next(run, 1, taken));
        }
        return keys;
    }

    private static List<String> downwards(Run run, int count, Predicate<? super String> taken) {
        List<String> keys = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            keys.add(next(run, -1, taken));
        }
        Collections.reverse(keys);
        return keys;
    }

    private static String next(Run run, int step, Predicate<? super String> taken) {
        String key;
        do {
            key = run.key(step > 0 ? ++run.highest : --run.lowest);
        } while (taken.test(key));
        return key;
    }

    private @Nullable List<String> startRun(
            @Nullable String left, @Nullable String right, int count, boolean goesOn, Predicate<? super String> taken) {
        if (count == 1 && !goesOn && left != null && right != null && liesInLongRun(left, right)) {
            String middle = Between.of(left, right);
            String key = middle == null ? "" : middle + tail();
            if (Alphabet.isJsSafe(key) && !taken.test(key)) {
                return List.of(key);
            }
        }
        boolean leftMoves = right != null && right.equals(previousRight);
        boolean rightMoves = left != null && left.equals(previousLeft);
        String start = new KeyGap(left, right, random).start(leftMoves, rightMoves);
        if (start == null) {
            // JavaScript peers are stuck here anyway, but we go on.
            warn(left, right);
            start = anyStart(left, right);
        }
        if (start == null) {
            return null;
        }
        Run run = new Run(start + tail());
        if (runs.size() == REMEMBERED) {
            runs.remove(REMEMBERED - 1);
        }
        runs.add(0, run);
        return upwards(run, count, taken);
    }

    private boolean liesInLongRun(String left, String right) {
        if (left.length() <= LONG || right.length() <= LONG) {
            return false;
        }
        for (Run run : runs) {
            if (left.startsWith(run.root) && right.startsWith(run.root)) {
                return true;
            }
        }
        return false;
    }

    /** A peer that writes such keys must not fill the log: in all, each warning waits for twice as many gaps as the last. */
    private static void warn(@Nullable String left, @Nullable String right) {
        long count = UNSAFE_GAPS.incrementAndGet();
        if (Long.bitCount(count) == 1) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "no key between {0} and {1} is safe for JavaScript peers: those that insert there hang"
                            + " ({2} such gaps met so far)",
                    brief(left),
                    brief(right),
                    count);
        }
    }

    private static Json brief(@Nullable String key) {
        return Json.of(key == null || key.length() <= LONG ? key : key.substring(0, LONG) + "…");
    }

    /** A string all of whose extensions by letters lie between the two, or null. */
    private static @Nullable String anyStart(@Nullable String left, @Nullable String right) {
        String same = left == null ? "" : left;
        if (right == null || (left != null && !right.startsWith(left))) {
            return same;
        }
        int at = same.length();
        while (at < right.length() && right.charAt(at) == 0) {
            at++;
        }
        return at == right.length() ? null : right.substring(0, at) + (char) (right.charAt(at) - 1);
    }

    private String tail() {
        char[] letters = new char[TAIL];
        for (int i = 0; i < TAIL; i++) {
            letters[i] = Alphabet.letter(1 + random.nextInt(Alphabet.HIGHEST - 1));
        }
        return new String(letters);
    }

    /** Forgets what was remembered, as after a restart. */
    void forget() {
        runs.clear();
        previousLeft = null;
        previousRight = null;
        lastMade = null;
        previousSide = 0;
    }
}
