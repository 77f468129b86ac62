package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.scuttlebutt.json.Json;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClockTest {
    private final Clock clock = Clock.of(Map.of("A", 5.0, "B", -1.5));

    @Test
    void latest_ofAnUnknownSource_isBelowEveryTimestamp() {
        assertThat(clock.latest("A")).isEqualTo(5);
        assertThat(clock.latest("?")).isEqualTo(Clock.NEVER).isLessThan(-Update.MAX_TIMESTAMP);
    }

    @Test
    void of_copies() {
        Map<String, Double> map = new HashMap<>(Map.of("A", 5.0));
        Clock copy = Clock.of(map);
        map.put("A", 6.0);

        assertThat(copy.latest("A")).isEqualTo(5);
    }

    @Test
    void of_refusesWhatIsNotFinite() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Clock.of(Map.of("A", Double.NaN)))
                .withMessageContaining("A");
        assertThatIllegalArgumentException().isThrownBy(() -> Clock.of(Map.of("A", Double.POSITIVE_INFINITY)));
    }

    @Test
    void ofJson_leavesOutWhatIsNoFiniteNumber() {
        Clock read = Clock.of(Json.parse("""
                {"a":1,"b":null,"c":"5","d":[50],"e":{},"f":true,"g":1e400,"h":-1e400,"i":0,"j":-2.5,"__proto__":3}""").asObject());

        assertThat(read.toMap()).isEqualTo(Map.of("a", 1.0, "i", 0.0, "j", -2.5, "__proto__", 3.0));
    }

    @Test
    void toJson_readsBackAsTheSame() {
        assertThat(Clock.of(clock.toJson())).isEqualTo(clock).hasSameHashCodeAs(clock);
        assertThat(Json.parse(clock.toString())).isEqualTo(clock.toJson());
        assertThat(Clock.EMPTY).hasToString("{}");
    }

    @Test
    void covers_anUpdateUpToItsTimestamp() {
        assertThat(clock.covers(Update.of(0, 5, "A"))).isTrue();
        assertThat(clock.covers(Update.of(0, 4, "A"))).isTrue();
        assertThat(clock.covers(Update.of(0, 5.001, "A"))).isFalse();
        assertThat(clock.covers(Update.of(0, -1e300, "?"))).isFalse();
    }

    @Test
    void covers_aClock_whenNoEntryIsGreater() {
        assertThat(clock.covers(clock)).isTrue();
        assertThat(clock.covers(Clock.EMPTY)).isTrue();
        assertThat(Clock.EMPTY.covers(clock)).isFalse();
        assertThat(clock.covers(Clock.of(Map.of("A", 4.0)))).isTrue();
        assertThat(clock.covers(Clock.of(Map.of("A", 5.5)))).isFalse();
        assertThat(clock.covers(Clock.of(Map.of("C", 1.0)))).isFalse();
    }

    @Test
    void merge_isTheSmallestClockThatCoversBoth() {
        Clock other = Clock.of(Map.of("A", 4.0, "B", 7.0, "C", 1.0));

        assertThat(clock.merge(other)).isEqualTo(Clock.of(Map.of("A", 5.0, "B", 7.0, "C", 1.0)));
        assertThat(other.merge(clock)).isEqualTo(clock.merge(other));
        assertThat(clock.merge(Clock.EMPTY)).isEqualTo(clock);
        assertThat(clock.latest("B")).as("unchanged").isEqualTo(-1.5);
    }

    @Test
    void size_andViews() {
        assertThat(clock.size()).isEqualTo(2);
        assertThat(clock.sources()).containsExactlyInAnyOrder("A", "B");
        assertThat(clock.isEmpty()).isFalse();
        assertThat(Clock.EMPTY.isEmpty()).isTrue();
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> clock.toMap().put("C", 1.0));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> clock.sources().clear());
    }

    @Test
    void liveClock_raisesOnlyForwards() {
        LiveClock live = new LiveClock();

        assertThat(live.raise("A", 5)).isTrue();
        assertThat(live.raise("A", 5)).isFalse();
        assertThat(live.raise("A", 4)).isFalse();
        assertThat(live.raise("A", 5.5)).isTrue();
        assertThat(live.raise("B", -3)).isTrue();
        assertThat(live.latest("A")).isEqualTo(5.5);
        assertThat(live.latest(new String("B"))).as("by value, not identity").isEqualTo(-3);
        assertThat(live.latest("C")).isEqualTo(Clock.NEVER);
        assertThat(live.size()).isEqualTo(2);
        assertThat(live.covers(Update.of(0, 5.5, "A"))).isTrue();
        assertThat(live.covers(Update.of(0, 5.6, "A"))).isFalse();
    }

    @Test
    void liveClock_raisedByAClock_takesTheGreaterOfEach() {
        LiveClock live = new LiveClock();
        live.raise("A", 9);
        live.raise(clock);

        assertThat(live.snapshot()).isEqualTo(Clock.of(Map.of("A", 9.0, "B", -1.5)));
    }

    @Test
    void liveClock_snapshot_staysAsItWas_andIsSharedWhileNothingMoves() {
        LiveClock live = new LiveClock();
        assertThat(live.snapshot()).isSameAs(Clock.EMPTY);
        live.raise("A", 1);
        Clock before = live.snapshot();
        live.raise("A", 1);
        assertThat(live.snapshot()).isSameAs(before);
        live.raise("A", 2);

        assertThat(before.latest("A")).isEqualTo(1);
        assertThat(live.snapshot().latest("A")).isEqualTo(2);
    }

    @Test
    void clocks_areEqual_whenTheirEntriesAre() {
        Clock clock = Clock.of(Map.of("a", 1.0, "b", 2.0));
        assertThat(clock).isEqualTo(Clock.of(Map.of("b", 2.0, "a", 1.0))).hasSameHashCodeAs(Map.of("a", 1.0, "b", 2.0));
        assertThat(clock).isNotEqualTo(Clock.of(Map.of("a", 1.0, "b", 3.0))).isNotEqualTo(Clock.EMPTY);
    }

    @Test
    void liveClock_drops_whatIsNotAbove_exceptOne() {
        LiveClock clock = new LiveClock();
        clock.raise(Clock.of(Map.of("old", 1.0, "own", 1.0, "at", 2.0, "new", 3.0)));
        clock.dropUntil(2, "own");
        assertThat(clock.snapshot()).isEqualTo(Clock.of(Map.of("own", 1.0, "new", 3.0)));
        assertThat(clock.raise("old", 0.5)).as("it is new again").isTrue();
    }

    @Test
    void liveClock_drops_oneSource() {
        LiveClock clock = new LiveClock();
        clock.raise("a", 5);
        clock.raise("b", 5);
        clock.snapshot();
        clock.drop("b");
        assertThat(clock.snapshot()).isEqualTo(Clock.of(Map.of("a", 5.0)));
        assertThat(clock.latest("b")).isEqualTo(Clock.NEVER);
    }
}
