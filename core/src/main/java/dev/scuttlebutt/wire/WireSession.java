package dev.scuttlebutt.wire;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Message;
import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.Update;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Session} in bytes. {@link ByteSession} says how a transport uses it.
 *
 * <p>Between calls it holds a part of the line that is coming in, and of what is going out about as much as there last was
 * room for.
 */
public final class WireSession implements ByteSession {
    private static final int BATCH = 512;

    private final Session session;
    private final JsonLines.Decoder decoder;
    private final List<Message> incoming = new ArrayList<>();
    private final List<Message> outgoing = new ArrayList<>();
    private int nextOutgoing;
    private int copied;
    private @Nullable ByteBuffer other;

    /** Carries a session with the default limits. */
    public WireSession(Session session) {
        this(session, Limits.defaults());
    }

    /** Carries a session with these limits. */
    public WireSession(Session session, Limits limits) {
        this.session = session;
        this.decoder = new JsonLines.Decoder(limits);
    }

    /** Returns the session inside. */
    public Session session() {
        return session;
    }

    /**
     * Takes all bytes in, however the stream was cut.
     *
     * @throws ProtocolException if the peer breaks the protocol. What came before is applied, and the session is closed;
     *     the transport is to close its channel.
     */
    @Override
    public void receive(ByteBuffer in) throws ProtocolException {
        try {
            decoder.decode(in, incoming);
        } catch (ProtocolException broken) {
            deliver();
            session.close(broken);
            throw broken;
        }
        deliver();
        checkPeer();
    }

    /** The session refuses some peers by what they say in their handshake. */
    private void checkPeer() throws ProtocolException {
        if (session.failure() instanceof ProtocolException broken) {
            throw broken;
        }
    }

    /**
     * Says that the peer has ended its output.
     *
     * @throws ProtocolException if it ended inside a line that makes no sense
     */
    @Override
    public void receiveEnd() throws ProtocolException {
        try {
            decoder.end(incoming);
        } catch (ProtocolException broken) {
            deliver();
            session.close(broken);
            throw broken;
        }
        deliver();
        checkPeer();
        session.receiveEnd();
    }

    private void deliver() {
        if (!incoming.isEmpty()) {
            session.receive(incoming);
            incoming.clear();
        }
    }

    /**
     * Writes as much as there is and fits.
     *
     * @return false when nothing more is to be sent now; true when {@code out} is full and there may be more
     */
    @Override
    public boolean transmit(ByteBuffer out) {
        boolean mayHaveMore = true;
        while (true) {
            if (nextOutgoing == outgoing.size()) {
                if (!mayHaveMore) {
                    return false;
                }
                if (!out.hasRemaining()) {
                    return true;
                }
                mayHaveMore = fetch(out.remaining());
            } else if (copy(outgoing.get(nextOutgoing), out)) {
                nextOutgoing++;
                copied = 0;
            } else {
                return true;
            }
        }
    }

    /** Copies what is left of the message's line, as far as there is room; true when it is complete. */
    private boolean copy(Message message, ByteBuffer out) {
        if (message instanceof Update update) {
            copied += update.copyTo(out, copied);
            return copied == update.length();
        }
        ByteBuffer line = other;
        if (line == null) {
            // Encoded once, also when it does not fit at once: a handshake may be long.
            line = JsonLines.encode(message);
        }
        int count = Math.min(line.remaining(), out.remaining());
        out.put(out.position(), line, line.position(), count);
        out.position(out.position() + count);
        line.position(line.position() + count);
        other = line.hasRemaining() ? line : null;
        return other == null;
    }

    /**
     * Takes about as many updates from the session as there is room for, so that a stalled peer does not hold more.
     *
     * @return false when the session has no more
     */
    private boolean fetch(int room) {
        outgoing.clear();
        nextOutgoing = 0;
        int count = session.poll(outgoing, BATCH, room);
        if (count == BATCH) {
            return true;
        }
        int bytes = 0;
        for (Message message : outgoing) {
            bytes += message instanceof Update update ? update.length() : 0;
        }
        return bytes >= room;
    }

    /** Sets what is called when {@link #transmit} may have something again. See {@link Session#onReady}. */
    @Override
    public void onReady(Runnable wakeup) {
        session.onReady(wakeup);
    }

    /** Tells whether everything has been transmitted and nothing will follow: the transport ends its output. */
    @Override
    public boolean outputEnded() {
        return nextOutgoing == outgoing.size() && session.outputEnded();
    }

    /** Starts without the peer's handshake. See {@link Session#assume}. */
    public void assume(Clock peerHas) {
        session.assume(peerHas);
    }

    /** The channel is gone. */
    @Override
    public void close() {
        session.close();
    }

    /**
     * The channel failed.
     *
     * @param cause goes to those who listen for the end of the session
     */
    @Override
    public void close(Throwable cause) {
        session.close(cause);
    }
}
