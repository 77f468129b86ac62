package dev.scuttlebutt;

/** A message that is not to be applied. */
record Rejected(Kind kind, String reason) implements Vetted {
    enum Kind {
        STALE,
        UNVERIFIED,
        UNKNOWN_SOURCE,
        /** By the authority. */
        REFUSED,
        /** A handshake of a peer with which nothing is to be exchanged. */
        PEER
    }

    static final Rejected STALE = new Rejected(Kind.STALE, "");
}
