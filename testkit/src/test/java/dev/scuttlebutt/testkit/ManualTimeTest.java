package dev.scuttlebutt.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ManualTimeTest {
    private final ManualTime time = new ManualTime();

    @Test
    void time_standsStillUntilToldToMove() {
        assertThat(time.millis()).isEqualTo(ManualTime.START).isEqualTo(time.millis());
        time.advance(Duration.ofMillis(1500));
        time.advance(Duration.ofNanos(500_000));
        assertThat(time.millis()).isEqualTo(ManualTime.START + 1500.5);
    }

    @Test
    void time_stepsBack() {
        time.advanceMillis(-10);
        assertThat(time.millis()).isEqualTo(ManualTime.START - 10);
        time.set(5);
        assertThat(time.millis()).isEqualTo(5);
    }

    @Test
    void skewedClock_runsWithItsBaseAndJumpsAlone() {
        ManualTime fast = time.skewed(100);
        time.advanceMillis(7);
        assertThat(fast.millis()).isEqualTo(ManualTime.START + 107);
        fast.advanceMillis(-200);
        assertThat(fast.skewMillis()).isEqualTo(-100);
        fast.set(1);
        time.advanceMillis(1);
        assertThat(fast.millis()).isEqualTo(2);
        assertThat(time.millis()).isEqualTo(ManualTime.START + 8);
    }
}
