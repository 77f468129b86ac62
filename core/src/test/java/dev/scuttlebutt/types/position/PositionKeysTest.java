package dev.scuttlebutt.types.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PositionKeysTest {

    /** A sorted list of keys, and where the next one goes. */
    private static final class Sheet {
        final List<String> keys = new ArrayList<>();
        final Set<String> taken = new HashSet<>();
        long letters;
        int longest;

        String insert(int index, PositionKeys maker) {
            String left = index == 0 ? null : keys.get(index - 1);
            String right = index == keys.size() ? null : keys.get(index);
            String key = maker.between(left, right, taken::contains);
            checkBetween(left, key, right);
            put(index, key);
            letters += key.length();
            longest = Math.max(longest, key.length());
            return key;
        }

        void put(int index, String key) {
            keys.add(index, key);
            if (!taken.add(key)) {
                throw new AssertionError(key + " is not new");
            }
        }

        /** Puts a key where it belongs. */
        void merge(String key) {
            put(-1 - Collections.binarySearch(keys, key), key);
        }

        double mean(int count) {
            return (double) letters / count;
        }
    }

    private static void checkBetween(@Nullable String left, String key, @Nullable String right) {
        if ((left != null && left.compareTo(key) >= 0)
                || (right != null && key.compareTo(right) >= 0)
                || !PositionKeys.isJsSafe(key)) {
            throw new AssertionError(key + " is not a safe key between " + left + " and " + right);
        }
    }

    private static PositionKeys maker(long seed) {
        return new PositionKeys(new Random(seed));
    }

    // Growth: the table of the specification, section 4.5; means there are of one run, here of some seeds

    @ParameterizedTest
    @CsvSource({
        "append, 100, 7.1, 8", "append, 1000, 7.9, 8", "append, 10000, 8.6, 9",
        "prepend, 100, 7.1, 8", "prepend, 1000, 7.9, 8", "prepend, 10000, 8.6, 9",
        "beforeLast, 10000, 13.6, 14"
    })
    void oneRun_growsWithTheLogarithm(String workload, int count, double mean, int longest) {
        Sheet sheet = new Sheet();
        PositionKeys maker = maker(1);
        int before = workload.equals("beforeLast") ? 2 : 0;
        for (int i = 0; i < before; i++) {
            sheet.insert(i, maker);
        }
        sheet.letters = 0;
        for (int i = 0; i < count; i++) {
            int size = sheet.keys.size();
            sheet.insert(workload.equals("append") ? size : workload.equals("prepend") ? 0 : size - 1, maker);
        }
        assertThat(sheet.mean(count)).isCloseTo(mean, within(0.3));
        assertThat(sheet.longest).isLessThanOrEqualTo(longest);
    }

    @ParameterizedTest
    @CsvSource({"1000, 13.5", "10000, 15"})
    void randomInsertions_growWithTheLogarithm(int count, double mean) {
        double sum = 0;
        for (int seed = 0; seed < 10; seed++) {
            Random places = new Random(seed);
            PositionKeys maker = maker(seed);
            Sheet sheet = new Sheet();
            for (int i = 0; i < count; i++) {
                sheet.insert(places.nextInt(i + 1), maker);
            }
            sum += sheet.mean(count) / 10;
        }
        assertThat(sum).isLessThan(mean);
    }

    @ParameterizedTest
    @CsvSource({"1000, true, 23", "10000, true, 36", "1000, false, 23", "10000, false, 36"})
    void typingAtRandomPlaces_growsWithTheDepth(int count, boolean forward, double mean) {
        double sum = 0;
        for (int seed = 0; seed < 10; seed++) {
            Random places = new Random(seed);
            PositionKeys maker = maker(seed);
            Sheet sheet = new Sheet();
            int place = 0;
            for (int i = 0; i < count; i++) {
                place = i % 100 == 0 ? places.nextInt(i + 1) : place + (forward ? 1 : 0);
                sheet.insert(place, maker);
            }
            sum += sheet.mean(count) / 10;
        }
        assertThat(sum).isLessThan(mean);
    }

    @Test
    void zigzag_growsByLessThanAThirdOfALetter() {
        Sheet sheet = new Sheet();
        PositionKeys maker = maker(1);
        int place = 0;
        for (int i = 0; i < 1000; i++) {
            place += i % 2;
            sheet.insert(place, maker);
        }
        assertThat(sheet.longest).isLessThan(600);
        assertThat(sheet.mean(1000)).isLessThan(310);
    }

    /** Deep in a text that was written in many places, where keys are long, people type as elsewhere. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void typingBetweenLongKeys_growsWithTheLogarithm(boolean forward) {
        Sheet sheet = new Sheet();
        PositionKeys maker = maker(1);
        int place = 0;
        while (sheet.longest <= 60) {
            for (int i = 0; i < 20; i++) {
                sheet.insert(place++, maker);
            }
            place -= 10;
        }
        int before = sheet.longest;
        for (int i = 0; i < 1_000; i++) {
            sheet.insert(place, maker);
            place += forward ? 1 : 0;
        }
        assertThat(sheet.longest).isLessThan(before + 20);
    }

    @ParameterizedTest
    @CsvSource({"end, 9", "start, 9", "beforeLast, 18"})
    void twoReplicasInTurn_growWithTheLogarithm(String where, int longest) {
        Sheet sheet = new Sheet();
        PositionKeys[] makers = {maker(1), maker(2)};
        if (where.equals("beforeLast")) {
            sheet.insert(0, makers[0]);
            sheet.insert(1, makers[0]);
        }
        for (int i = 0; i < 10_000; i++) {
            int size = sheet.keys.size();
            int index = where.equals("end") ? size : where.equals("start") ? 0 : size - 1;
            sheet.insert(index, makers[i % 2]);
        }
        assertThat(sheet.longest).isLessThanOrEqualTo(longest);
    }

    @Test
    void appendingWithRestarts_growsWithTheLogarithm() {
        Sheet sheet = new Sheet();
        PositionKeys maker = maker(1);
        for (int i = 0; i < 10_000; i++) {
            if (i % 10 == 0) {
                maker.forget();
            }
            sheet.insert(i, maker);
        }
        assertThat(sheet.longest).isLessThanOrEqualTo(9);
    }

    @Test
    void goingBackToAPlace_goesOnWithItsRun() {
        Sheet sheet = new Sheet();
        PositionKeys maker = maker(1);
        for (int i = 0; i < 20; i++) {
            sheet.insert(i, maker);
        }
        for (int i = 0; i < 20; i++) {
            sheet.insert(5, maker);
        }
        String end = sheet.insert(sheet.keys.size(), maker);
        assertThat(end.substring(0, 5)).isEqualTo(sheet.keys.get(0).substring(0, 5));
    }

    // Concurrency

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, false"})
    void concurrentRunsAtOnePlace_doNotMix(boolean firstForward, boolean secondForward) {
        for (int seed = 0; seed < 300; seed++) {
            Sheet first = new Sheet();
            PositionKeys common = maker(seed);
            int length = seed % 5;
            for (int i = 0; i < length; i++) {
                first.insert(i, common);
            }
            Sheet second = new Sheet();
            first.keys.forEach(second::merge);
            int place = length == 0 ? 0 : new Random(seed).nextInt(length + 1);
            List<String> one = type(first, maker(seed + 1000), place, firstForward);
            List<String> other = type(second, maker(seed + 2000), place, secondForward);
            other.forEach(first::merge);
            assertThat(alternations(first.keys, one, other)).as("seed %s", seed).isEqualTo(1);
        }
    }

    private static List<String> type(Sheet sheet, PositionKeys maker, int place, boolean forward) {
        List<String> typed = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            typed.add(sheet.insert(forward ? place + i : place, maker));
        }
        return typed;
    }

    private static int alternations(List<String> all, List<String> one, List<String> other) {
        int alternations = 0;
        Boolean last = null;
        for (String key : all) {
            boolean isOne = one.contains(key);
            if (isOne || other.contains(key)) {
                alternations += last != null && last != isOne ? 1 : 0;
                last = isOne;
            }
        }
        return alternations;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void besideJavaScript_anyMixture_keepsOrderAndSafety(long seed) {
        Random random = new Random(seed);
        Sheet sheet = new Sheet();
        PositionKeys[] makers = {maker(seed), maker(seed + 100)};
        int place = 0;
        for (int i = 0; i < 3000; i++) {
            int size = sheet.keys.size();
            place = random.nextInt(10) == 0 ? random.nextInt(size + 1) : Math.min(size, place + random.nextInt(2));
            int who = random.nextInt(3);
            if (who < 2) {
                sheet.insert(place, makers[who]);
            } else {
                String left = place == 0 ? "!" : sheet.keys.get(place - 1);
                String right = place == size ? "~" : sheet.keys.get(place);
                sheet.put(place, JsKeys.between(left, right, random));
            }
        }
    }

    @Test
    void aNumberIsNotUsedTwice_evenIfItsItemIsGone() {
        Sheet sheet = new Sheet();
        PositionKeys maker = maker(1);
        String first = sheet.insert(0, maker);
        String gone = maker.between(first, null, key -> false);
        assertThat(maker.between(first, null, key -> false)).isGreaterThan(gone);
    }

    @Test
    void aTakenKey_isPassedOver() {
        PositionKeys maker = maker(1);
        String first = maker.between(null, null, key -> false);
        String second = first.substring(0, 5) + KeyCode.of(1);
        String third = first.substring(0, 5) + KeyCode.of(2);
        Set<String> taken = Set.of(second, third);
        assertThat(maker.between(first, null, taken::contains)).isEqualTo(first.substring(0, 5) + KeyCode.of(3));
    }

    @Test
    void severalAtOnce_areOneRunInOrder() {
        PositionKeys maker = maker(1);
        String last = maker.between(null, null, key -> false);
        List<String> above = maker.between(last, null, 200, key -> false);
        List<String> below = maker.between(null, last, 200, key -> false);
        List<String> all = new ArrayList<>(below);
        all.add(last);
        all.addAll(above);
        assertThat(all).isSorted().doesNotHaveDuplicates().allMatch(key -> key.startsWith(last.substring(0, 5)));
    }

    // Strange neighbours

    static Stream<Arguments> strangeGaps() {
        return Stream.of(
                Arguments.of("!", "!!", false),
                Arguments.of("A", "A!", false),
                Arguments.of("A", "A!!", false),
                Arguments.of(null, "!", false),
                Arguments.of(null, " ", false),
                Arguments.of(null, "!!!", false),
                Arguments.of("~A", null, false),
                Arguments.of("é", null, false),
                Arguments.of("~", null, false),
                Arguments.of("A~é", "A~ê", false),
                Arguments.of("A", "A ", false),
                Arguments.of("A-", "A0", false),
                Arguments.of("aé", "b", false),
                Arguments.of("A-", "B", true),
                Arguments.of("A é", "B", true),
                Arguments.of("A", "é", true),
                Arguments.of("A ", "A0", true),
                Arguments.of("A ", "A1", true),
                Arguments.of("", "B", true),
                Arguments.of("", null, true),
                Arguments.of("\uffff", null, false),
                Arguments.of("z~~", "zé", true),
                Arguments.of("zzzzzzz", "~", true),
                Arguments.of("\ud83d", "\ud83d\ude00", false),
                Arguments.of("Aé", "Aéé", false),
                Arguments.of("A", "A\0B", false));
    }

    @ParameterizedTest
    @MethodSource("strangeGaps")
    void strangeNeighbours_getSomeKeyBetween_andASafeOneIfThereIsAny(
            @Nullable String left, @Nullable String right, boolean safe) {
        PositionKeys maker = maker(1);
        for (int count = 1; count < 4; count++) {
            List<String> keys = maker.between(left, right, count, key -> false);
            String last = left;
            for (String key : keys) {
                assertThat(last == null || last.compareTo(key) < 0).isTrue();
                assertThat(right == null || key.compareTo(right) < 0).isTrue();
                assertThat(PositionKeys.isJsSafe(key)).as("%s", key).isEqualTo(safe);
                last = key;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anyStrings_getAKeyBetween(long seed) {
        Random random = new Random(seed);
        PositionKeys maker = maker(seed);
        for (int i = 0; i < 20_000; i++) {
            String left = any(random);
            String right = any(random);
            if (left.compareTo(right) < 0 && !right.startsWith(left + "\0")) {
                String key = maker.between(left, right, taken -> false);
                assertThat(left.compareTo(key) < 0 && key.compareTo(right) < 0)
                        .as("%s < %s < %s", left, key, right)
                        .isTrue();
            }
        }
    }

    /**
     * A start is what all of whose extensions by letters lie in the gap. Where a search of all short ones finds one, keys
     * must be safe.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void anyStrings_getASafeKey_ifASafeOneCanBeginAnywhere(long seed) {
        List<String> starts = new ArrayList<>(List.of(""));
        for (int from = 0, length = 0; length < 3; length++) {
            int to = starts.size();
            for (; from < to; from++) {
                for (char letter : "!019AVz~".toCharArray()) {
                    starts.add(starts.get(from) + letter);
                }
            }
        }
        starts.removeIf(start -> start.startsWith("~"));
        Random random = new Random(seed);
        int found = 0;
        for (int i = 0; i < 4_000; i++) {
            String left = random.nextInt(10) == 0 ? null : any(random);
            String right = random.nextInt(10) == 0 ? null : any(random);
            if ((left == null || right == null || left.compareTo(right) < 0)
                    && starts.stream().anyMatch(start -> isStart(left, start, right))) {
                found++;
                String key = maker(i).between(left, right, taken -> false);
                assertThat(PositionKeys.isJsSafe(key))
                        .as("%s < %s < %s", left, key, right)
                        .isTrue();
                checkBetween(left, key, right);
            }
        }
        assertThat(found).isGreaterThan(1_000);
    }

    private static boolean isStart(@Nullable String left, String start, @Nullable String right) {
        return (left == null || left.compareTo(start) <= 0)
                && (right == null || (start.compareTo(right) < 0 && !right.startsWith(start)));
    }

    private static String any(Random random) {
        String letters = "!!09AVz~~ é\ud83d";
        StringBuilder key = new StringBuilder();
        for (int i = random.nextInt(7); i > 0; i--) {
            key.append(letters.charAt(random.nextInt(letters.length())));
        }
        return key.toString();
    }

    @Test
    void nothingButZerosBetween_isAnError() {
        assertThatThrownBy(() -> maker(1).between("A", "A\0", key -> false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no key between");
        assertThatThrownBy(() -> maker(1).between("B", "A", key -> false)).isInstanceOf(IllegalArgumentException.class);
    }

    /** A key per letter more would make an update of some thousand characters too long to be sent. */
    @ParameterizedTest
    @CsvSource(
            value = {"~, null", "~A, null", "~AfvUyKcXrQ9f0, ~AfvUyKcXrQ9f0Kakc", "null, !!!"},
            nullValues = "null")
    void manyKeys_whereNoneIsSafe_stayShort(@Nullable String left, @Nullable String right) {
        List<String> made = new ArrayList<>(maker(1).between(left, right, 5_000, key -> false));
        PositionKeys oneByOne = maker(2);
        String last = left;
        for (int i = 0; i < 5_000; i++) {
            last = oneByOne.between(last, right, key -> false);
            made.add(last);
        }

        assertThat(made.subList(0, 5_000)).isSorted().doesNotHaveDuplicates();
        assertThat(made.subList(5_000, 10_000)).isSorted().doesNotHaveDuplicates();
        assertThat(made).allSatisfy(key -> {
            assertThat(left == null || left.compareTo(key) < 0).isTrue();
            assertThat(right == null || key.compareTo(right) < 0).isTrue();
            assertThat(key.length()).isLessThan(30);
        });
    }

    @Test
    void noKeyBetween_isToldOnOneLineOfBoundedLength() {
        PositionKeys keys = new PositionKeys(new Random(1));
        String left = "\n" + "x".repeat(10_000);

        assertThatThrownBy(() -> keys.between(left, left + "\0", key -> false))
                .isInstanceOf(IllegalStateException.class)
                .satisfies(told ->
                        assertThat(told.getMessage()).hasSizeLessThan(300).doesNotContain("\n"))
                .hasMessageContaining("another key");
        assertThatThrownBy(() -> keys.between(left, left, key -> false))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(told ->
                        assertThat(told.getMessage()).hasSizeLessThan(300).doesNotContain("\n"));
    }
}
