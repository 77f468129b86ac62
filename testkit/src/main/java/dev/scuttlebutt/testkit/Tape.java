package dev.scuttlebutt.testkit;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Handshake;
import dev.scuttlebutt.Message;
import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.SessionOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.wire.JsonLines;
import dev.scuttlebutt.wire.WireSession;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A journal in memory: what a session that only sends has said. */
final class Tape {
    /*
     * Messages are taken down as soon as the session has them, so that whatever a peer can have got is on the tape. A
     * journal that lags would let a replica that comes back under its id give stamps that its peers have seen, which no
     * protocol could mend.
     */
    private static final int MOST_MESSAGES = 10_000_000;

    private final List<Message> messages = new ArrayList<>();

    /** Takes down everything the replica holds, and what comes. */
    void record(Replica replica) {
        take(replica.open(SessionOptions.sendOnly().expectClock(false)));
    }

    /** Takes down what comes; what the replica holds is on the tape. */
    void continueWith(Replica replica) {
        Session session = replica.open(SessionOptions.sendOnly());
        session.assume(replica.clock());
        take(session);
    }

    private void take(Session session) {
        Runnable take = () -> {
            Message message;
            while ((message = session.poll()) != null) {
                messages.add(message);
                if (messages.size() > MOST_MESSAGES) {
                    throw new Violation("a session that writes a journal does not come to an end");
                }
            }
        };
        session.onReady(take);
        take.run();
    }

    /** Tells a replica everything, in bytes that are cut at random or in messages. */
    void play(Replica replica, Gen random) {
        Session session = replica.open(SessionOptions.receiveOnly().sendClock(false));
        if (random.percent(50)) {
            playBytes(new WireSession(session), random);
        } else {
            int next = 0;
            while (next < messages.size()) {
                int count = Math.min(random.lowBetween(1, 100), messages.size() - next);
                session.receive(messages.subList(next, next + count));
                next += count;
            }
            session.receiveEnd();
        }
        Message answer;
        while ((answer = session.poll()) != null) {
            if (answer instanceof Update) {
                throw new Violation("a session that only receives sends " + Trace.brief(answer));
            }
        }
        if (session.state() != Session.State.CLOSED) {
            throw new Violation("the session that read a journal is " + session.state() + " at its end");
        }
    }

    private void playBytes(WireSession wire, Gen random) {
        try {
            for (Message message : messages) {
                ByteBuffer line = JsonLines.encode(message);
                while (line.hasRemaining()) {
                    byte[] part = new byte[Math.min(random.lowBetween(1, 300), line.remaining())];
                    line.get(part);
                    wire.receive(ByteBuffer.wrap(part));
                }
            }
            wire.receiveEnd();
        } catch (ProtocolException broken) {
            throw new Violation("a journal cannot be read back: " + broken.getMessage());
        }
    }

    /** Returns the updates on the tape. */
    List<Update> updates() {
        List<Update> updates = new ArrayList<>();
        for (Message message : messages) {
            if (message instanceof Update update) {
                updates.add(update);
            }
        }
        return updates;
    }

    /** Returns what the handshakes on the tape say that the replica had seen. */
    Clock clock() {
        Clock clock = Clock.EMPTY;
        for (Message message : messages) {
            if (message instanceof Handshake handshake) {
                clock = clock.merge(handshake.clock());
            }
        }
        return clock;
    }
}
