package dev.scuttlebutt.netty;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The event loops of one link: given, or shared by all that were given none and gone with the last of these. */
final class Loops {
    private static @Nullable EventLoopGroup shared;
    private static int users;

    final EventLoopGroup group;
    private final boolean isShared;
    private final AtomicBoolean released = new AtomicBoolean();

    private Loops(EventLoopGroup group, boolean isShared) {
        this.group = group;
        this.isShared = isShared;
    }

    static Loops of(LinkOptions options) {
        EventLoopGroup given = options.settings.eventLoops;
        return given == null ? new Loops(joinShared(), true) : new Loops(given, false);
    }

    private static synchronized EventLoopGroup joinShared() {
        EventLoopGroup group = shared;
        if (group == null) {
            group = new MultiThreadIoEventLoopGroup(
                    new DefaultThreadFactory("scuttlebutt-link", true), NioIoHandler.newFactory());
            shared = group;
        }
        users++;
        return group;
    }

    /** Tells whether the calling thread is one of the event loops, which must not wait for one. */
    boolean isHere() {
        for (EventExecutor loop : group) {
            if (loop.inEventLoop()) {
                return true;
            }
        }
        return false;
    }

    /** To be called when the link has no channel left. */
    void release() {
        if (isShared && released.compareAndSet(false, true)) {
            leaveShared();
        }
    }

    private static synchronized void leaveShared() {
        EventLoopGroup group = shared;
        if (--users == 0 && group != null) {
            shared = null;
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
