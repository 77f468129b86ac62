package dev.scuttlebutt;

/** The message that says: everything your handshake asked for has been sent. On the wire the text {@code "SYNC"}. */
public enum Sync implements Message {
    /** The only instance. */
    SYNC
}
