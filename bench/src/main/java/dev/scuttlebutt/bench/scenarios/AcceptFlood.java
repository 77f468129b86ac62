package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.SessionEvent;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.bench.Conversation;
import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.PeerProcess;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Stopwatch;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.netty.TcpServer;
import dev.scuttlebutt.types.Model;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Another process writes ready-made lines to a socket as fast as it can; counted until all are applied. The sender's own
 * effort is not counted.
 */
public final class AcceptFlood implements Scenario {

    @Override
    public String name() {
        return "flood";
    }

    @Override
    public String title() {
        return "accept 100,000 updates sent at once over TCP";
    }

    @Override
    public Unit unit() {
        return FirstSync.UPDATES;
    }

    @Override
    public Goal goal() {
        return new Goal.TimesOriginal(8);
    }

    @Override
    public String original() {
        return "flood.js";
    }

    @Override
    public Work work(Work base) {
        return base.with("keys", 1_000).with("updates", 100_000);
    }

    @Override
    public Measurement measure(Work work) throws IOException, InterruptedException {
        int updates = work.count("updates");
        try (PeerProcess sender = PeerProcess.start(this, work)) {
            Stopwatch watch = new Stopwatch(work);
            while (watch.running()) {
                Model model = new Model("server");
                CountDownLatch done = new CountDownLatch(1);
                model.on(SessionEvent.SyncReceived.class, event -> done.countDown());
                try (TcpServer server = TcpServer.listen(model, "127.0.0.1", 0)) {
                    // Connects and waits, so that connecting is not counted.
                    sender.ask(Json.object("port", server.address().getPort()));
                    watch.start();
                    sender.ask(Json.object("send", true));
                    done.await();
                    watch.stop(updates);
                    check(model, work);
                    sender.ask(Json.object("close", true));
                }
            }
            return watch.rate(Map.of());
        }
    }

    private static void check(Model model, Work work) {
        long received = model.sessions().get(0).stats().received();
        if (received != work.count("updates") || model.history().size() != work.count("keys")) {
            throw new IllegalStateException(
                    received + " updates arrived, " + model.history().size() + " are held");
        }
    }

    @Override
    public void peer(Work work, Conversation measuring) throws IOException {
        byte[] flood = flood(work);
        Socket socket = new Socket();
        Json order;
        while ((order = measuring.hear()) != null) {
            Json port = order.asObject().get("port");
            if (port != null) {
                socket = new Socket("127.0.0.1", (int) port.asDouble());
                discard(socket.getInputStream());
            }
            measuring.say(Json.TRUE);
            if (order.asObject().has("send")) {
                socket.getOutputStream().write(flood);
            } else if (port == null) {
                socket.close();
            }
        }
    }

    private static byte[] flood(Work work) throws IOException {
        ByteArrayOutputStream flood = new ByteArrayOutputStream();
        flood.write("{\"id\":\"flood\",\"clock\":{}}\n".getBytes(StandardCharsets.US_ASCII));
        double timestamp = 1_700_000_000_000.0;
        for (int i = 0; i < work.count("updates"); i++) {
            Update update = Update.of(List.of("key" + i % work.count("keys"), i), timestamp + i / 8.0, "flood");
            ByteBuffer line = ByteBuffer.allocate(update.length());
            update.copyTo(line, 0);
            flood.write(line.array());
        }
        flood.write("\"SYNC\"\n".getBytes(StandardCharsets.US_ASCII));
        return flood.toByteArray();
    }

    /** The original sends everything back. */
    private static void discard(InputStream in) {
        Thread reader = new Thread(() -> {
            try (in) {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException closed) {
                // The round is over.
            }
        });
        reader.setDaemon(true);
        reader.start();
    }
}
