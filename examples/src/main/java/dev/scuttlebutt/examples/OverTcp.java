package dev.scuttlebutt.examples;

import dev.scuttlebutt.SessionEvent;
import dev.scuttlebutt.netty.TcpClient;
import dev.scuttlebutt.netty.TcpServer;
import dev.scuttlebutt.types.Events;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** A server, a client that reconnects by itself, and events that reach both. */
public final class OverTcp {
    private OverTcp() {}

    /** Runs the example. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Events office = new Events("office");
        Events home = new Events("home");
        office.emit("greeting", "said before anybody was listening");

        CountDownLatch greetings = new CountDownLatch(2);
        home.on("greeting", words -> {
            System.out.println("home hears: " + words.get(0).asString());
            greetings.countDown();
        });
        home.on(SessionEvent.Synced.class, synced -> office.emit("greeting", "hello from the office"));

        try (TcpServer server = TcpServer.listen(office, "127.0.0.1", 0);
                TcpClient client =
                        TcpClient.connect(home, "127.0.0.1", server.address().getPort())) {
            greetings.await();
        }
    }
}
