package dev.scuttlebutt.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LinkOptionsTest {
    private static final LinkOptions DEFAULTS = LinkOptions.defaults();

    @Test
    void change_leavesTheOriginalAlone() {
        LinkOptions changed = DEFAULTS.maxConnections(3).idleTimeout(Duration.ofSeconds(1));
        assertThat(changed.settings.maxConnections).isEqualTo(3);
        assertThat(changed.settings.idleNanos).isEqualTo(1_000_000_000);
        assertThat(DEFAULTS.settings.maxConnections).isEqualTo(10_000);
        assertThat(DEFAULTS.settings.idleNanos).isZero();
    }

    @Test
    void nonsense_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.idleTimeout(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.closeTimeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.connectTimeout(Duration.ofDays(1 << 20)));
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.backOff(Duration.ZERO, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.backOff(Duration.ofSeconds(2), Duration.ofSeconds(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.maxConnections(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.maxLinesPerSecond(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.bufferBytes(100));
    }
}
