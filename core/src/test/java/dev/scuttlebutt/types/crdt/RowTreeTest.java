package dev.scuttlebutt.types.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowTreeTest {
    private static final Comparator<RowState> BY_ID = Comparator.comparing(row -> row.id);

    private final RowTree tree = new RowTree(BY_ID);
    private final List<RowState> expected = new ArrayList<>();

    private static RowState row(int number) {
        return new RowState("%07d".formatted(number));
    }

    private void check() {
        List<RowState> found = new ArrayList<>();
        tree.forEach(found::add);
        assertThat(found).isEqualTo(expected);
        assertThat(tree.size()).isEqualTo(expected.size());
    }

    private void add(RowState row) {
        int index = -Collections.binarySearch(expected, row, BY_ID) - 1;
        expected.add(index, row);
        assertThat(tree.add(row)).isEqualTo(index);
    }

    private void remove(int index) {
        tree.remove(index);
        expected.remove(index);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void randomChanges_keepTheOrderAndTheIndices(long seed) {
        Random random = new Random(seed);
        for (int phase = 0; phase < 6; phase++) {
            int growing = phase % 2 == 0 ? 80 : 20;
            for (int i = 0; i < 12_000; i++) {
                if (expected.isEmpty() || random.nextInt(100) < growing) {
                    RowState row = row(random.nextInt(9_999_999));
                    if (tree.indexOf(row) < 0 && Collections.binarySearch(expected, row, BY_ID) < 0) {
                        add(row);
                    }
                } else {
                    remove(random.nextInt(expected.size()));
                }
            }
            check();
            for (int i = 0; i < 200 && !expected.isEmpty(); i++) {
                int index = random.nextInt(expected.size());
                assertThat(tree.get(index)).isSameAs(expected.get(index));
                assertThat(tree.indexOf(expected.get(index))).isEqualTo(index);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 4096, 4097, 20_000})
    void ascendingAndDescending_thenEmptied(int count) {
        for (int i = 0; i < count; i++) {
            add(row(1_000_000 + i));
        }
        for (int i = 0; i < count; i++) {
            add(row(999_999 - i));
        }
        check();
        while (expected.size() > count) {
            remove(0);
        }
        check();
        while (!expected.isEmpty()) {
            remove(expected.size() - 1);
        }
        check();
        add(row(5));
        check();
    }

    @Test
    void addAll_sorts() {
        for (int i = 0; i < 10_000; i++) {
            expected.add(row(i));
        }
        List<RowState> mixed = new ArrayList<>(expected);
        Collections.shuffle(mixed, new Random(1));
        tree.addAll(mixed);

        check();
    }

    @Test
    void indexOf_anotherRowOfTheSamePlace_isNone() {
        add(row(1));

        assertThat(tree.indexOf(row(1))).isEqualTo(-1);
        assertThat(tree.indexOf(row(2))).isEqualTo(-1);
    }

    @Test
    void firstFrom_isWhereTheProbeTurns() {
        for (int i = 0; i < 1000; i++) {
            add(row(i * 2));
        }
        for (int i = 0; i < 1000; i++) {
            String from = row(i * 2 - 1).id;
            assertThat(tree.firstFrom(row -> row.id.compareTo(from))).isEqualTo(i);
        }
        assertThat(tree.firstFrom(row -> -1)).isEqualTo(1000);
        assertThat(new RowTree(BY_ID).firstFrom(row -> -1)).isZero();
    }
}
