package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.wire.WireSession;
import java.nio.ByteBuffer;

/**
 * Links two replicas of this process as a socket would: in lines of bytes, which the other side parses. For replicas that
 * one thread writes to.
 */
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

    /** One direction. */
    private static final class Flow implements Runnable {
        private final WireSession from;
        private final WireSession to;
        private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        private boolean running;
        private boolean again;

        Flow(WireSession from, WireSession to) {
            this.from = from;
            this.to = to;
        }

        @Override
        public void run() {
            again = true;
            if (running) {
                return;
            }
            running = true;
            while (again) {
                again = false;
                move();
            }
            running = false;
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
