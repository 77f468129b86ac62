package dev.scuttlebutt.bench.hub;

import dev.scuttlebutt.bench.Conversation;
import dev.scuttlebutt.json.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hands on what comes to all others at the same address, and does nothing else: it keeps nothing, checks nothing and is one
 * thread over plain channels. What it takes is what the machine and the generator take; no server can be expected to be
 * much quicker.
 *
 * <p>For the generator only: it takes masks for zero, and a reader that does not read keeps all others waiting.
 */
final class Relay {
    private static final int BUFFER = 1 << 17;
    private static final int BINARY = 0x82;
    private static final String HELLO = "{\"id\":\"relay\",\"clock\":{}}\n";
    private static final String ANSWER =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

    private final Selector selector = Selector.open();
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final Map<String, List<SocketChannel>> documents = new HashMap<>();
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);

    private Relay() throws IOException {
        listener.bind(new InetSocketAddress("127.0.0.1", 0), 1024);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    /** Is one, in the process that was started, until its input ends. */
    static void be(Conversation measuring) throws IOException {
        Relay relay = new Relay();
        Thread thread = new Thread(relay::serve, "relay");
        thread.setDaemon(true);
        thread.start();
        measuring.say(Json.object("port", relay.listener.socket().getLocalPort()));
        if (measuring.hear() != null) {
            throw new IOException("a relay has no memory that could be asked for");
        }
    }

    private static final class Peer {
        final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
        List<SocketChannel> others = List.of();
        boolean upgraded;
    }

    private void serve() {
        try {
            while (true) {
                selector.select(this::serve);
            }
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private void serve(SelectionKey key) {
        Peer peer = (Peer) key.attachment();
        try {
            if (peer == null) {
                SocketChannel accepted = listener.accept();
                if (accepted != null) {
                    accepted.configureBlocking(false);
                    accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
                    accepted.register(selector, SelectionKey.OP_READ, new Peer());
                }
            } else {
                read((SocketChannel) key.channel(), peer);
            }
        } catch (IOException gone) {
            leave(key, peer);
        }
    }

    private static void leave(SelectionKey key, @Nullable Peer peer) {
        if (peer != null) {
            peer.others.remove((SocketChannel) key.channel());
        }
        try {
            key.channel().close();
        } catch (IOException alreadyGone) {
            // Then it is.
        }
    }

    private void read(SocketChannel channel, Peer peer) throws IOException {
        if (channel.read(peer.in) < 0) {
            throw new IOException("the generator hung up");
        }
        peer.in.flip();
        if (peer.upgraded || upgrade(channel, peer)) {
            frames(peer.in);
            peer.in.compact();
            out.flip();
            if (out.hasRemaining()) {
                for (SocketChannel other : peer.others) {
                    if (other != channel) {
                        Socket.write(other, out.duplicate());
                    }
                }
            }
            out.clear();
        } else {
            peer.in.compact();
        }
    }

    /** Returns whether the whole request was there. */
    private boolean upgrade(SocketChannel channel, Peer peer) throws IOException {
        String request = StandardCharsets.US_ASCII.decode(peer.in.duplicate()).toString();
        int end = request.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        peer.in.position(peer.in.position() + end + 4);
        peer.upgraded = true;
        peer.others = documents.computeIfAbsent(request.split(" ", 3)[1], path -> new ArrayList<>());
        peer.others.add(channel);
        Socket.write(channel, ByteBuffer.wrap(ANSWER.getBytes(StandardCharsets.US_ASCII)));
        byte[] hello = HELLO.getBytes(StandardCharsets.US_ASCII);
        Socket.write(
                channel,
                ByteBuffer.allocate(hello.length + 2)
                        .put((byte) BINARY)
                        .put((byte) hello.length)
                        .put(hello)
                        .flip());
        return true;
    }

    /** Puts the updates among the frames that are complete into what goes out. */
    private void frames(ByteBuffer in) {
        while (in.remaining() >= 2) {
            int at = in.position();
            int length = in.get(at + 1) & 0x7F;
            int head = 6;
            if (length == 126) {
                if (in.remaining() < 4) {
                    return;
                }
                length = in.getShort(at + 2) & 0xFFFF;
                head = 8;
            }
            if (in.remaining() < head + length) {
                return;
            }
            if (Dialect.SCUTTLEBUTT.isUpdate(in, at + head, length)) {
                out.put(in.slice(at, head - 4).put(1, (byte) (in.get(at + 1) & 0x7F)))
                        .put(in.slice(at + head, length));
            }
            in.position(at + head + length);
        }
    }
}
