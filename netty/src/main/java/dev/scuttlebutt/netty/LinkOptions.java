package dev.scuttlebutt.netty;

import dev.scuttlebutt.SessionOptions;
import dev.scuttlebutt.wire.Limits;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How links treat their peers. Immutable: each method returns a changed copy.
 *
 * <p>A time or a count of zero turns the rule off.
 */
public final class LinkOptions {
    private static final LinkListener NOBODY = new LinkListener() {};
    private static final LinkOptions DEFAULTS = new LinkOptions(new Settings());

    /** Written only before the options that hold it are made. */
    static final class Settings {
        SessionOptions session = SessionOptions.twoWay();
        Limits limits = Limits.defaults();
        LinkListener listener = NOBODY;

        @Nullable
        EventLoopGroup eventLoops;

        @Nullable
        ByteBufAllocator allocator;

        @Nullable
        Executor intakes;

        @Nullable
        Tls tls;

        long connectNanos = Duration.ofSeconds(10).toNanos();
        long handshakeNanos = Duration.ofSeconds(30).toNanos();
        long idleNanos;
        long stallNanos;
        long closeNanos = Duration.ofSeconds(10).toNanos();
        long keepAliveSeconds = 60;
        int maxConnections = 10_000;
        int maxConnectionsPerAddress;
        long linesPerSecond;
        long bytesPerSecond;
        int bufferBytes = 1 << 16;
        int sendBufferBytes;
        int receiveBufferBytes;
        boolean reconnect = true;
        long minBackOffNanos = Duration.ofMillis(100).toNanos();
        long maxBackOffNanos = Duration.ofSeconds(30).toNanos();

        Settings() {}

        private Settings(Settings other) {
            session = other.session;
            limits = other.limits;
            listener = other.listener;
            eventLoops = other.eventLoops;
            allocator = other.allocator;
            intakes = other.intakes;
            tls = other.tls;
            connectNanos = other.connectNanos;
            handshakeNanos = other.handshakeNanos;
            idleNanos = other.idleNanos;
            stallNanos = other.stallNanos;
            closeNanos = other.closeNanos;
            keepAliveSeconds = other.keepAliveSeconds;
            maxConnections = other.maxConnections;
            maxConnectionsPerAddress = other.maxConnectionsPerAddress;
            linesPerSecond = other.linesPerSecond;
            bytesPerSecond = other.bytesPerSecond;
            bufferBytes = other.bufferBytes;
            sendBufferBytes = other.sendBufferBytes;
            receiveBufferBytes = other.receiveBufferBytes;
            reconnect = other.reconnect;
            minBackOffNanos = other.minBackOffNanos;
            maxBackOffNanos = other.maxBackOffNanos;
        }
    }

    final Settings settings;

    private LinkOptions(Settings settings) {
        this.settings = settings;
    }

    /** Returns the defaults, which each method below states. */
    public static LinkOptions defaults() {
        return DEFAULTS;
    }

    private LinkOptions with(Consumer<Settings> change) {
        Settings changed = new Settings(settings);
        change.accept(changed);
        return new LinkOptions(changed);
    }

    // What is said

    /** Sets how sessions exchange. Default: {@link SessionOptions#twoWay}. */
    public LinkOptions session(SessionOptions session) {
        return with(s -> s.session = session);
    }

    /** Sets what a peer's bytes may cost. Default: {@link Limits#defaults}. */
    public LinkOptions limits(Limits limits) {
        return with(s -> s.limits = limits);
    }

    /** Sets who hears of connections. Default: nobody. */
    public LinkOptions listener(LinkListener listener) {
        return with(s -> s.listener = listener);
    }

    /** Encrypts. The side given must be that of the link: a server's or a client's. Default: off. */
    public LinkOptions tls(Tls tls) {
        return with(s -> s.tls = tls);
    }

    // Times

    /** Sets how long an attempt to connect may take. Default: 10 seconds; zero: as long as the system tries. */
    public LinkOptions connectTimeout(Duration time) {
        return with(s -> s.connectNanos = nanos("connectTimeout", time));
    }

    /**
     * Sets how long to wait for the peer's first word. Then a session that only sends starts as if the peer had nothing,
     * and any other is closed, unless the peer has sent a line that is no handshake: an original that only accepts
     * updates sends none. Default: 30 seconds.
     */
    public LinkOptions handshakeTimeout(Duration time) {
        return with(s -> s.handshakeNanos = nanos("handshakeTimeout", time));
    }

    /**
     * Closes a connection on which nothing has been received for so long. The protocol has no keep-alive: a peer without
     * news says nothing, so with this, links with little to say are made anew again and again. To find peers that are
     * gone, {@link #keepAlive} is the better means. Default: off.
     */
    public LinkOptions idleTimeout(Duration time) {
        return with(s -> s.idleNanos = nanos("idleTimeout", time));
    }

    /**
     * Closes a connection whose peer has not taken one buffer ({@link #bufferBytes}) in so long. A peer that does not
     * read costs a constant amount of memory, so the default is off.
     */
    public LinkOptions stallTimeout(Duration time) {
        return with(s -> s.stallNanos = nanos("stallTimeout", time));
    }

    /**
     * Sets how long a graceful end may take before the connection is cut: as a whole once {@code shutdown} is called;
     * otherwise, when one side has ended, without any progress of the other. Default: 10 seconds.
     *
     * @throws IllegalArgumentException if it is zero or negative: an end would not be bounded
     */
    public LinkOptions closeTimeout(Duration time) {
        if (time.isZero()) {
            throw new IllegalArgumentException("closeTimeout must be positive");
        }
        return with(s -> s.closeNanos = nanos("closeTimeout", time));
    }

    /**
     * Lets the system ask silent peers whether they are still there, first after so long and then four times within the
     * same time, so that a machine that vanished is noticed after about twice as long. The peer's program sees nothing
     * of it. Where the platform cannot set the times its own apply, often two hours. Default: 60 seconds.
     */
    public LinkOptions keepAlive(Duration time) {
        long nanos = nanos("keepAlive", time);
        return with(s -> s.keepAliveSeconds = nanos == 0 ? 0 : Math.max(1, time.toSeconds()));
    }

    // Amounts

    /** Sets how many connections a server has at a time; further ones are closed at once. Default: 10,000. */
    public LinkOptions maxConnections(int count) {
        return with(s -> s.maxConnections = (int) count("maxConnections", count));
    }

    /** Sets how many connections a server has with one IP address at a time. Default: off. */
    public LinkOptions maxConnectionsPerAddress(int count) {
        return with(s -> s.maxConnectionsPerAddress = (int) count("maxConnectionsPerAddress", count));
    }

    /**
     * Sets how many lines a peer may send per second, on average, after one second's worth at once. Who sends more is
     * read more slowly, and so slowed down; nothing is lost. This applies to the first exchange too. Default: off.
     */
    public LinkOptions maxLinesPerSecond(long count) {
        return with(s -> s.linesPerSecond = count("maxLinesPerSecond", count));
    }

    /** Sets how many bytes a peer may send per second. See {@link #maxLinesPerSecond}. Default: off. */
    public LinkOptions maxBytesPerSecond(long count) {
        return with(s -> s.bytesPerSecond = count("maxBytesPerSecond", count));
    }

    /**
     * Sets the size of the largest buffer used for one read or one write. A connection holds at most one that waits to be
     * sent, and none while there is nothing to say. Default: 64 KiB.
     *
     * @param bytes from 1 KiB to 16 MiB
     */
    public LinkOptions bufferBytes(int bytes) {
        if (bytes < 1 << 10 || bytes > 1 << 24) {
            throw new IllegalArgumentException("bufferBytes must be from 1024 to 16777216, was " + bytes);
        }
        return with(s -> s.bufferBytes = bytes);
    }

    /**
     * Sets the sizes of the socket's buffers in the system. What lies there can no longer be superseded, so a small send
     * buffer gives slow peers fresher news; a large one is faster over long distances. Default: zero, the system's choice.
     */
    public LinkOptions socketBuffers(int sendBytes, int receiveBytes) {
        return with(s -> {
            s.sendBufferBytes = (int) count("sendBytes", sendBytes);
            s.receiveBufferBytes = (int) count("receiveBytes", receiveBytes);
        });
    }

    // Clients

    /** Chooses whether a client connects again when a connection failed or ended. Default: yes. */
    public LinkOptions reconnect(boolean reconnect) {
        return with(s -> s.reconnect = reconnect);
    }

    /**
     * Sets how long a client waits before it connects again: at first about {@code min}, then each time twice as long up
     * to {@code max}, less a random part of up to half, so that peers of one server do not come back all at once.
     * Default: 100 milliseconds to 30 seconds.
     */
    public LinkOptions backOff(Duration min, Duration max) {
        if (min.isZero() || max.compareTo(min) < 0) {
            throw new IllegalArgumentException("back-off must be positive and ascending, was " + min + " to " + max);
        }
        return with(s -> {
            s.minBackOffNanos = nanos("min", min);
            s.maxBackOffNanos = nanos("max", max);
        });
    }

    // Netty

    /**
     * Sets the event loops to run on; the caller shuts them down, after the links. They must suit NIO sockets. Default:
     * daemon threads shared by all links that name none, which end with the last of these links.
     */
    public LinkOptions eventLoops(EventLoopGroup eventLoops) {
        return with(s -> s.eventLoops = eventLoops);
    }

    /** Sets where buffers come from. Default: Netty's default. */
    public LinkOptions allocator(ByteBufAllocator allocator) {
        return with(s -> s.allocator = allocator);
    }

    /**
     * Sets where what arrives is taken in when the replica checks signatures or asks rules, so that this keeps no event
     * loop busy. One task for each link that has something; a task may wait for a key. Default: daemon threads shared by
     * all links, up to 512.
     */
    public LinkOptions intakes(Executor intakes) {
        return with(s -> s.intakes = intakes);
    }

    private static long nanos(String name, Duration time) {
        if (time.isNegative() || time.compareTo(Duration.ofDays(10_000)) > 0) {
            throw new IllegalArgumentException(name + " must be from zero to 10,000 days, was " + time);
        }
        return time.toNanos();
    }

    private static long count(String name, long count) {
        if (count < 0) {
            throw new IllegalArgumentException(name + " must not be negative, was " + count);
        }
        return count;
    }
}
