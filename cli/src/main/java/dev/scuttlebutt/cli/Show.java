package dev.scuttlebutt.cli;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.cli.command.CommandException;
import dev.scuttlebutt.cli.command.Waiting;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.netty.LinkOptions;
import dev.scuttlebutt.netty.TcpClient;
import dev.scuttlebutt.netty.TcpServer;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The story that {@code scuttlebutt demo --once} tells. Every state and number in it is looked up when it is printed. */
final class Show implements AutoCloseable {
    /** Between two scenes, for those who read along. */
    static final long READING_MILLIS = 1500;

    private static final String HOST = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int KEYS = 10;
    private static final int WRITES = 100;

    /** Enough to fill what the systems of both sides keep for a reader who does not come. */
    private static final int ROUNDS = 200;

    private static final String NOTE = ", with a note that makes it longer".repeat(10);

    /** Small, so that a peer that does not read is noticed soon. */
    private static final int SOCKET_BUFFER = 1 << 14;

    private final PrintWriter out;
    private final Style style;
    private final long readingMillis;
    private final Waiting waiting = new Waiting();
    private final Deque<Runnable> ends = new ConcurrentLinkedDeque<>();
    private final Model ada = new Model("ada");
    private final Model bob = new Model("bob");
    private final Model cleo = new Model("cleo");
    private final TcpServer party;
    private int scene;

    Show(PrintWriter out, Style style, long readingMillis) throws IOException {
        this.out = out;
        this.style = style;
        this.readingMillis = readingMillis;
        this.party = TcpServer.listen(
                ada,
                HOST,
                0,
                LinkOptions.defaults().socketBuffers(SOCKET_BUFFER, 0).closeTimeout(Duration.ofSeconds(2)));
        ends.push(party::close);
    }

    /**
     * Shows it all.
     *
     * @throws CommandException if replicas do not become equal
     */
    void show() throws CommandException, IOException {
        out.println("Replicas of one document, linked over TCP on this machine. There is no master.");
        meet();
        stall();
        talk();
        out.println();
        out.println(style.good("All replicas are equal."));
    }

    private void meet() throws CommandException {
        scene("Ada starts a document, Bob and Cleo connect to her.");
        ada.set("party", "picnic");
        ada.set("day", "Sunday");
        TcpClient link = connect(bob);
        keep(connect(cleo));
        awaitEqual(ada, bob, cleo);
        states(ada, bob, cleo);

        scene("Bob goes off line. He and Ada go on writing, and both change the day.");
        link.close();
        bob.set("day", "Saturday");
        bob.set("food", List.of("bread", "cheese"));
        ada.set("day", "Monday");
        ada.set("place", "by the lake");
        awaitEqual(ada, cleo);
        states(ada, bob, cleo);

        scene(
                "Bob is back: each side sends what the other lacks. Of two writes of one key the later wins, everywhere.");
        keep(connect(bob));
        awaitEqual(ada, bob, cleo);
        states(ada, bob, cleo);
    }

    private void keep(TcpClient link) {
        ends.push(link::close);
    }

    private TcpClient connect(Replica replica) {
        return TcpClient.connect(replica, HOST, party.address().getPort());
    }

    private void stall() throws CommandException, IOException {
        scene("Dan connects and then stops reading, while Ada writes " + ROUNDS * WRITES + " times to " + KEYS
                + " keys.");
        Model dan = new Model("dan");
        StallingPeer peer = new StallingPeer(dan, party.address(), SOCKET_BUFFER);
        ends.push(peer::close);
        awaitEqual(ada, dan);
        peer.stall();
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < WRITES; i++) {
                ada.set("seat " + i % KEYS, round + NOTE);
            }
            awaitEqual(ada, bob);
        }
        long sent = sentTo(dan);
        say("Bob has them all. Ada holds " + ada.history().size() + " updates and nothing else for Dan, who was sent "
                + sent + ".");
        peer.resume();
        awaitEqual(ada, dan);
        say("Dan reads again: " + (sentTo(dan) - sent) + " more and he has them all. What was replaced was skipped.");
        for (int i = 0; i < KEYS; i++) {
            ada.delete("seat " + i);
        }
        awaitEqual(ada, bob, cleo, dan);
        states(ada, dan);
    }

    private long sentTo(Replica replica) {
        return ada.sessions().stream()
                .filter(session -> {
                    var peer = session.peer();
                    return peer != null && replica.id().equals(peer.id());
                })
                .mapToLong(session -> session.stats().sent())
                .sum();
    }

    private void talk() throws CommandException, IOException {
        scene("Other types work alike: of events, one who comes late hears all that was said.");
        Events first = new Events("ada");
        Events second = new Events("bob");
        Events late = new Events("cleo");
        TcpServer chat = TcpServer.listen(first, HOST, 0);
        ends.push(chat::close);
        keep(TcpClient.connect(second, HOST, chat.address().getPort()));
        first.emit("say", "who brings plates?");
        awaitEqual(first, second);
        second.emit("say", "I do");
        List<Json> heard = new CopyOnWriteArrayList<>();
        late.on("say", words -> heard.add(words.get(0)));
        keep(TcpClient.connect(late, HOST, chat.address().getPort()));
        if (!waiting.until(() -> heard.size() == first.history().size(), PATIENCE)) {
            throw new CommandException("cleo has heard only " + heard + " after " + Waiting.text(PATIENCE));
        }
        heard.forEach(words -> say("Cleo hears " + words));
        awaitEqual(first, second, late);
    }

    private void scene(String title) {
        if (scene > 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(readingMillis));
        }
        out.println();
        out.println(style.strong(++scene + ". " + title));
    }

    private void say(String line) {
        out.println("   " + line);
    }

    private void states(Replica... replicas) {
        for (Replica replica : replicas) {
            say(style.name(String.format("%-5s", replica.id())) + replica.toJson());
        }
    }

    private void awaitEqual(Replica... replicas) throws CommandException {
        Replica first = replicas[0];
        for (Replica other : replicas) {
            if (!waiting.until(() -> areEqual(first, other), PATIENCE)) {
                throw new CommandException(
                        first.id() + " and " + other.id() + " differ after " + Waiting.text(PATIENCE));
            }
        }
    }

    private static boolean areEqual(Replica one, Replica other) {
        return one.clock().equals(other.clock()) && one.toJson().equals(other.toJson());
    }

    /** Ends all links in order, within bounded time. From any thread. */
    @Override
    public void close() {
        waiting.end();
        Runnable end;
        while ((end = ends.poll()) != null) {
            end.run();
        }
    }
}
