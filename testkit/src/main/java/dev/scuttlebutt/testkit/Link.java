package dev.scuttlebutt.testkit;

import dev.scuttlebutt.Session;
import dev.scuttlebutt.testkit.Operation.Break;
import dev.scuttlebutt.testkit.Operation.LinkOptions;
import dev.scuttlebutt.wire.WireSession;

/** A link between two replicas of a simulation. */
final class Link {
    final int number;
    final Node<?> left;
    final Node<?> right;
    final LinkOptions options;

    private final Network<?> network;
    private final Lane.End leftEnd;
    private final Lane.End rightEnd;
    private final Lane there;
    private final Lane back;
    private boolean leftGone;
    private boolean rightGone;

    Link(Network<?> network, int number, Node<?> left, Node<?> right, LinkOptions options) {
        this.network = network;
        this.number = number;
        this.left = left;
        this.right = right;
        this.options = options;
        Gen gen = Gen.seeded(options.seed());
        leftEnd = end(left, left.replica().open(options.ends().left));
        rightEnd = end(right, right.replica().open(options.ends().right));
        there = new Lane(network, this, leftEnd, rightEnd, gen.split());
        back = new Lane(network, this, rightEnd, leftEnd, gen.split());
        there.oppositeOf(back);
        back.oppositeOf(there);
        leftEnd.session().onReady(there::wake);
        rightEnd.session().onReady(back::wake);
        there.wake();
        back.wake();
    }

    private Lane.End end(Node<?> node, Session session) {
        return new Lane.End(node, session, options.bytes() ? new WireSession(session) : null);
    }

    /** Tells whether this end still talks to the link. */
    boolean carries(Lane.End end) {
        return end == leftEnd ? !leftGone : !rightGone;
    }

    boolean isOver() {
        return leftGone && rightGone;
    }

    boolean touches(Node<?> node) {
        return left == node || right == node;
    }

    boolean isBetween(Node<?> one, Node<?> other) {
        return touches(one) && touches(other);
    }

    Lane lane(boolean leftToRight) {
        return leftToRight ? there : back;
    }

    Lane.End end(boolean ofLeft) {
        return ofLeft ? leftEnd : rightEnd;
    }

    /** Both directions have ended as agreed. */
    void closeWhenOver() {
        if (there.isOver() && back.isOver()) {
            leftGone = true;
            rightGone = true;
            expectClosed(leftEnd);
            expectClosed(rightEnd);
        }
    }

    private void expectClosed(Lane.End end) {
        if (end.session().state() != Session.State.CLOSED) {
            throw new Violation("L" + number + ": both directions have ended, but the session of "
                    + end.node().name() + " is " + end.session().state());
        }
    }

    void cut(Break how, Gen gen) {
        if (how == Break.TORN) {
            there.tear(gen);
            back.tear(gen);
        }
        if (how == Break.HALF_OPEN) {
            boolean leftFirst = gen.percent(50);
            closeEnd(leftFirst ? leftEnd : rightEnd);
            network.at(network.now() + gen.lowBetween(1, 5_000), () -> closeEnd(leftFirst ? rightEnd : leftEnd));
        } else {
            closeEnd(leftEnd);
            closeEnd(rightEnd);
        }
    }

    /** One of the two has crashed; the other side notices then. */
    void lose(Node<?> crashed, long noticedAfterMillis) {
        Lane.End survivor = left == crashed ? rightEnd : leftEnd;
        if (left == crashed) {
            leftGone = true;
        } else {
            rightGone = true;
        }
        network.at(network.now() + noticedAfterMillis, () -> closeEnd(survivor));
    }

    private void closeEnd(Lane.End end) {
        if (!carries(end)) {
            return;
        }
        if (end == leftEnd) {
            leftGone = true;
        } else {
            rightGone = true;
        }
        if (end.wire() == null) {
            end.session().close();
        } else {
            end.wire().close();
        }
    }

    /** Makes both directions quick, from now on. */
    void heal() {
        there.heal();
        back.heal();
    }

    @Override
    public String toString() {
        return "L" + number + " " + left.name() + "–" + right.name();
    }
}
