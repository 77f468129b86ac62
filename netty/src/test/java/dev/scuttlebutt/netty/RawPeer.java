package dev.scuttlebutt.netty;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A peer that says exactly what a test wants, byte by byte. */
final class RawPeer implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket = new Socket();
    private final InputStream in;

    RawPeer(InetSocketAddress address) throws IOException {
        this(address, 0);
    }

    RawPeer(InetSocketAddress address, int receiveBufferBytes) throws IOException {
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(address, PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    RawPeer greet(String id) throws IOException {
        return send("{\"id\":\"" + id + "\",\"clock\":{}}\n");
    }

    RawPeer send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    RawPeer send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    RawPeer endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Returns the next line without its line feed, or null at the end. */
    String line() {
        try {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int next;
            while ((next = in.read()) != '\n') {
                if (next < 0) {
                    return null;
                }
                line.write(next);
            }
            return line.toString(StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    String lineStartingWith(String start) {
        String line;
        do {
            line = line();
        } while (line != null && !line.startsWith(start));
        return line;
    }

    /** Reads to the end. A reset counts as one: what the other side had not read is lost then. */
    void readToEnd() throws IOException {
        byte[] ignored = new byte[1 << 16];
        try {
            int count;
            do {
                count = in.read(ignored);
            } while (count >= 0);
        } catch (SocketException reset) {
            return;
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** Closes so that the other side sees a reset instead of an end. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
