package dev.scuttlebutt.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JournalOptionsTest {
    private final JournalOptions options = JournalOptions.defaults();

    @Test
    void numbersThatMakeNoSense_areRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> options.maxBadLines(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> options.compact(-0.1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> options.compact(Double.NaN, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> options.retry(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> options.retry(Duration.ofMillis(-1)));

        assertThat(options.maxBadLines(0).compact(0, 0).maxBadLines()).isZero();
    }

    @Test
    void anInterval_isPositive_andOnlyForItsKind() {
        assertThatIllegalArgumentException().isThrownBy(() -> Durability.interval(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> Durability.interval(Duration.ofMillis(-1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Durability(Durability.Kind.NONE, Duration.ofMillis(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Durability(Durability.Kind.UPDATE, Duration.ofMillis(1)));
    }

    @Test
    void eachSetting_leavesTheOthersAlone() {
        JournalOptions all = options.durability(Durability.everyUpdate())
                .maxBadLines(7)
                .compact(3, 5)
                .retry(Duration.ofMillis(9))
                .knownClock(false)
                .meta(Map.of("v", 1))
                .executor(Runnable::run)
                .listener(new JournalListener() {})
                .limits(options.limits().maxDepth(10));

        assertThat(all.durability()).isEqualTo(Durability.everyUpdate());
        assertThat(all.maxBadLines()).isEqualTo(7);
        assertThat(all.compactFactor()).isEqualTo(3);
        assertThat(all.compactFrom()).isEqualTo(5);
        assertThat(all.retry()).isEqualTo(Duration.ofMillis(9));
        assertThat(all.knownClock()).isFalse();
        assertThat(all.meta()).hasToString("{\"v\":1}");
        assertThat(all.limits().maxDepth()).isEqualTo(10);
        assertThat(all.meta(null).meta()).isNull();
    }
}
