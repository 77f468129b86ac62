package dev.scuttlebutt.bench.hub;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A delivery counts when its last byte is there, however the server cut it. */
class ReadersTest {
    private static final int BINARY = 2;
    private static final int FIN = 0x80;
    private static final String UPDATE = "[[\"tick\",\"~1~some words\"],1,\"writer\"]\n";

    /** The last frame may be shorter than the longest head. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void anUpdateCounts_thoughItsLastFrameIsTiny(int lastFrame) throws Exception {
        int cut = UPDATE.length() - lastFrame;
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        frame(frames, BINARY, UPDATE.substring(0, cut));
        frame(frames, FIN, UPDATE.substring(cut));

        assertThat(deliveries(frames.toByteArray(), 1)).isOne();
    }

    @Test
    void framesCutByTheNetwork_countOnceEach() throws Exception {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < 3; i++) {
            frame(frames, FIN | BINARY, UPDATE + " ".repeat(200 * i));
        }

        assertThat(deliveries(frames.toByteArray(), 3)).isEqualTo(3);
    }

    private static void frame(ByteArrayOutputStream out, int first, String content) {
        out.write(first);
        if (content.length() < 126) {
            out.write(content.length());
        } else {
            out.write(126);
            out.write(content.length() >> 8);
            out.write(content.length());
        }
        out.writeBytes(content.getBytes(US_ASCII));
    }

    /** Returns how many were timed when the latch for so many had opened, with one write for each byte. */
    private static int deliveries(byte[] frames, int expected) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Socket> peer = CompletableFuture.supplyAsync(() -> greet(server));
            try (Readers readers = new Readers(server.getLocalPort(), Dialect.SCUTTLEBUTT, "any", 1, 10)) {
                CountDownLatch all = readers.expect(expected);
                try (Socket accepted = peer.get(1, TimeUnit.MINUTES)) {
                    accepted.setTcpNoDelay(true);
                    for (byte one : frames) {
                        accepted.getOutputStream().write(one);
                    }
                    readers.await(all);
                    return readers.millis().length;
                }
            }
        }
    }

    private static Socket greet(ServerSocket server) {
        try {
            Socket accepted = server.accept();
            InputStream in = accepted.getInputStream();
            StringBuilder request = new StringBuilder();
            while (request.indexOf("\r\n\r\n") < 0) {
                request.append((char) in.read());
            }
            OutputStream out = accepted.getOutputStream();
            out.write("HTTP/1.1 101 Switching Protocols\r\n\r\n".getBytes(US_ASCII));
            ByteArrayOutputStream hello = new ByteArrayOutputStream();
            frame(hello, FIN | BINARY, "{\"id\":\"server\",\"clock\":{}}\n");
            out.write(hello.toByteArray());
            return accepted;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
