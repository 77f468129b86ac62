package dev.scuttlebutt;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A link between two replicas in one process. Updates pass as they are, nothing is encoded.
 *
 * <p>When {@link #connect} returns both have what the other had, unless another thread was busy with one of them. From
 * then on a change on one is on the other when the call that made it returns, under the same condition. Any number of
 * replicas may be linked in any shape: a change travels along a ring of a hundred thousand without recursion.
 */
public final class Pipe implements AutoCloseable {
    private static final int BATCH = 256;

    private final Session left;
    private final Session right;
    private final Flow there;
    private final Flow back;

    private Pipe(Session left, Session right) {
        this.left = left;
        this.right = right;
        this.there = new Flow(left, right);
        this.back = new Flow(right, left);
        left.onReady(there::run);
        right.onReady(back::run);
    }

    /** Links two replicas in both directions. */
    public static Pipe connect(Replica left, Replica right) {
        return connect(left, SessionOptions.twoWay(), right, SessionOptions.twoWay());
    }

    /** Links two replicas, each with options of its own. */
    public static Pipe connect(Replica left, SessionOptions leftOptions, Replica right, SessionOptions rightOptions) {
        return start(new Pipe(left.open(leftOptions), right.open(rightOptions)));
    }

    static Pipe betweenClones(Replica original, Replica clone) {
        SessionOptions options = SessionOptions.twoWay();
        return start(new Pipe(original.open(options, true), clone.open(options, true)));
    }

    private static Pipe start(Pipe pipe) {
        pipe.there.run();
        pipe.back.run();
        return pipe;
    }

    /** Returns the session of the first replica. */
    public Session left() {
        return left;
    }

    /** Returns the session of the second replica. */
    public Session right() {
        return right;
    }

    boolean isBetween(Session session) {
        return session == left || session == right;
    }

    /** Cuts the link at once, on both sides. */
    @Override
    public void close() {
        left.close();
        right.close();
    }

    /** One direction. */
    private static final class Flow {
        private final Session from;
        private final Session to;
        private final AtomicInteger asked = new AtomicInteger();
        private boolean ended;

        Flow(Session from, Session to) {
            this.from = from;
            this.to = to;
        }

        /** Moves all there is. Whoever comes while another thread is at it leaves the work to that one. */
        void run() {
            if (asked.getAndIncrement() != 0) {
                return;
            }
            int answered = 1;
            do {
                move();
                answered = asked.addAndGet(-answered);
            } while (answered != 0);
        }

        private void move() {
            List<Message> batch = new ArrayList<>();
            while (from.poll(batch, BATCH, Integer.MAX_VALUE) > 0) {
                to.receive(batch);
                batch.clear();
            }
            if (!ended && from.outputEnded()) {
                ended = true;
                to.receiveEnd();
            }
        }
    }
}
