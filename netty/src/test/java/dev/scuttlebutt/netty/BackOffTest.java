package dev.scuttlebutt.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackOffTest {

    @Test
    void waits_doubleUpToTheLongest() {
        BackOff backOff = new BackOff(100, 1_000, () -> 0);
        assertThat(Stream.generate(backOff::nextNanos).limit(6))
                .isEqualTo(List.of(100L, 200L, 400L, 800L, 1_000L, 1_000L));
    }

    @Test
    void jitter_takesOffUpToHalf() {
        assertThat(new BackOff(100, 1_000, () -> 1).nextNanos()).isEqualTo(50);
        assertThat(new BackOff(100, 1_000, () -> 0.5).nextNanos()).isEqualTo(75);
    }

    @Test
    void reset_startsAnew() {
        BackOff backOff = new BackOff(100, 1_000, () -> 0);
        backOff.nextNanos();
        backOff.nextNanos();
        backOff.reset();
        assertThat(backOff.nextNanos()).isEqualTo(100);
    }

    @Test
    void longestWait_neverOverflows() {
        BackOff backOff = new BackOff(Long.MAX_VALUE / 3, Long.MAX_VALUE, () -> 0);
        assertThat(Stream.generate(backOff::nextNanos).limit(5)).allMatch(wait -> wait > 0);
    }
}
