package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GapsTest {
    private final Gaps gaps = new Gaps();

    @Test
    void source_thatIsNoted_mayLack_andNoOther() {
        gaps.add("a");
        assertThat(gaps.mayLack("a", false)).isTrue();
        assertThat(gaps.mayLack("a", true)).isTrue();
        assertThat(gaps.mayLack("b", true)).isFalse();
    }

    @Test
    void moreSourcesThanCanBeNoted_eachThatWasNeverAppliedMayLack() {
        int many = 100_000;
        for (int i = 0; i < many; i++) {
            gaps.add("s" + i);
        }
        for (int i = 0; i < many; i++) {
            assertThat(gaps.mayLack("s" + i, true)).isTrue();
        }
        assertThat(gaps.mayLack("s" + (many - 1), false))
                .as("applied before, so nothing of it is missing")
                .isFalse();
        assertThat(gaps.mayLack("another", true)).as("it cannot be told apart").isTrue();
    }

    @Test
    void sourceNotedAgain_whenThereIsNoRoom_takesNone() {
        int noted = 0;
        while (!gaps.mayLack("unknown", true)) {
            gaps.add("s" + noted++);
        }
        Gaps full = new Gaps();
        for (int i = 0; i < noted - 1; i++) {
            full.add("s" + i);
        }
        full.add("s0");
        assertThat(full.mayLack("unknown", true)).isFalse();
    }
}
