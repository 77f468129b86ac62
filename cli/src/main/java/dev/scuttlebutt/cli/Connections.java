package dev.scuttlebutt.cli;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.SessionOptions;
import dev.scuttlebutt.cli.command.CommandException;
import dev.scuttlebutt.cli.command.Waiting;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.netty.Connection;
import dev.scuttlebutt.netty.LinkListener;
import dev.scuttlebutt.netty.LinkOptions;
import dev.scuttlebutt.netty.TcpClient;
import dev.scuttlebutt.netty.TcpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The connections of one replica: those it listens for and those it keeps up. Safe from any thread. */
final class Connections {
    /** How long to wait, before the end, for peers that we connect to and that have not yet said what they lack. */
    private static final Duration GREET = Duration.ofSeconds(5);

    /** The same for those who connected to us and may be anybody. */
    private static final Duration GREET_ACCEPTED = Duration.ofSeconds(1);

    /** How long a peer may take to end after we have. */
    private static final Duration CLOSE = Duration.ofSeconds(3);

    private static final Duration MIN_BACK_OFF = Duration.ofMillis(100);
    private static final Duration MAX_BACK_OFF = Duration.ofSeconds(5);

    private final Replica replica;
    private final LinkOptions options;
    private final List<TcpServer> servers = new CopyOnWriteArrayList<>();
    private final Map<HostPort, TcpClient> clients = new LinkedHashMap<>();

    /**
     * Creates the set, empty.
     *
     * @param trouble told, on any thread, whom a failed connection was with and why it failed
     */
    Connections(Replica replica, SessionOptions session, BiConsumer<HostPort, Throwable> trouble) {
        this.replica = replica;
        this.options = LinkOptions.defaults()
                .session(session)
                .closeTimeout(CLOSE)
                .backOff(MIN_BACK_OFF, MAX_BACK_OFF)
                .listener(new LinkListener() {
                    @Override
                    public void closed(Connection connection) {
                        Throwable failure = connection.failure();
                        if (failure != null) {
                            failed(connection.remoteAddress(), failure);
                        }
                    }

                    @Override
                    public void failed(SocketAddress remote, Throwable cause) {
                        trouble.accept(HostPort.of((InetSocketAddress) remote), cause);
                    }
                });
    }

    /**
     * Listens.
     *
     * @return the address, with the port that was picked
     * @throws IOException if it cannot be had; the message says why
     */
    HostPort listen(HostPort address) throws IOException {
        InetSocketAddress local = new InetSocketAddress(address.host(), address.port());
        if (local.isUnresolved()) {
            throw new IOException("cannot listen on " + address + ": the host is not known");
        }
        try {
            TcpServer server = TcpServer.listen(replica, local, options);
            servers.add(server);
            return new HostPort(address.host(), server.address().getPort());
        } catch (IOException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            throw new IOException("cannot listen on " + address + ": " + Failure.text(cause), failed);
        }
    }

    /** Starts to connect, and keeps at it. */
    void connect(HostPort address) throws CommandException {
        address.checkIsPeer();
        synchronized (clients) {
            if (clients.containsKey(address)) {
                throw new CommandException("a connection with " + address + " is there already, or being made");
            }
            clients.put(address, TcpClient.connect(replica, address.host(), address.port(), options));
        }
    }

    /** Ends the connections with an address, and the attempts to make one. */
    void disconnect(HostPort address) throws CommandException {
        List<CompletableFuture<Void>> ends = accepted()
                .filter(connection -> addressOf(connection).equals(address))
                .map(Connection::shutdown)
                .collect(Collectors.toCollection(ArrayList::new));
        synchronized (clients) {
            TcpClient client = clients.remove(address);
            if (client != null) {
                ends.add(client.shutdown());
            }
        }
        if (ends.isEmpty()) {
            String others = String.join(", ", addresses());
            throw new CommandException(
                    "no connection with " + address + (others.isEmpty() ? "" : "; there are " + others));
        }
        ends.forEach(Connections::awaitEnd);
    }

    /** Returns the address of each connection. */
    List<String> addresses() {
        return look().stream().map(Peer::address).toList();
    }

    /** Returns an object for each connection. */
    JsonArray peers() {
        return JsonArray.of(look().stream().map(Peer::toJson).toList());
    }

    /** Waits until both sides of every connection have sent what the handshakes asked for. */
    void sync(Waiting waiting, Duration patience) throws CommandException {
        if (!waiting.until(() -> look().stream().allMatch(Peer::isLive), patience)) {
            String late = look().stream()
                    .filter(peer -> !peer.isLive())
                    .map(Peer::toString)
                    .collect(Collectors.joining(", "));
            throw new CommandException("not in sync within " + Waiting.text(patience) + ": " + late);
        }
    }

    /**
     * Sends what is due and closes all, within bounded time.
     *
     * @return peers that may lack updates made here, and why
     */
    List<String> close() {
        awaitQuestions();
        List<String> lacking = new ArrayList<>();
        look().stream()
                .filter(peer -> peer.kind() != Peer.Kind.ACCEPTED && peer.isUnheard())
                .forEach(peer -> lacking.add(peer.toString()));
        List<Connection> open = Stream.concat(accepted(), connected()).toList();
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        servers.forEach(server -> ends.add(server.shutdown()));
        clients().forEach(client -> ends.add(client.shutdown()));
        ends.forEach(Connections::awaitEnd);
        for (Connection connection : open) {
            Throwable failure = connection.failure();
            if (failure != null) {
                lacking.add(addressOf(connection) + " (" + Failure.text(failure) + ")");
            }
        }
        return hasOwnUpdates() ? lacking : List.of();
    }

    private void awaitQuestions() {
        long start = System.nanoTime();
        while (look().stream().anyMatch(peer -> isWorthWaiting(peer, System.nanoTime() - start))) {
            Waiting.pause();
        }
    }

    private static boolean isWorthWaiting(Peer peer, long waitedNanos) {
        boolean comes = peer.session() != null || peer.kind() == Peer.Kind.NEW;
        Duration patience = peer.kind() == Peer.Kind.ACCEPTED ? GREET_ACCEPTED : GREET;
        return peer.isUnheard() && comes && waitedNanos < patience.toNanos();
    }

    private boolean hasOwnUpdates() {
        String id = replica.id();
        return replica.history().stream().anyMatch(update -> update.source().equals(id));
    }

    /** The link cuts what takes too long; nothing here needs to fail when that does. */
    private static void awaitEnd(CompletableFuture<Void> end) {
        end.completeOnTimeout(null, 2 * CLOSE.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    private List<Peer> look() {
        List<Peer> peers = new ArrayList<>();
        synchronized (clients) {
            clients.forEach((address, client) -> {
                Connection connection = client.connection();
                peers.add(new Peer(
                        address.toString(),
                        connection == null ? null : connection.session(),
                        client.lastFailure(),
                        client.state() == TcpClient.State.CONNECTING && client.attempts() <= 1
                                ? Peer.Kind.NEW
                                : Peer.Kind.KEPT));
            });
        }
        accepted()
                .map(connection -> new Peer(
                        addressOf(connection).toString(),
                        connection.session(),
                        connection.failure(),
                        Peer.Kind.ACCEPTED))
                .forEach(peers::add);
        return peers;
    }

    private Stream<Connection> accepted() {
        return servers.stream().flatMap(server -> server.connections().stream());
    }

    private Stream<Connection> connected() {
        return clients().stream().map(TcpClient::connection).flatMap(Stream::ofNullable);
    }

    private List<TcpClient> clients() {
        synchronized (clients) {
            return List.copyOf(clients.values());
        }
    }

    private static HostPort addressOf(Connection connection) {
        return HostPort.of((InetSocketAddress) connection.remoteAddress());
    }
}
