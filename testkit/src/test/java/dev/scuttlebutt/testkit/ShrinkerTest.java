package dev.scuttlebutt.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
    private static final List<Integer> THOUSAND =
            IntStream.range(0, 1_000).boxed().toList();

    @Test
    void shrink_leavesWhatIsNeededInItsOrder() {
        List<Integer> needed = List.of(3, 500, 501, 997);
        Shrinker<Integer> shrinker = new Shrinker<>(items -> items.containsAll(needed), 1_000_000);
        assertThat(shrinker.shrink(THOUSAND)).isEqualTo(needed);
        assertThat(shrinker.runs()).isLessThan(200);
    }

    @Test
    void shrink_leavesNothingWhereNothingIsNeeded() {
        assertThat(new Shrinker<Integer>(items -> true, 1_000_000).shrink(THOUSAND))
                .isEmpty();
    }

    @Test
    void shrink_leavesAllWhereAllIsNeeded() {
        assertThat(new Shrinker<Integer>(items -> items.size() == 1_000, 10_000_000).shrink(THOUSAND))
                .isEqualTo(THOUSAND);
    }

    @Test
    void shrink_stopsAtItsBudgetWithWhatStillFails() {
        long[] tried = {0};
        Shrinker<Integer> shrinker = new Shrinker<>(
                items -> {
                    tried[0] += items.size();
                    return items.contains(999) && items.size() % 2 == 0;
                },
                3_000);
        List<Integer> smallest = shrinker.shrink(THOUSAND);
        assertThat(smallest).contains(999);
        assertThat(smallest.size() % 2).isZero();
        assertThat(tried[0]).isLessThanOrEqualTo(4_000);
    }
}
