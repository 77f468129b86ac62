package dev.scuttlebutt.bench.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** The client's side of WebSocket, with as little work as possible. */
final class Socket {
    private static final int MAX_HEADER = 14;
    private static final int BINARY = 0x82;

    private Socket() {}

    /** @param receiveBuffer of the system, in bytes; 0 for its own choice */
    static SocketChannel open(int port, String path, int receiveBuffer) throws IOException {
        SocketChannel channel = SocketChannel.open();
        if (receiveBuffer > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
        }
        channel.connect(new InetSocketAddress("127.0.0.1", port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        ByteBuffer one = ByteBuffer.allocate(1);
        int ends = 0;
        while (ends < 4) {
            one.clear();
            if (channel.read(one) < 0) {
                throw new IOException("the server hung up");
            }
            ends = one.get(0) == "\r\n\r\n".charAt(ends) ? ends + 1 : one.get(0) == '\r' ? 1 : 0;
        }
        return channel;
    }

    /** Adds a masked frame; the mask is zero, which leaves what it holds as it is. */
    static void frame(ByteBuffer out, byte[] content) {
        // Text or binary makes no difference to a server of lines, and Yjs is binary.
        out.put((byte) BINARY);
        if (content.length < 126) {
            out.put((byte) (0x80 | content.length));
        } else {
            out.put((byte) (0x80 | 126)).putShort((short) content.length);
        }
        out.putInt(0).put(content);
    }

    static void send(SocketChannel channel, byte[] content) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(content.length + MAX_HEADER);
        frame(frame, content);
        write(channel, frame.flip());
    }

    static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
