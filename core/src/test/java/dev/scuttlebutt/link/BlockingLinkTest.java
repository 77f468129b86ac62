package dev.scuttlebutt.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.Heard;
import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.SessionEvent;
import dev.scuttlebutt.SessionOptions;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.wire.Limits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlockingLinkTest {
    private final Model a = new Model("A");
    private final Model b = new Model("B");
    private final List<Thread> threads = new ArrayList<>();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeWhatIsOpen() throws Exception {
        for (AutoCloseable resource : opened) {
            resource.close();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private Thread start(Runnable task) {
        Thread thread = new Thread(task);
        threads.add(thread);
        thread.start();
        return thread;
    }

    /** Two ends of one TCP connection. */
    private Socket[] sockets() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
            Socket accepted = server.accept();
            opened.add(client);
            opened.add(accepted);
            return new Socket[] {client, accepted};
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    private static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void sockets_exchangeAndGoOn() throws Exception {
        a.set("a", 1);
        b.set("b", 2);
        Socket[] pair = sockets();
        BlockingLink left = BlockingLink.over(a.open(), pair[0]);
        BlockingLink right = BlockingLink.over(b.open(), pair[1]);
        opened.add(left);
        opened.add(right);
        start(left);
        start(right);
        await().until(() -> a.has("b") && b.has("a"));
        a.set("live", "é€😀");
        b.set("back", true);

        await().until(() -> a.has("back") && b.has("live"));
        assertThat(a.toJson()).isEqualTo(b.toJson());
    }

    @Test
    void dispose_endsBothSides_withoutFailure() throws Exception {
        a.set("a", 1);
        Socket[] pair = sockets();
        BlockingLink left = BlockingLink.over(a.open(), pair[0]);
        BlockingLink right = BlockingLink.over(b.open(), pair[1]);
        Thread leftThread = start(left);
        Thread rightThread = start(right);
        await().until(() -> b.has("a"));
        a.set("last words", 1);
        a.dispose();
        leftThread.join();
        rightThread.join();

        assertThat(b.has("last words")).isTrue();
        assertThat(left.failure()).isNull();
        assertThat(right.failure()).isNull();
        assertThat(a.sessions()).isEmpty();
        assertThat(b.sessions()).isEmpty();
        assertThat(pair[0].isClosed()).isTrue();
        assertThat(pair[1].isClosed()).isTrue();
    }

    @Test
    void tailFalse_isOneExchange_overASocket() throws Exception {
        a.set("a", 1);
        b.set("b", 2);
        Socket[] pair = sockets();
        BlockingLink left = BlockingLink.over(a.open(SessionOptions.twoWay().tail(false)), pair[0]);
        BlockingLink right = BlockingLink.over(b.open(), pair[1]);
        Thread leftThread = start(left);
        Thread rightThread = start(right);
        leftThread.join();
        rightThread.join();

        assertThat(a.toJson()).isEqualTo(b.toJson());
        assertThat(a.keys()).hasSize(2);
        assertThat(left.failure()).isNull();
        assertThat(right.failure()).isNull();
    }

    @Test
    void endOfOurOutput_reachesThePeer_whileItsInputIsStillRead() throws Exception {
        a.set("a", 1);
        Socket[] pair = sockets();
        BlockingLink link = BlockingLink.over(a.open(SessionOptions.twoWay().tail(false)), pair[0]);
        Thread run = start(link);
        write(pair[1], "{\"clock\":{}}\n");
        String said = readAll(pair[1]);
        assertThat(said).endsWith("\"SYNC\"\n");
        write(pair[1], "[[\"late\",1],5,\"x\"]\n");
        pair[1].shutdownOutput();
        run.join();

        assertThat(a.has("late")).isTrue();
        assertThat(link.failure()).isNull();
    }

    @Test
    void close_whileReading_endsRunWithoutFailure() throws Exception {
        Socket[] pair = sockets();
        BlockingLink link = BlockingLink.over(a.open(), pair[0]);
        Heard heard = Heard.from(a);
        Thread run = start(link);
        assertThat(pair[1].getInputStream().read()).isEqualTo('{');
        link.close();
        run.join();

        assertThat(link.failure()).isNull();
        assertThat(heard.only(SessionEvent.Closed.class).cause()).isNull();
        link.close();
    }

    @Test
    void close_whileThePeerDoesNotRead_endsRun() throws Exception {
        a.set("long", "x".repeat(8 << 20));
        Socket[] pair = sockets();
        BlockingLink link = BlockingLink.over(a.open(), pair[0]);
        Thread run = start(link);
        write(pair[1], "{\"clock\":{}}\n");
        await().until(() -> a.sessions().get(0).stats().sent() == 1);
        link.close();
        run.join();

        assertThat(link.failure()).isNull();
        assertThat(a.sessions()).isEmpty();
    }

    @Test
    void sessionClosedByItsReplica_endsTheOutput() throws Exception {
        Socket[] pair = sockets();
        Session session = a.open();
        Thread run = start(BlockingLink.over(session, pair[0]));
        assertThat(pair[1].getInputStream().read()).isEqualTo('{');
        session.close();
        assertThat(readAll(pair[1])).isEqualTo("\"id\":\"A\",\"clock\":{}}\n");
        pair[1].close();
        run.join();
    }

    @Test
    void reset_deregistersTheSession_andSaysWhy() throws Exception {
        Socket[] pair = sockets();
        BlockingLink link = BlockingLink.over(a.open(), pair[0]);
        Heard heard = Heard.from(a);
        Thread run = start(link);
        assertThat(pair[1].getInputStream().read()).isEqualTo('{');
        pair[1].setSoLinger(true, 0);
        pair[1].close();
        run.join();

        assertThat(link.failure()).isInstanceOf(SocketException.class);
        assertThat(a.sessions()).isEmpty();
        assertThat(heard.only(SessionEvent.Closed.class).cause()).isSameAs(link.failure());
    }

    @Test
    void brokenProtocol_closesTheSocket_andSaysWhy() throws Exception {
        Socket[] pair = sockets();
        BlockingLink link = BlockingLink.over(a.open(), pair[0]);
        Thread run = start(link);
        write(pair[1], "[[\"k\",1],5,\"x\"]\n{oops\n");
        run.join();

        assertThat(link.failure()).isInstanceOf(ProtocolException.class).hasMessageContaining("line 2");
        assertThat(a.has("k")).isTrue();
        assertThat(a.sessions()).isEmpty();
        assertThat(pair[0].isClosed()).isTrue();
    }

    @Test
    void limits_areThoseGiven() throws Exception {
        Socket[] pair = sockets();
        BlockingLink link =
                BlockingLink.over(a.open(), pair[0], Limits.defaults().maxLineBytes(5), Thread::new);
        Thread run = start(link);
        write(pair[1], "\"123456\"\n");
        run.join();

        assertThat(link.failure()).hasMessageContaining("5 bytes");
    }

    @Test
    void over_aSocketThatIsClosed_fails() throws IOException {
        Socket[] pair = sockets();
        pair[0].close();

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> BlockingLink.over(a.open(), pair[0]));
    }

    @Test
    void pipedStreams_exchange_andEndByClosing() throws Exception {
        a.set("a", 1);
        b.set("b", 2);
        PipedInputStream toA = new PipedInputStream(1 << 16);
        PipedInputStream toB = new PipedInputStream(1 << 16);
        BlockingLink left =
                BlockingLink.over(a.open(SessionOptions.twoWay().tail(false)), toA, new PipedOutputStream(toB));
        BlockingLink right = BlockingLink.over(b.open(), toB, new PipedOutputStream(toA));
        Thread leftThread = start(left);
        Thread rightThread = start(right);
        leftThread.join();
        rightThread.join();

        assertThat(a.toJson()).isEqualTo(b.toJson());
        assertThat(left.failure()).isNull();
        assertThat(right.failure()).isNull();
        assertThat(a.sessions()).isEmpty();
        assertThat(b.sessions()).isEmpty();
    }

    @Test
    void fileLikeStreams_areReadToTheEnd() {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        InputStream in = new ByteArrayInputStream(
                "{\"clock\":{}}\n[[\"k\",1],5,\"x\"]\n\"SYNC\"\n".getBytes(StandardCharsets.UTF_8));
        a.set("a", 1);
        BlockingLink link = BlockingLink.over(a.open(), in, written);
        link.run();

        assertThat(a.has("k")).isTrue();
        assertThat(link.failure()).isNull();
        assertThat(written.toString(StandardCharsets.UTF_8))
                .startsWith("{\"id\":\"A\"")
                .contains("[[\"a\",1]")
                .endsWith("\"SYNC\"\n");
    }

    @Test
    void incompleteLastLine_isAFailure() {
        InputStream in = new ByteArrayInputStream("[[\"k\"".getBytes(StandardCharsets.UTF_8));
        BlockingLink link = BlockingLink.over(a.open(), in, new ByteArrayOutputStream());
        link.run();

        assertThat(link.failure()).isInstanceOf(ProtocolException.class);
        assertThat(a.sessions()).isEmpty();
    }

    /** An input that says nothing until it is closed. */
    private static final class Silent extends InputStream {
        private boolean closed;

        @Override
        public synchronized int read() throws IOException {
            while (!closed) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            throw new IOException("closed");
        }

        @Override
        public int read(byte[] into, int from, int count) throws IOException {
            return read();
        }

        @Override
        public synchronized void close() {
            closed = true;
            notifyAll();
        }
    }

    @Test
    void failureWhileWriting_endsTheReadToo() {
        IOException full = new IOException("disk full");
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw full;
            }
        };
        Silent in = new Silent();
        BlockingLink link = BlockingLink.over(a.open(), in, out);
        link.run();

        assertThat(link.failure()).isSameAs(full);
        assertThat(in.closed).isTrue();
        assertThat(a.sessions()).isEmpty();
    }

    @Test
    void failureToStartTheWriter_endsTheLink() {
        Silent in = new Silent();
        IllegalStateException none = new IllegalStateException("no threads");
        BlockingLink link = BlockingLink.over(a.open(), in, new ByteArrayOutputStream(), Limits.defaults(), writer -> {
            throw none;
        });
        link.run();

        assertThat(link.failure()).isSameAs(none);
        assertThat(a.sessions()).isEmpty();
        assertThat(in.closed).isTrue();
    }

    @Test
    void failureToClose_isNoFailureOfTheLink() {
        InputStream in = new ByteArrayInputStream(new byte[0]) {
            @Override
            public void close() throws IOException {
                throw new IOException("on purpose");
            }
        };
        BlockingLink link = BlockingLink.over(a.open(), in, new ByteArrayOutputStream());
        link.run();

        assertThat(link.failure()).isNull();
        assertThat(a.sessions()).isEmpty();
    }

    @Test
    void interruption_whileTheOutputIsFinished_endsTheLink() throws Exception {
        Model full = new Model("F");
        full.set("k", 1);
        OutputStream stuck = new OutputStream() {
            private boolean closed;

            @Override
            public synchronized void write(int b) throws IOException {
                while (!closed) {
                    try {
                        wait();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                }
                throw new IOException("closed");
            }

            @Override
            public synchronized void close() {
                closed = true;
                notifyAll();
            }
        };
        BlockingLink link = BlockingLink.over(full.open(), new ByteArrayInputStream(new byte[0]), stuck);
        boolean[] kept = new boolean[1];
        Thread run = start(() -> {
            link.run();
            kept[0] = Thread.currentThread().isInterrupted();
        });
        await().until(() -> run.getState() == Thread.State.WAITING);
        run.interrupt();
        run.join();

        assertThat(link.failure()).isInstanceOf(InterruptedException.class);
        assertThat(kept[0]).isTrue();
        assertThat(full.sessions()).isEmpty();
    }
}
