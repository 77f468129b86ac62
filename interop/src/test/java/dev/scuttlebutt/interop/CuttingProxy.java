package dev.scuttlebutt.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Passes bytes between two sockets in pieces of random length, so that lines and characters are cut, and breaks each
 * connection after a random number of bytes while it is told to.
 */
final class CuttingProxy implements AutoCloseable {
    private final ServerSocket server;
    private final int target;
    private final SplittableRandom random;
    private final int maxBytesPerConnection;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cuts = new AtomicInteger();
    private volatile boolean cutting = true;

    /**
     * Starts to pass on to a port of this machine.
     *
     * @param maxBytesPerConnection each way, a connection is cut before so many bytes
     */
    CuttingProxy(int target, long seed, int maxBytesPerConnection) throws IOException {
        this.target = target;
        this.random = new SplittableRandom(seed);
        this.maxBytesPerConnection = maxBytesPerConnection;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** How many connections were cut so far. */
    int cuts() {
        return cuts.get();
    }

    /** Lets connections live from now on. */
    void stopCutting() {
        cutting = false;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                open.add(client);
                Socket onward = connect(client);
                if (onward == null) {
                    continue;
                }
                open.add(onward);
                SplittableRandom mine;
                synchronized (random) {
                    mine = random.split();
                }
                SplittableRandom theirs = mine.split();
                start(() -> pass(client, onward, mine));
                start(() -> pass(onward, client, theirs));
            }
        } catch (IOException closed) {
            close();
        }
    }

    /** Connects to the target, or drops the client when nobody is there. */
    private @Nullable Socket connect(Socket client) {
        try {
            return new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException nobodyThere) {
            drop(client);
            return null;
        }
    }

    private void pass(Socket from, Socket to, SplittableRandom dice) {
        long left = 1 + dice.nextInt(maxBytesPerConnection);
        byte[] buffer = new byte[64];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            while (true) {
                int count = in.read(buffer, 0, 1 + dice.nextInt(buffer.length));
                if (count < 0) {
                    to.shutdownOutput();
                    return;
                }
                if (cutting && (left -= count) <= 0) {
                    out.write(buffer, 0, dice.nextInt(count + 1));
                    cuts.incrementAndGet();
                    drop(from);
                    drop(to);
                    return;
                }
                out.write(buffer, 0, count);
            }
        } catch (IOException gone) {
            drop(from);
            drop(to);
        }
    }

    private void drop(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // It was to be gone.
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "cutting-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        open.forEach(this::drop);
        try {
            server.close();
        } catch (IOException alreadyGone) {
            // It was to be gone.
        }
    }
}
