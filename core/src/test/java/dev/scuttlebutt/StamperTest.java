package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class StamperTest {
    private final SettableTime time = new SettableTime(1_700_000_000_000.25);
    private final Stamper stamper = new Stamper(time);

    @Test
    void next_isTheTime() {
        assertThat(stamper.next(Clock.NEVER)).isEqualTo(1_700_000_000_000.25);
    }

    @Test
    void next_whileTimeStandsStill_isTheNextDouble() {
        double last = stamper.next(Clock.NEVER);
        for (int i = 0; i < 10_000; i++) {
            double next = stamper.next(Clock.NEVER);
            assertThat(next).isEqualTo(Math.nextUp(last));
            last = next;
        }
    }

    @Test
    void next_afterTimeRanBack_stillAscends() {
        double first = stamper.next(Clock.NEVER);
        time.set(5);

        assertThat(stamper.next(Clock.NEVER)).isGreaterThan(first);
    }

    @Test
    void next_isAboveWhatIsKnown() {
        assertThat(stamper.next(1_800_000_000_000.0)).isEqualTo(Math.nextUp(1_800_000_000_000.0));
        assertThat(stamper.next(3)).as("and never below an earlier one").isGreaterThan(1_800_000_000_000.0);
    }

    @Test
    void next_ofATimeThatIsNotFinite_goesOnFromWhatIsKnown() {
        for (double odd : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            time.set(odd);
            assertThat(new Stamper(time).next(7)).isEqualTo(Math.nextUp(7.0));
        }
    }

    @Test
    void next_whenNoTimestampIsLeft_saysSo() {
        assertThatIllegalStateException()
                .isThrownBy(() -> stamper.next(Update.MAX_TIMESTAMP))
                .withMessageContaining("another id");
        time.set(Double.NaN);
        assertThatIllegalStateException().isThrownBy(() -> new Stamper(time).next(Clock.NEVER));
        time.set(1e301);
        assertThatIllegalStateException().isThrownBy(() -> new Stamper(time).next(Clock.NEVER));
    }

    @Test
    void next_afterAFarFutureEntry_hasRoomForMoreThanCanBeMade() {
        double forged = Update.MAX_TIMESTAMP / 2;
        double next = forged;
        for (int i = 0; i < 1000; i++) {
            next = stamper.next(next);
        }
        assertThat(next).isBetween(forged, Update.MAX_TIMESTAMP);
    }

    @Test
    void systemTime_isMillisecondsSince1970WithAFraction() {
        long before = System.currentTimeMillis();
        double now = TimeSource.system().millis();
        long after = System.currentTimeMillis();

        assertThat(now).isBetween(before - 1.0, after + 1.0);
        assertThat(now * 1000)
                .as("whole microseconds")
                .isCloseTo(Math.rint(now * 1000), org.assertj.core.data.Offset.offset(0.3));
    }
}
