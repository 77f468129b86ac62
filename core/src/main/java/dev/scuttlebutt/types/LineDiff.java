package dev.scuttlebutt.types;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What turns one list of lines into another, with few lines touched: the fewest unless the lists differ a lot.
 *
 * @see "Eugene W. Myers, An O(ND) Difference Algorithm and Its Variations, 1986, section 4b"
 */
final class LineDiff {
    /*
     * Lines become numbers, and lines that only one side has are set aside, as no common subsequence holds them. In what is
     * left a path of fewest edits is searched from both ends at once until the two searches meet; then the same on both
     * sides of the meeting point. So memory is linear, and time is lines × edits.
     *
     * A search that takes too many edits is given up: the point that got furthest splits the lists instead. The part
     * behind it has a path known to be that short, the other part is smaller by at least as many lines as edits were
     * tried. Hence all of it takes at most lines × edits allowed, and the result is right wherever it is split, only
     * perhaps longer.
     */

    /** So many edits are searched from either end, if the lists are not so long that this would take seconds. */
    private static final int MOST_EDITS = 1024;

    /** Even for the longest lists. */
    private static final int LEAST_EDITS = 64;

    /** Lines × edits: well below a second. */
    private static final int STEPS = 1 << 26;

    /** On a diagonal that no path inside the box leads to. Far enough from all indexes to stay so after a step. */
    private static final int NOWHERE_YET = Integer.MIN_VALUE / 2;

    private static final int NOWHERE_BACK = Integer.MAX_VALUE / 2;

    /**
     * Lines to be replaced. Counts of lines.
     *
     * @param at index of the first one in the old list
     * @param removed how many go; may be 0
     * @param inserted what comes instead; may be empty
     */
    record Hunk(int at, int removed, List<String> inserted) {}

    private final int[] before;
    private final int[] after;

    /** What goes and what comes, by index in the lists given. */
    private final boolean[] goes;

    private final boolean[] comes;

    /** For each element of {@link #before} and {@link #after} its index in the lists given. */
    private final int[] beforeAt;

    private final int[] afterAt;

    /** The furthest index of the old list on each diagonal, from the start and from the end. */
    private final int[] forwards;

    private final int[] backwards;

    /** Where diagonal 0 is in the arrays above. Diagonal: index in the old list minus index in the new one. */
    private final int middle;

    private final int mostEdits;

    private LineDiff(List<String> old, List<String> wanted, int mostEdits) {
        goes = new boolean[old.size()];
        comes = new boolean[wanted.size()];
        Arrays.fill(goes, true);
        Arrays.fill(comes, true);
        int same = 0;
        int least = Math.min(goes.length, comes.length);
        while (same < least && old.get(same).equals(wanted.get(same))) {
            goes[same] = false;
            comes[same] = false;
            same++;
        }
        int oldEnd = goes.length;
        int wantedEnd = comes.length;
        while (oldEnd > same && wantedEnd > same && old.get(oldEnd - 1).equals(wanted.get(wantedEnd - 1))) {
            goes[--oldEnd] = false;
            comes[--wantedEnd] = false;
        }

        Map<String, Integer> numbers = new HashMap<>();
        int[] oldNumbers = new int[oldEnd - same];
        for (int i = 0; i < oldNumbers.length; i++) {
            Integer next = numbers.size();
            Integer known = numbers.putIfAbsent(old.get(same + i), next);
            oldNumbers[i] = known == null ? next : known;
        }
        boolean[] onBoth = new boolean[numbers.size()];
        int[] wantedNumbers = new int[wantedEnd - same];
        for (int i = 0; i < wantedNumbers.length; i++) {
            wantedNumbers[i] = numbers.getOrDefault(wanted.get(same + i), -1);
            if (wantedNumbers[i] >= 0) {
                onBoth[wantedNumbers[i]] = true;
            }
        }
        beforeAt = indexesOnBoth(oldNumbers, onBoth);
        afterAt = indexesOnBoth(wantedNumbers, onBoth);
        before = take(oldNumbers, beforeAt, same);
        after = take(wantedNumbers, afterAt, same);

        this.mostEdits = mostEdits;
        middle = after.length + 1;
        forwards = new int[before.length + after.length + 3];
        backwards = new int[forwards.length];
    }

    private static int[] indexesOnBoth(int[] numbers, boolean[] onBoth) {
        int[] indexes = new int[numbers.length];
        int count = 0;
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] >= 0 && onBoth[numbers[i]]) {
                indexes[count++] = i;
            }
        }
        return Arrays.copyOf(indexes, count);
    }

    /** Takes these, and moves the indexes to where the numbers begin in the lists given. */
    private static int[] take(int[] numbers, int[] indexes, int offset) {
        int[] taken = new int[indexes.length];
        for (int i = 0; i < taken.length; i++) {
            taken[i] = numbers[indexes[i]];
            indexes[i] += offset;
        }
        return taken;
    }

    /**
     * Returns what to replace, from the end of the list to its start, so that each can be applied to the list as it stands
     * then. No two of them touch. O(lines + changed lines × edits), with a bound on the edits that are searched: time is
     * linear in the lines where more are needed, memory always.
     */
    static List<Hunk> hunks(List<String> old, List<String> wanted) {
        int lines = old.size() + wanted.size();
        return hunks(old, wanted, Math.min(MOST_EDITS, Math.max(LEAST_EDITS, STEPS / Math.max(1, lines))));
    }

    static List<Hunk> hunks(List<String> old, List<String> wanted, int mostEdits) {
        LineDiff diff = new LineDiff(old, wanted, mostEdits);
        diff.compare(0, diff.before.length, 0, diff.after.length);
        return diff.hunks(wanted);
    }

    private List<Hunk> hunks(List<String> wanted) {
        List<Hunk> hunks = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < goes.length || j < comes.length) {
            int at = i;
            int from = j;
            while (i < goes.length && goes[i]) {
                i++;
            }
            while (j < comes.length && comes[j]) {
                j++;
            }
            if (i > at || j > from) {
                hunks.add(new Hunk(at, i - at, List.copyOf(wanted.subList(from, j))));
            } else {
                i++;
                j++;
            }
        }
        Collections.reverse(hunks);
        return hunks;
    }

    /** Marks what both sides have between these indexes. */
    private void compare(int fromX, int toX, int fromY, int toY) {
        int x = fromX;
        int endX = toX;
        int y = fromY;
        int endY = toY;
        while (true) {
            while (x < endX && y < endY && before[x] == after[y]) {
                keep(x++, y++);
            }
            while (x < endX && y < endY && before[endX - 1] == after[endY - 1]) {
                keep(--endX, --endY);
            }
            if (x == endX || y == endY) {
                return;
            }
            Split split = split(x, endX, y, endY);
            // The part with the shorter path by recursion, which so goes no deeper than that path can be halved.
            if (split.easyStart) {
                compare(x, split.x, y, split.y);
                x = split.x;
                y = split.y;
            } else {
                compare(split.x, endX, split.y, endY);
                endX = split.x;
                endY = split.y;
            }
        }
    }

    private void keep(int x, int y) {
        goes[beforeAt[x]] = false;
        comes[afterAt[y]] = false;
    }

    /**
     * A point on the path.
     *
     * @param easyStart whether what lies before it is known to take few edits; otherwise what lies behind it is
     */
    private record Split(int x, int y, boolean easyStart) {}

    /**
     * Finds a point that divides the path: of a shortest one, unless that takes too long. Both ends must differ, so that
     * neither of the parts is all of it.
     */
    private Split split(int startX, int endX, int startY, int endY) {
        int start = startX - startY;
        int end = endX - endY;
        // The diagonals that cross the box; those next to them are read too.
        int lowest = startX - endY;
        int highest = endX - startY;
        forwards[middle + lowest - 1] = NOWHERE_YET;
        forwards[middle + highest + 1] = NOWHERE_YET;
        backwards[middle + lowest - 1] = NOWHERE_BACK;
        backwards[middle + highest + 1] = NOWHERE_BACK;
        forwards[middle + start] = startX;
        backwards[middle + end] = endX;
        boolean meetsForwards = ((start - end) & 1) != 0;
        for (int edits = 1; edits <= mostEdits; edits++) {
            int low = lowest(start, edits, lowest);
            int high = highest(start, edits, highest);
            border(forwards, start, edits, lowest, highest, NOWHERE_YET);
            for (int k = low; k <= high; k += 2) {
                int x = stepForwards(k, endX, endY);
                forwards[middle + k] = x;
                if (meetsForwards && Math.abs(k - end) < edits && x >= backwards[middle + k]) {
                    return new Split(x, x - k, true);
                }
            }
            low = lowest(end, edits, lowest);
            high = highest(end, edits, highest);
            border(backwards, end, edits, lowest, highest, NOWHERE_BACK);
            for (int k = low; k <= high; k += 2) {
                int x = stepBackwards(k, startX, startY);
                backwards[middle + k] = x;
                if (!meetsForwards && Math.abs(k - start) <= edits && x <= forwards[middle + k]) {
                    return new Split(x, x - k, true);
                }
            }
        }
        return furthest(startX, endX, startY, endY);
    }

    /** The lowest diagonal in the box that so many edits from another one lead to: every second one can be. */
    private static int lowest(int from, int edits, int lowest) {
        int low = from - edits;
        return low >= lowest ? low : lowest + ((lowest - low) & 1);
    }

    private static int highest(int from, int edits, int highest) {
        int high = from + edits;
        return high <= highest ? high : highest - ((high - highest) & 1);
    }

    /** What the round will read beyond the diagonals of the round before, which another search has left. */
    private void border(int[] reached, int from, int edits, int lowest, int highest, int nowhere) {
        if (from - edits >= lowest) {
            reached[middle + from - edits - 1] = nowhere;
        }
        if (from + edits <= highest) {
            reached[middle + from + edits + 1] = nowhere;
        }
    }

    private int stepForwards(int k, int endX, int endY) {
        int removing = forwards[middle + k - 1] + 1;
        int inserting = forwards[middle + k + 1];
        int x = Math.max(removing <= endX ? removing : NOWHERE_YET, inserting - k <= endY ? inserting : NOWHERE_YET);
        if (x >= 0) {
            while (x < endX && x - k < endY && before[x] == after[x - k]) {
                x++;
            }
        }
        return x;
    }

    private int stepBackwards(int k, int startX, int startY) {
        int removing = backwards[middle + k + 1] - 1;
        int inserting = backwards[middle + k - 1];
        int x = Math.min(
                removing >= startX ? removing : NOWHERE_BACK, inserting - k >= startY ? inserting : NOWHERE_BACK);
        if (x <= before.length) {
            while (x > startX && x - k > startY && before[x - 1] == after[x - k - 1]) {
                x--;
            }
        }
        return x;
    }

    /** The point with the most lines between it and the end from which it was reached. */
    private Split furthest(int startX, int endX, int startY, int endY) {
        int start = startX - startY;
        int end = endX - endY;
        int most = -1;
        Split split = new Split(startX, startY, true);
        int high = highest(start, mostEdits, endX - startY);
        for (int k = lowest(start, mostEdits, startX - endY); k <= high; k += 2) {
            int x = forwards[middle + k];
            int lines = x - startX + (x - k) - startY;
            if (x >= 0 && lines > most) {
                most = lines;
                split = new Split(x, x - k, true);
            }
        }
        high = highest(end, mostEdits, endX - startY);
        for (int k = lowest(end, mostEdits, startX - endY); k <= high; k += 2) {
            int x = backwards[middle + k];
            int lines = endX - x + endY - (x - k);
            if (x <= before.length && lines > most) {
                most = lines;
                split = new Split(x, x - k, false);
            }
        }
        return split;
    }
}
