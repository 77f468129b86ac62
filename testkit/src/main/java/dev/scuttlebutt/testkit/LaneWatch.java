package dev.scuttlebutt.testkit;

import dev.scuttlebutt.Handshake;
import dev.scuttlebutt.Message;
import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.wire.JsonLines;
import dev.scuttlebutt.wire.Limits;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks at everything one end of a link sends, and fails when it may not. */
final class LaneWatch {
    /*
     * "Nothing goes back to where it came from" can be judged exactly only when it is known at what moment the session
     * was asked. A WireSession that could not write all of what it had asked for may still hold messages from then. What
     * the peer has said since counts only once that backlog is gone, hence two clocks: what the peer is known to have,
     * and what it said since the last time the sender had nothing left.
     */
    private final String lane;
    private final String peerId;
    private final Node<?> sender;
    private final boolean sends;
    private final boolean heedsPeer;
    private final Traffic traffic;

    private final JsonLines.Decoder decoder = new JsonLines.Decoder(Limits.defaults());
    private final List<Message> decoded = new ArrayList<>();
    private final Deque<Sent> underWay = new ArrayDeque<>();
    private long sentBytes;
    private long deliveredBytes;

    private final Map<String, Double> latestSent = new HashMap<>();
    private final Map<String, Double> peerHas = new HashMap<>();
    private final Map<String, Double> peerSaidSince = new HashMap<>();
    private boolean backlog;
    private boolean greeted;
    private boolean synced;

    private record Sent(Message message, long end) {}

    LaneWatch(String lane, Node<?> sender, Session from, String peerId, Traffic traffic) {
        this.lane = lane;
        this.sender = sender;
        this.peerId = peerId;
        this.sends = from.options().sends();
        this.heedsPeer = from.options().receives();
        this.traffic = traffic;
    }

    /** The sender is about to be asked. */
    void asking() {
        if (!backlog) {
            peerSaidSince.forEach((source, timestamp) -> peerHas.merge(source, timestamp, Math::max));
            peerSaidSince.clear();
        }
    }

    /** The sender has been asked; with a backlog it may hold messages that it has not handed out. */
    void asked(boolean backlog) {
        this.backlog = backlog;
    }

    /** A message was handed out as it is. */
    void sent(Message message) {
        check(message);
        sentBytes++;
        underWay.add(new Sent(message, sentBytes));
    }

    /** Bytes were handed out. */
    void sent(byte[] bytes) {
        long before = sentBytes;
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                decode(bytes, from, i + 1);
                from = i + 1;
                for (Message message : decoded) {
                    check(message);
                    underWay.add(new Sent(message, before + from));
                }
                decoded.clear();
            }
        }
        decode(bytes, from, bytes.length);
        sentBytes = before + bytes.length;
        traffic.bytes += bytes.length;
    }

    private void decode(byte[] bytes, int from, int to) {
        try {
            decoder.decode(ByteBuffer.wrap(bytes, from, to - from), decoded);
        } catch (ProtocolException broken) {
            throw new Violation(lane + " sends what is not the protocol: " + broken.getMessage());
        }
    }

    /** Returns the messages that become complete for the receiver when it gets so many more bytes or messages. */
    List<Message> delivered(int amount) {
        deliveredBytes += amount;
        return complete(deliveredBytes);
    }

    /** Returns the message that counts although its line feed was lost, or was never sent, if there is one. */
    List<Message> deliveredEnd() {
        List<Message> last = complete(deliveredBytes + 1);
        if (last.isEmpty() && deliveredBytes == sentBytes) {
            try {
                decoder.end(last);
            } catch (ProtocolException insideMessage) {
                // Then there is none: what was sent of the last line is not a whole message.
                return List.of();
            }
        }
        return last;
    }

    private List<Message> complete(long end) {
        List<Message> complete = new ArrayList<>(2);
        while (!underWay.isEmpty() && underWay.peek().end <= end) {
            complete.add(underWay.remove().message);
        }
        return complete;
    }

    /** The sender was given this by its peer. */
    void peerSaid(Message message) {
        if (message instanceof Update update && heedsPeer) {
            peerSaidSince.merge(update.source(), update.timestamp(), Math::max);
        } else if (message instanceof Handshake handshake) {
            handshake.clock().toMap().forEach((source, latest) -> peerSaidSince.merge(source, latest, Math::max));
        }
    }

    private void check(Message message) {
        if (message instanceof Update update) {
            traffic.updates++;
            sender.spoke();
            checkUpdate(update);
        } else if (message instanceof Handshake) {
            traffic.handshakes++;
            if (greeted || !latestSent.isEmpty() || synced) {
                throw new Violation(lane + " sends a handshake that is not its first message");
            }
            greeted = true;
        } else {
            traffic.syncs++;
            if (synced) {
                throw new Violation(lane + " sends SYNC a second time");
            }
            synced = true;
        }
    }

    private void checkUpdate(Update update) {
        if (!sends) {
            throw new Violation(lane + " sends an update although its session only receives: " + Trace.brief(update));
        }
        if (!greeted) {
            throw new Violation(lane + " sends an update before its handshake: " + Trace.brief(update));
        }
        double latest = latestSent.getOrDefault(update.source(), Double.NEGATIVE_INFINITY);
        if (update.timestamp() <= latest) {
            throw new Violation(lane + " sends " + Trace.brief(update)
                    + " behind a later one of the same source, which makes the receiver drop it; the later one was made "
                    + (latest - update.timestamp()) + " ms after it");
        }
        latestSent.put(update.source(), update.timestamp());
        double had = peerHas.getOrDefault(update.source(), Double.NEGATIVE_INFINITY);
        if (update.timestamp() <= had) {
            throw new Violation(lane + " sends " + Trace.brief(update) + " although " + Trace.quoted(peerId)
                    + " has sent or named that one or a later one of its source on this link");
        }
    }
}
