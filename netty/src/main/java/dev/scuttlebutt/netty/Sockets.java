package dev.scuttlebutt.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioChannelOption;
import jdk.net.ExtendedSocketOptions;

/** How sockets are set up. */
final class Sockets {
    private static final int PROBES = 4;

    /** A peer that sends without pause gets so many reads before other connections of the loop have their turn. */
    private static final int READS_PER_TURN = 4;

    private Sockets() {}

    static void prepare(ChannelConfig config, LinkOptions options) {
        LinkOptions.Settings settings = options.settings;
        config.setOption(ChannelOption.TCP_NODELAY, true);
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        if (settings.sendBufferBytes > 0) {
            config.setOption(ChannelOption.SO_SNDBUF, settings.sendBufferBytes);
        }
        if (settings.receiveBufferBytes > 0) {
            config.setOption(ChannelOption.SO_RCVBUF, settings.receiveBufferBytes);
        }
        if (settings.keepAliveSeconds > 0) {
            keepAlive(config, (int) Math.min(settings.keepAliveSeconds, 32_767));
        }
        ByteBufAllocator allocator = settings.allocator;
        if (allocator != null) {
            config.setAllocator(allocator);
        }
        int most = settings.bufferBytes;
        AdaptiveRecvByteBufAllocator reads =
                new AdaptiveRecvByteBufAllocator(Math.min(64, most), Math.min(2048, most), most);
        reads.maxMessagesPerRead(READS_PER_TURN);
        config.setRecvByteBufAllocator(reads);
        // One buffer of ours on its way must not count as a full channel.
        config.setWriteBufferWaterMark(new WriteBufferWaterMark(most, 2 * most));
    }

    /** Platforms without these options answer false, and their own times apply. */
    private static void keepAlive(ChannelConfig config, int seconds) {
        config.setOption(ChannelOption.SO_KEEPALIVE, true);
        config.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), seconds);
        config.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), Math.max(1, seconds / PROBES));
        config.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), PROBES);
    }
}
