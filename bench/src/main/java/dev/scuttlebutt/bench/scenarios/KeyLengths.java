package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.Update;
import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.types.RArray;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * How long position keys get. Measures no time.
 *
 * @see "sequences, section 4.5"
 */
public final class KeyLengths implements Scenario {
    private static final Unit LETTERS = new Unit("letters", false);
    private static final int RUN = 100;

    /** How the first few items happen to fall shifts all the others by a few letters. */
    private static final int ROUNDS = 10;

    /** As long as a random id of the original, so that bytes compare. */
    private static final String ID = "A".repeat(38);

    /** Where items are inserted. */
    public enum Pattern {
        /** At the end. */
        APPEND(10_000, "each at the end"),
        /** At the beginning. */
        PREPEND(10_000, "each at the beginning"),
        /** Anywhere. */
        RANDOM(10_000, "each anywhere"),
        /** As somebody types who goes elsewhere after a hundred letters. */
        TYPING(10_000, "runs of 100 forward, anywhere"),
        /** The same, each letter before the last one. */
        TYPING_BACK(10_000, "runs of 100 backward, anywhere"),
        /** In front of an item that stays the last. */
        BEFORE_LAST(10_000, "each before a fixed last item"),
        /** Between the two before. */
        ZIGZAG(5_000, "each between the previous two");

        private final int items;
        private final String title;

        Pattern(int items, String title) {
            this.items = items;
            this.title = title;
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Pattern pattern;

    /** Inserts so. */
    public KeyLengths(Pattern pattern) {
        this.pattern = pattern;
    }

    @Override
    public String name() {
        return "keys-" + pattern.word();
    }

    @Override
    public String title() {
        return "mean length of %,d keys, ".formatted(pattern.items) + pattern.title;
    }

    @Override
    public Unit unit() {
        return LETTERS;
    }

    @Override
    public @Nullable Goal goal() {
        return null;
    }

    @Override
    public String original() {
        return "keys.js";
    }

    @Override
    public int repetitions(int usual) {
        return 1;
    }

    @Override
    public Work work(Work base) {
        return base.with("pattern", pattern.ordinal()).with("items", pattern.items);
    }

    @Override
    public Measurement measure(Work work) {
        int items = work.count("items");
        double letters = 0;
        double bytes = 0;
        int longest = 0;
        for (int seed = 0; seed < ROUNDS; seed++) {
            RArray array = filled(items, new SplittableRandom(seed));
            for (String key : array.keys()) {
                letters += key.length();
                longest = Math.max(longest, key.length());
            }
            for (Update update : array.history()) {
                bytes += update.length();
            }
        }
        double made = (double) items * ROUNDS;
        return new Measurement(
                letters / made, Double.NaN, Map.of("longest", (double) longest, "bytes an insert", bytes / made));
    }

    private RArray filled(int items, SplittableRandom random) {
        RArray array = new RArray(ID);
        int last = 0;
        for (int i = 0; i < items; i++) {
            int at =
                    switch (pattern) {
                        case APPEND -> i;
                        case PREPEND -> 0;
                        case RANDOM -> random.nextInt(i + 1);
                        case TYPING -> i % RUN == 0 ? random.nextInt(i + 1) : last + 1;
                        case TYPING_BACK -> i % RUN == 0 ? random.nextInt(i + 1) : last;
                        case BEFORE_LAST -> Math.max(0, i - 1);
                        // First behind the item before, then in front of it, and so on.
                        case ZIGZAG -> i == 0 ? 0 : i % 2 == 1 ? last + 1 : last;
                    };
            array.splice(at, 0, "x");
            last = at;
        }
        return array;
    }
}
