package dev.scuttlebutt.bench.hub;

import dev.scuttlebutt.bench.Conversation;
import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Many connections on which both have said that they have everything, and nothing more comes: what each costs a hub. */
public final class IdleConnections implements Scenario {
    private static final Unit KILOBYTES = new Unit("kB", false);
    private static final double KB = 1 << 10;
    private static final int SMALL = 1 << 12;
    private static final int PER_DOCUMENT = 100;

    @Override
    public String name() {
        return "idle-connections";
    }

    @Override
    public String title() {
        return "memory of a hub for each of 10,000 idle connections, 100 to a document";
    }

    @Override
    public Unit unit() {
        return KILOBYTES;
    }

    @Override
    public @Nullable Goal goal() {
        return null;
    }

    @Override
    public String original() {
        return "hub.js";
    }

    @Override
    public boolean loadsOriginal() {
        return true;
    }

    @Override
    public Work work(Work base) {
        return base.with("connections", 10_000);
    }

    @Override
    public Measurement measure(Work work) throws IOException {
        try (Server server = Server.ours(this, work)) {
            return load(server, work);
        }
    }

    @Override
    public Measurement measureOriginal(Work work) throws IOException {
        try (Server server = Server.script("hub.js", Dialect.SCUTTLEBUTT)) {
            return load(server, work);
        }
    }

    private static Measurement load(Server server, Work work) throws IOException {
        int count = work.count("connections");
        List<SocketChannel> open = new ArrayList<>();
        try {
            // What a server loads for its first connection is not counted.
            connect(server, open, 1);
            double before = server.memory();
            connect(server, open, count);
            double gained = server.memory() - before;
            return new Measurement(gained / count / KB, Double.NaN, Map.of("connections", (double) open.size() - 1));
        } finally {
            for (SocketChannel channel : open) {
                channel.close();
            }
        }
    }

    private static void connect(Server server, List<SocketChannel> open, int count) throws IOException {
        ByteBuffer read = ByteBuffer.allocate(SMALL);
        for (int i = 0; i < count; i++) {
            SocketChannel channel =
                    Socket.open(server.port(), server.dialect().path("idle" + open.size() / PER_DOCUMENT), SMALL);
            open.add(channel);
            Socket.send(channel, server.dialect().greeting("idle" + open.size()));
            Socket.send(channel, "\"SYNC\"\n".getBytes(StandardCharsets.US_ASCII));
            String said = "";
            while (!said.contains("SYNC")) {
                if (channel.read(read.clear()) < 0) {
                    throw new IOException(
                            "the server hung up on connection " + open.size() + "; does ulimit -n allow so many?");
                }
                said += new String(read.array(), 0, read.position(), StandardCharsets.US_ASCII);
            }
        }
    }

    @Override
    public void peer(Work work, Conversation measuring) throws IOException {
        Server.be(work, measuring);
    }
}
