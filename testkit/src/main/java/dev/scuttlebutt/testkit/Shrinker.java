package dev.scuttlebutt.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes a failing list shorter by leaving items out as long as it goes on failing.
 *
 * @see <a href="https://doi.org/10.1109/32.988498">Zeller, Hildebrandt: Simplifying and isolating failure-inducing
 *     input</a>
 */
final class Shrinker<T> {
    private final Predicate<List<T>> fails;
    private long budget;
    private int runs;

    /**
     * Creates a shrinker.
     *
     * @param fails tells whether a list still fails
     * @param budget how many items may be tried altogether, which bounds the time it takes
     */
    Shrinker(Predicate<List<T>> fails, long budget) {
        this.fails = fails;
        this.budget = budget;
    }

    /** Returns a list that fails and is no longer than the given one, which must fail. */
    List<T> shrink(List<T> failing) {
        List<T> smallest = List.copyOf(failing);
        int chunk = Math.max(1, smallest.size() / 2);
        while (budget > 0 && !smallest.isEmpty()) {
            List<T> smaller = withoutChunks(smallest, chunk);
            boolean progress = smaller.size() < smallest.size();
            smallest = smaller;
            if (chunk == 1 && !progress) {
                break;
            }
            chunk = Math.max(1, Math.min(chunk / 2, smallest.size()));
        }
        return smallest;
    }

    /** From the back: what comes late is most often what does not matter. */
    private List<T> withoutChunks(List<T> items, int chunk) {
        List<T> smallest = items;
        for (int end = items.size(); end > 0 && budget > 0; end -= chunk) {
            int start = Math.max(0, end - chunk);
            List<T> candidate = new ArrayList<>(smallest.subList(0, start));
            candidate.addAll(smallest.subList(end, smallest.size()));
            budget -= candidate.size() + 1;
            runs++;
            if (fails.test(candidate)) {
                smallest = candidate;
            }
        }
        return smallest;
    }

    /** Returns how many lists were tried. */
    int runs() {
        return runs;
    }
}
