package dev.scuttlebutt.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class SocketsTest {

    private static SocketChannelConfig prepared(LinkOptions options) {
        SocketChannelConfig config = new NioSocketChannel().config();
        Sockets.prepare(config, options);
        return config;
    }

    @Test
    void sockets_areSetUpForSmallMessagesAndHalfCloses() {
        SocketChannelConfig config = prepared(LinkOptions.defaults());
        assertThat(config.isTcpNoDelay()).isTrue();
        assertThat(config.isAllowHalfClosure()).isTrue();
        assertThat(config.isKeepAlive()).isTrue();
    }

    @Test
    void keepAlive_asksAfterTheGivenTime() throws Exception {
        try (SocketChannel probe = SocketChannel.open()) {
            Assumptions.assumeTrue(
                    probe.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE),
                    "this platform cannot set the times of keep-alive");
        }
        SocketChannelConfig config = prepared(LinkOptions.defaults().keepAlive(Duration.ofSeconds(20)));
        assertThat(config.getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE)))
                .isEqualTo(20);
        assertThat(config.getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL)))
                .isEqualTo(5);
        assertThat(config.getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT)))
                .isEqualTo(4);
    }

    @Test
    void keepAlive_canBeTurnedOff() {
        assertThat(prepared(LinkOptions.defaults().keepAlive(Duration.ZERO)).getOption(ChannelOption.SO_KEEPALIVE))
                .isFalse();
    }
}
