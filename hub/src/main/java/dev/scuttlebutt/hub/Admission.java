package dev.scuttlebutt.hub;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** How many connections there may be. */
final class Admission {
    private final int most;
    private final int mostPerAddress;
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder refused = new LongAdder();
    private final Map<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();

    Admission(int most, int mostPerAddress) {
        this.most = most;
        this.mostPerAddress = mostPerAddress;
    }

    /** Takes a place until the channel is closed; false when there is none. */
    boolean admit(Channel channel) {
        if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
            return false;
        }
        InetAddress address = remote.getAddress();
        int all = open.incrementAndGet();
        int same = perAddress.merge(address, 1, Integer::sum);
        channel.closeFuture().addListener(closed -> {
            open.decrementAndGet();
            perAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
        });
        boolean admitted = (most == 0 || all <= most) && (mostPerAddress == 0 || same <= mostPerAddress);
        if (!admitted) {
            refused.increment();
        }
        return admitted;
    }

    int open() {
        return open.get();
    }

    long refused() {
        return refused.sum();
    }
}
