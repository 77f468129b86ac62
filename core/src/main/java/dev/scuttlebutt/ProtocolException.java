package dev.scuttlebutt;

/**
 * The peer broke the protocol. Only the link that it came over is to be closed: every other link, and the state of the
 * replica, are untouched, and messages that came before the offending one have been handled.
 */
public final class ProtocolException extends Exception {
    private static final long serialVersionUID = 1;

    private final long line;
    private final int offset;

    /**
     * Describes a fault whose place is not known.
     *
     * @param message what was expected and what was found
     */
    public ProtocolException(String message) {
        this(message, 0, 0);
    }

    /**
     * Describes a fault at a place in the peer's bytes.
     *
     * @param message what was expected and what was found
     * @param line number of the line on this connection, from 1; 0 when not known
     * @param offset byte within the line, from 0
     */
    public ProtocolException(String message, long line, int offset) {
        super(line == 0 ? message : message + " (line " + line + ", byte " + offset + ")");
        this.line = line;
        this.offset = offset;
    }

    /** Returns the number of the line on this connection, from 1, or 0 when it is not known. */
    public long line() {
        return line;
    }

    /** Returns the byte within the line, from 0. */
    public int offset() {
        return offset;
    }
}
