package dev.scuttlebutt.testkit;

import dev.scuttlebutt.Message;
import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.wire.WireSession;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One direction of a {@link Link}: a bounded buffer that takes its time. */
final class Lane {

    /** What is at an end of a link. */
    record End(Node<?> node, Session session, @Nullable WireSession wire) {
        void close() {
            session.close();
        }
    }

    /** What was handed over in one go; no bytes and no message is the end of the stream. */
    private static final class Parcel {
        final byte @Nullable [] bytes;
        final @Nullable Message message;
        int position;

        Parcel(byte @Nullable [] bytes, @Nullable Message message) {
            this.bytes = bytes;
            this.message = message;
        }
    }

    private static final int LARGEST_WRITE = 4096;

    private final Network<?> network;
    private final Link link;
    private final String name;
    private final End from;
    private final End to;
    private final LaneWatch watch;
    private final Gen gen;
    private final Deque<Parcel> parcels = new ArrayDeque<>();
    private final Deque<Long> arrivals = new ArrayDeque<>();
    private @Nullable Lane opposite;
    private int capacity;
    private int maxRead;
    private int underWay;
    private long lastArrival;
    private long stalledUntil;
    private boolean writeDue;
    private boolean readDue;
    private boolean endSent;
    private boolean endRead;

    Lane(Network<?> network, Link link, End from, End to, Gen gen) {
        this.network = network;
        this.link = link;
        this.name = "L" + link.number + " " + from.node.name() + "→" + to.node.name();
        this.from = from;
        this.to = to;
        this.gen = gen;
        this.watch = new LaneWatch(name, from.node, from.session, to.node.id(), network.traffic);
        this.capacity = link.options.capacity();
        this.maxRead = link.options.maxRead();
    }

    void oppositeOf(Lane other) {
        opposite = other;
    }

    boolean isOver() {
        return endRead;
    }

    /** Stops the reader until then; afterwards it reads at most so much at a time. */
    void slow(long until, int maxRead) {
        stalledUntil = Math.max(stalledUntil, until);
        this.maxRead = maxRead;
    }

    /** Makes the lane quick, from now on. */
    void heal() {
        stalledUntil = 0;
        maxRead = 1 << 16;
        capacity = Math.max(capacity, link.options.bytes() ? 1 << 16 : 1 << 10);
        scheduleRead();
        wake();
    }

    // Writing

    /** The sender may have something to say, or there is room again. */
    void wake() {
        if (!writeDue && link.carries(from)) {
            writeDue = true;
            network.at(network.now(), this::write);
        }
    }

    private void write() {
        writeDue = false;
        if (!link.carries(from) || endSent) {
            return;
        }
        if (from.wire == null) {
            writeMessages();
        } else {
            writeBytes(from.wire);
        }
        boolean ended = from.wire == null ? from.session.outputEnded() : from.wire.outputEnded();
        if (ended && !endSent) {
            endSent = true;
            send(new Parcel(null, null));
        }
    }

    private void writeMessages() {
        while (underWay < capacity) {
            watch.asking();
            Message message = from.session.poll();
            watch.asked(false);
            if (message == null) {
                return;
            }
            watch.sent(message);
            trace("sends", message);
            underWay++;
            send(new Parcel(null, message));
        }
    }

    private void writeBytes(WireSession wire) {
        while (underWay < capacity) {
            ByteBuffer buffer = ByteBuffer.allocate(Math.min(capacity - underWay, LARGEST_WRITE));
            watch.asking();
            boolean more = wire.transmit(buffer);
            watch.asked(more);
            byte[] bytes = Arrays.copyOf(buffer.array(), buffer.position());
            if (bytes.length > 0) {
                watch.sent(bytes);
                if (network.trace.isWanted()) {
                    network.trace.line(network.now(), name + " sends " + bytes.length + " bytes");
                }
                underWay += bytes.length;
                send(new Parcel(bytes, null));
            }
            if (!more) {
                return;
            }
        }
    }

    private void send(Parcel parcel) {
        long latency = link.options.latencyMillis() + gen.below(link.options.jitterMillis() + 1);
        lastArrival = Math.max(lastArrival, network.now() + latency);
        parcels.add(parcel);
        arrivals.add(lastArrival);
        scheduleRead();
    }

    // Reading

    private void scheduleRead() {
        Long arrival = arrivals.peek();
        if (!readDue && arrival != null) {
            readDue = true;
            network.at(Math.max(Math.max(arrival, stalledUntil), network.now()), this::read);
        }
    }

    private void read() {
        readDue = false;
        Long arrival = arrivals.peek();
        if (!link.carries(to) || arrival == null) {
            return;
        }
        if (network.now() >= Math.max(arrival, stalledUntil)) {
            deliver(gen.between(1, maxRead));
        }
        scheduleRead();
        wake();
    }

    private void deliver(int most) {
        Parcel parcel = parcels.element();
        if (parcel.bytes != null) {
            int count = Math.min(most, parcel.bytes.length - parcel.position);
            byte[] part = Arrays.copyOfRange(parcel.bytes, parcel.position, parcel.position + count);
            parcel.position += count;
            if (parcel.position == parcel.bytes.length) {
                drop();
            }
            underWay -= count;
            tell(watch.delivered(count));
            receive(part);
        } else if (parcel.message != null) {
            drop();
            underWay--;
            tell(watch.delivered(1));
            to.session.receive(parcel.message);
        } else {
            drop();
            endRead = true;
            receiveEnd();
            link.closeWhenOver();
        }
    }

    private void drop() {
        parcels.remove();
        arrivals.remove();
    }

    private void receive(byte[] bytes) {
        try {
            wire().receive(ByteBuffer.wrap(bytes));
        } catch (ProtocolException broken) {
            throw new Violation(name + ": the receiver refuses what was sent: " + broken.getMessage());
        }
    }

    private void receiveEnd() {
        if (network.trace.isWanted()) {
            network.trace.line(network.now(), name + " has ended");
        }
        if (to.wire == null) {
            to.session.receiveEnd();
            return;
        }
        try {
            to.wire.receiveEnd();
        } catch (ProtocolException broken) {
            throw new Violation(name + ": the stream ended inside a message: " + broken.getMessage());
        }
    }

    private WireSession wire() {
        WireSession wire = to.wire;
        if (wire == null) {
            throw new IllegalStateException(name + " carries messages");
        }
        return wire;
    }

    /** The link breaks: what is under way arrives up to some point, then the stream ends. */
    void tear(Gen where) {
        if (parcels.isEmpty() || endRead || !link.carries(to)) {
            return;
        }
        for (int left = where.below(parcels.size() + 1); left > 0; left--) {
            Parcel parcel = parcels.element();
            if (parcel.bytes == null && parcel.message == null) {
                return;
            }
            int rest = parcel.bytes == null ? 1 : parcel.bytes.length - parcel.position;
            deliver(left == 1 ? where.between(1, rest) : rest);
        }
        WireSession wire = to.wire;
        if (wire == null) {
            to.session.receiveEnd();
            return;
        }
        tell(watch.deliveredEnd());
        try {
            wire.receiveEnd();
        } catch (ProtocolException insideMessage) {
            // As a torn stream must: the session has closed itself, and the message that is not whole has no effect.
            if (to.session.state() != Session.State.CLOSED) {
                throw new Violation(name + ": the session survived a stream that ended inside a message: "
                        + insideMessage.getMessage());
            }
        }
    }

    /** Notes what the receiver is about to learn. */
    private void tell(List<Message> messages) {
        boolean heard = to.session.options().receives() && to.session.state() != Session.State.CLOSED;
        for (Message message : messages) {
            trace("gives", message);
            if (opposite != null) {
                opposite.watch.peerSaid(message);
            }
            if (heard && message instanceof Update update) {
                network.traffic.delivered++;
                to.node.saw(update);
            }
        }
    }

    private void trace(String does, Message message) {
        if (network.trace.isWanted()) {
            network.trace.line(network.now(), name + " " + does + " " + Trace.brief(message));
        }
    }

    /** Describes what is still on its way, or returns null when nothing is. */
    @Nullable
    String remainder() {
        return parcels.isEmpty() ? null : name + " still carries " + parcels.size() + " parcels";
    }
}
