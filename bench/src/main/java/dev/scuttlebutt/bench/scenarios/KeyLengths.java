package dev.scuttlebutt.bench.scenarios;

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
    public Work work(Work base) {
        return base.with("pattern", pattern.ordinal()).with("items", pattern.items);
    }

    @Override
    public Measurement measure(Work work) {
        int items = work.count("items");
        RArray array = new RArray(ID);
        SplittableRandom random = new SplittableRandom(work.count("pattern"));
        if (pattern == Pattern.BEFORE_LAST) {
            array.push("x");
        }
        int low = 0;
        for (int i = array.size(); i < items; i++) {
            int at =
                    switch (pattern) {
                        case APPEND -> i;
                        case PREPEND -> 0;
                        case RANDOM -> random.nextInt(i + 1);
                        case TYPING -> i % RUN == 0 ? random.nextInt(i + 1) : low + 1;
                        case TYPING_BACK -> i % RUN == 0 ? random.nextInt(i + 1) : low;
                        case BEFORE_LAST -> i - 1;
                        // First behind the item before, then in front of it, and so on.
                        case ZIGZAG -> i == 0 ? 0 : i % 2 == 1 ? low + 1 : low;
                    };
            array.splice(at, 0, "x");
            low = at;
        }
        double bytes =
                array.history().stream().mapToDouble(update -> update.length()).sum();
        var lengths = array.keys().stream().mapToInt(String::length).summaryStatistics();
        return new Measurement(
                lengths.getAverage(),
                Double.NaN,
                Map.of("longest", (double) lengths.getMax(), "bytes an insert", bytes / array.size()));
    }
}
