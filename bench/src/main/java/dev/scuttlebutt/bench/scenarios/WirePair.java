package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.wire.WireSession;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** Links two replicas of this process as a socket would: in lines of bytes, which the other side parses. */
final class WirePair {
    private WirePair() {}

    static void connect(Replica left, Replica right) {
        WireSession there = new WireSession(left.open());
        WireSession back = new WireSession(right.open());
        Flow leftToRight = new Flow(there, back);
        Flow rightToLeft = new Flow(back, there);
        there.onReady(leftToRight);
        back.onReady(rightToLeft);
        leftToRight.run();
        rightToLeft.run();
    }

    /** One direction. Whoever comes while somebody is at it leaves the work to that one. */
    private static final class Flow implements Runnable {
        private final WireSession from;
        private final WireSession to;
        private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        private final AtomicInteger asked = new AtomicInteger();

        Flow(WireSession from, WireSession to) {
            this.from = from;
            this.to = to;
        }

        @Override
        public void run() {
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
            boolean more = true;
            while (more) {
                buffer.clear();
                more = from.transmit(buffer);
                if (buffer.flip().hasRemaining()) {
                    try {
                        to.receive(buffer);
                    } catch (ProtocolException broken) {
                        throw new IllegalStateException("a replica sent what the other refuses", broken);
                    }
                }
            }
        }
    }
}
