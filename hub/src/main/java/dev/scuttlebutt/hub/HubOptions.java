package dev.scuttlebutt.hub;

import dev.scuttlebutt.netty.Tls;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a hub works. Immutable: each method returns a changed copy.
 *
 * <p>A time or a count of zero turns the rule off.
 */
public final class HubOptions {
    private static final HubOptions DEFAULTS = new HubOptions(new Settings());

    /** A bare TCP port that leads to one document. */
    record TcpPort(InetSocketAddress address, String document) {}

    /** Written only before the options that hold it are made. */
    static final class Settings {
        InetSocketAddress http = new InetSocketAddress("127.0.0.1", 7080);
        List<TcpPort> tcp = List.of();

        List<Neighbour> neighbours = List.of();

        @Nullable
        Path tokens;

        @Nullable
        Tls tls;

        List<Path> tlsFiles = List.of();
        Set<String> origins = Set.of();
        int maxConnections = 10_000;
        int maxConnectionsPerAddress;
        int maxMessageBytes = 1 << 20;
        long maxDocumentBytes = 64L << 20;
        long linesPerSecond = 20_000;
        long bytesPerSecond = 16L << 20;
        Duration idle = Duration.ZERO;
        Duration ping = Duration.ofSeconds(30);
        Duration handshake = Duration.ofSeconds(30);
        Duration close = Duration.ofSeconds(5);
        Duration refresh = Duration.ofMillis(250);

        Settings() {}

        private Settings(Settings other) {
            http = other.http;
            tcp = other.tcp;
            neighbours = other.neighbours;
            tokens = other.tokens;
            tls = other.tls;
            tlsFiles = other.tlsFiles;
            origins = other.origins;
            maxConnections = other.maxConnections;
            maxConnectionsPerAddress = other.maxConnectionsPerAddress;
            maxMessageBytes = other.maxMessageBytes;
            maxDocumentBytes = other.maxDocumentBytes;
            linesPerSecond = other.linesPerSecond;
            bytesPerSecond = other.bytesPerSecond;
            idle = other.idle;
            ping = other.ping;
            handshake = other.handshake;
            close = other.close;
            refresh = other.refresh;
        }
    }

    final Settings settings;

    private HubOptions(Settings settings) {
        this.settings = settings;
    }

    /** Returns the defaults, which each method below states. */
    public static HubOptions defaults() {
        return DEFAULTS;
    }

    private HubOptions with(Consumer<Settings> change) {
        Settings changed = new Settings(settings);
        change.accept(changed);
        return new HubOptions(changed);
    }

    /** Sets where HTTP and WebSocket are served; port 0 picks a free one. Default: 127.0.0.1:7080. */
    public HubOptions http(String host, int port) {
        return with(s -> s.http = new InetSocketAddress(host, port));
    }

    /** Adds a bare TCP port for one document; port 0 picks a free one. Default: none. */
    public HubOptions tcp(String host, int port, String document) {
        TcpPort added = new TcpPort(new InetSocketAddress(host, port), DocumentName.check(document));
        return with(s -> {
            List<TcpPort> more = new ArrayList<>(s.tcp);
            more.add(added);
            s.tcp = List.copyOf(more);
        });
    }

    /** Adds a hub to share documents with. Default: none. */
    public HubOptions neighbour(Neighbour neighbour) {
        return with(s -> {
            List<Neighbour> more = new ArrayList<>(s.neighbours);
            more.add(neighbour);
            s.neighbours = List.copyOf(more);
        });
    }

    /**
     * Sets the file of tokens. It is read again when it changes. Default: none, which lets everybody read and write every
     * document and nobody administrate.
     */
    public HubOptions tokens(Path file) {
        return with(s -> s.tokens = file);
    }

    /**
     * Encrypts HTTP, WebSocket and TCP.
     *
     * @param tls the side of a server
     * @param files when one of these changes they are read again
     */
    public HubOptions tls(Tls tls, List<Path> files) {
        return with(s -> {
            s.tls = tls;
            s.tlsFiles = List.copyOf(files);
        });
    }

    /**
     * Adds an origin, such as {@code https://example.org}, whose pages may talk to the hub, and as whose host the hub may be
     * addressed; {@code *} for all. Default: only the hub's own page, addressed by number or as localhost.
     *
     * @throws IllegalArgumentException if a browser could not send it as its origin: without a scheme, or with a path
     */
    public HubOptions origin(String origin) {
        String checked = Origins.checked(origin);
        return with(s -> {
            Set<String> more = new LinkedHashSet<>(s.origins);
            more.add(checked);
            s.origins = more;
        });
    }

    /** Sets how many connections there may be at a time. Default: 10,000. */
    public HubOptions maxConnections(int count) {
        return with(s -> s.maxConnections = (int) count("maxConnections", count));
    }

    /** Sets how many connections there may be with one IP address. Default: off. */
    public HubOptions maxConnectionsPerAddress(int count) {
        return with(s -> s.maxConnectionsPerAddress = (int) count("maxConnectionsPerAddress", count));
    }

    /** Sets the longest line a peer may send, which is the longest update. Default: 1 MiB. */
    public HubOptions maxMessageBytes(int bytes) {
        if (bytes < 1 << 10) {
            throw new IllegalArgumentException("maxMessageBytes must be at least 1024, was " + bytes);
        }
        return with(s -> s.maxMessageBytes = bytes);
    }

    /** Sets how long the updates of a document may be together before it can only be read. Default: 64 MiB. */
    public HubOptions maxDocumentBytes(long bytes) {
        return with(s -> s.maxDocumentBytes = count("maxDocumentBytes", bytes));
    }

    /** Sets how many lines a peer may send per second on average; beyond it is read more slowly. Default: 20,000. */
    public HubOptions maxLinesPerSecond(long count) {
        return with(s -> s.linesPerSecond = count("maxLinesPerSecond", count));
    }

    /** Sets how many bytes a peer may send per second on average. Default: 16 MiB. */
    public HubOptions maxBytesPerSecond(long bytes) {
        return with(s -> s.bytesPerSecond = count("maxBytesPerSecond", bytes));
    }

    /** Closes connections on which nothing was received for so long. Default: off; pings find those that are gone. */
    public HubOptions idleTimeout(Duration time) {
        return with(s -> s.idle = positive("idleTimeout", time));
    }

    /** Sets how often a silent WebSocket is asked whether it is still there. Default: 30 seconds. */
    public HubOptions ping(Duration time) {
        return with(s -> s.ping = positive("ping", time));
    }

    /** Sets how long a peer may take until its first line, and to send the head of a request. Default: 30 seconds. */
    public HubOptions handshakeTimeout(Duration time) {
        return with(s -> s.handshake = positive("handshakeTimeout", time));
    }

    /** Sets how long a graceful end of a connection may take. Default: 5 seconds. */
    public HubOptions closeTimeout(Duration time) {
        if (time.isZero()) {
            throw new IllegalArgumentException("closeTimeout must be positive");
        }
        return with(s -> s.close = positive("closeTimeout", time));
    }

    /** Sets how often to look whether files have changed. */
    HubOptions refresh(Duration time) {
        return with(s -> s.refresh = time);
    }

    private static Duration positive(String name, Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative, was " + time);
        }
        return time;
    }

    private static long count(String name, long count) {
        if (count < 0) {
            throw new IllegalArgumentException(name + " must not be negative, was " + count);
        }
        return count;
    }
}
