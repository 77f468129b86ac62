package dev.scuttlebutt.types;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.Vectors;
import dev.scuttlebutt.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineDiffTest {

    /** Those whose patch in the original is wrong too: what is wanted is recorded beside it. */
    @Test
    void recordedPairs_becomeEqual_withTheFewestLinesTouched() {
        List<JsonObject> records = Vectors.sequenceLines("adiff.jsonl");
        assertThat(records).hasSize(458);
        for (JsonObject record : records) {
            List<String> old = Vectors.texts(record, "old");
            List<String> wanted = Vectors.texts(record, "new");
            List<LineDiff.Hunk> hunks = LineDiff.hunks(old, wanted);
            assertThat(applied(old, hunks)).as("%s", record).isEqualTo(wanted);
            int common = Vectors.texts(record, "lcs").size();
            assertThat(edits(hunks)).as("%s", record).isEqualTo(old.size() + wanted.size() - 2 * common);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 40})
    void randomLists_becomeEqual_withTheFewestLinesTouched(int letters) {
        for (long seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            List<String> old = lines(random, random.nextInt(30), letters);
            List<String> wanted = random.nextBoolean()
                    ? lines(random, random.nextInt(30), letters)
                    : changed(random, old, random.nextInt(6), letters);
            List<LineDiff.Hunk> hunks = LineDiff.hunks(old, wanted);
            assertThat(applied(old, hunks)).as("seed %d", seed).isEqualTo(wanted);
            assertThat(edits(hunks)).as("seed %d", seed).isEqualTo(fewestEdits(old, wanted));
            assertApart(hunks);
        }
    }

    /** As where the search is given up: what is found may be longer, but only where more edits are needed. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void searchGivenUp_becomesEqual_andIsTheFewestWhereFewAreNeeded(int mostEdits) {
        int givenUp = 0;
        for (long seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            List<String> old = lines(random, random.nextInt(60), 5);
            List<String> wanted = random.nextBoolean()
                    ? lines(random, random.nextInt(60), 5)
                    : changed(random, old, random.nextInt(12), 5);
            List<LineDiff.Hunk> hunks = LineDiff.hunks(old, wanted, mostEdits);
            assertThat(applied(old, hunks)).as("seed %d", seed).isEqualTo(wanted);
            assertApart(hunks);
            int fewest = fewestEdits(old, wanted);
            if (fewest <= 2 * mostEdits) {
                assertThat(edits(hunks)).as("seed %d", seed).isEqualTo(fewest);
            } else {
                givenUp += edits(hunks) > fewest ? 1 : 0;
                assertThat(edits(hunks)).as("seed %d", seed).isLessThanOrEqualTo(old.size() + wanted.size());
            }
        }
        assertThat(givenUp).isPositive();
    }

    @Test
    void thousandsOfLinesReplaced_areOneHunk() {
        List<String> old = numbered("old", 20_000);
        List<String> wanted = numbered("new", 30_000);
        assertThat(LineDiff.hunks(old, wanted)).containsExactly(new LineDiff.Hunk(0, 20_000, wanted));
    }

    /** The original took more than 150 seconds for this many. */
    @Test
    void twoThousandLinesChangedAmongEqualOnes_keepTheOthers() {
        List<String> old = numbered("line", 4_000);
        List<String> wanted = new ArrayList<>(old);
        for (int i = 0; i < wanted.size(); i += 2) {
            wanted.set(i, "changed " + i);
        }
        List<LineDiff.Hunk> hunks = LineDiff.hunks(old, wanted);
        assertThat(applied(old, hunks)).isEqualTo(wanted);
        assertThat(hunks).hasSize(2_000).allMatch(hunk -> hunk.removed() == 1);
    }

    /** All lines are on both sides, nearly none in place: the worst for the search. Quadratic time would be minutes. */
    @ParameterizedTest
    @ValueSource(ints = {2, 1_000, 100_000})
    void manyLinesInAnotherOrder_becomeEqual(int letters) {
        Random random = new Random(letters);
        List<String> old = lines(random, 100_000, letters);
        List<String> wanted = new ArrayList<>(old);
        Collections.shuffle(wanted, random);
        List<LineDiff.Hunk> hunks = LineDiff.hunks(old, wanted);
        List<String> result = new ArrayList<>();
        int at = 0;
        for (int i = hunks.size() - 1; i >= 0; i--) {
            LineDiff.Hunk hunk = hunks.get(i);
            result.addAll(old.subList(at, hunk.at()));
            result.addAll(hunk.inserted());
            at = hunk.at() + hunk.removed();
        }
        result.addAll(old.subList(at, old.size()));
        assertThat(result.equals(wanted)).isTrue();
    }

    @Test
    void equalLists_needNothing() {
        List<String> lines = numbered("line", 10);
        assertThat(LineDiff.hunks(lines, List.copyOf(lines))).isEmpty();
        assertThat(LineDiff.hunks(List.of(), List.of())).isEmpty();
    }

    private static List<String> numbered(String start, int count) {
        return IntStream.range(0, count).mapToObj(i -> start + i).toList();
    }

    private static List<String> lines(Random random, int count, int letters) {
        return IntStream.range(0, count)
                .mapToObj(i -> "line " + random.nextInt(letters))
                .toList();
    }

    private static List<String> changed(Random random, List<String> lines, int changes, int letters) {
        List<String> changed = new ArrayList<>(lines);
        for (int i = 0; i < changes; i++) {
            if (changed.isEmpty() || random.nextBoolean()) {
                changed.add(random.nextInt(changed.size() + 1), "line " + random.nextInt(letters));
            } else {
                changed.remove(random.nextInt(changed.size()));
            }
        }
        return changed;
    }

    private static List<String> applied(List<String> old, List<LineDiff.Hunk> hunks) {
        List<String> lines = new ArrayList<>(old);
        for (LineDiff.Hunk hunk : hunks) {
            List<String> at = lines.subList(hunk.at(), hunk.at() + hunk.removed());
            at.clear();
            at.addAll(hunk.inserted());
        }
        return lines;
    }

    private static int edits(List<LineDiff.Hunk> hunks) {
        return hunks.stream()
                .mapToInt(hunk -> hunk.removed() + hunk.inserted().size())
                .sum();
    }

    /** From the end to the start, with a line between each two. */
    private static void assertApart(List<LineDiff.Hunk> hunks) {
        for (int i = 1; i < hunks.size(); i++) {
            LineDiff.Hunk earlier = hunks.get(i);
            assertThat(earlier.at() + earlier.removed())
                    .isLessThan(hunks.get(i - 1).at());
        }
    }

    /** By a table of all prefixes. */
    private static int fewestEdits(List<String> old, List<String> wanted) {
        int[] row = new int[wanted.size() + 1];
        for (String line : old) {
            int diagonal = 0;
            for (int j = 1; j <= wanted.size(); j++) {
                int above = row[j];
                row[j] = line.equals(wanted.get(j - 1)) ? diagonal + 1 : Math.max(above, row[j - 1]);
                diagonal = above;
            }
        }
        return old.size() + wanted.size() - 2 * row[wanted.size()];
    }
}
