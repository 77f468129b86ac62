package dev.scuttlebutt.hub;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.UnaryOperator;

/** Several hubs of a test, and what belongs to them: closed together, the last one first. */
final class TestHubs implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** Starts a hub; port 0 picks a free one. */
    TestHub start(int port, UnaryOperator<HubOptions> options) throws IOException {
        TestHub hub = new TestHub(given -> options.apply(given.http("127.0.0.1", port)));
        closeLater(hub);
        return hub;
    }

    void closeLater(AutoCloseable each) {
        open.push(each);
    }

    @Override
    public void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    /** Ports that are free at the moment: in a ring somebody has to name one that nobody listens on yet. */
    static int[] freePorts(int count) throws IOException {
        int[] ports = new int[count];
        ServerSocket[] held = new ServerSocket[count];
        for (int i = 0; i < count; i++) {
            held[i] = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            ports[i] = held[i].getLocalPort();
        }
        for (ServerSocket socket : held) {
            socket.close();
        }
        return ports;
    }

    static Neighbour at(int port) {
        return Neighbour.at(URI.create("http://127.0.0.1:" + port));
    }

    static int port(TestHub hub) {
        return hub.hub.address().getPort();
    }
}
