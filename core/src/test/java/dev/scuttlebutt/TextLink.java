package dev.scuttlebutt;

import dev.scuttlebutt.wire.Limits;
import dev.scuttlebutt.wire.WireSession;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A session whose peer is the test: lines of text in and out. */
public final class TextLink {
    private final WireSession wire;

    /** Opens a session and leaves the rest to the test. */
    public TextLink(Replica replica, SessionOptions options) {
        this(replica.open(options), Limits.defaults());
    }

    /** Opens a two-way session. */
    public TextLink(Replica replica) {
        this(replica, SessionOptions.twoWay());
    }

    /** Carries this session. */
    public TextLink(Session session, Limits limits) {
        wire = new WireSession(session, limits);
    }

    /** Returns the session. */
    public Session session() {
        return wire.session();
    }

    /** Returns the session in bytes. */
    public WireSession wire() {
        return wire;
    }

    /** Returns the lines that the session has to say now, without their line feeds. */
    public List<String> take() {
        ByteBuffer out = ByteBuffer.allocate(1 << 16);
        StringBuilder text = new StringBuilder();
        boolean more;
        do {
            out.clear();
            more = wire.transmit(out);
            text.append(new String(out.array(), 0, out.position(), StandardCharsets.ISO_8859_1));
        } while (more);
        String utf8 = new String(text.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>(List.of(utf8.split("\n", -1)));
        if (!lines.remove(lines.size() - 1).isEmpty()) {
            throw new AssertionError("the last line has no line feed: " + utf8);
        }
        return lines;
    }

    /** Hands in lines as the peer would send them. */
    public void give(String... lines) throws ProtocolException {
        give(String.join("\n", lines).concat("\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Hands in bytes. */
    public void give(byte[] bytes) throws ProtocolException {
        wire.receive(ByteBuffer.wrap(bytes));
    }

    /** Says that the peer has ended. */
    public void end() throws ProtocolException {
        wire.receiveEnd();
    }
}
