package dev.scuttlebutt.hub;

import java.util.Locale;

/** How a peer came, or was reached. */
enum Transport {
    /** It came over WebSocket. */
    WEBSOCKET,
    /** It came to a bare TCP port. */
    TCP,
    /** Another hub, which came over WebSocket. */
    HUB,
    /** A neighbour, which this hub went to. */
    NEIGHBOUR;

    /** Tells whether the other end is a hub, which keeps no document open by being there. */
    boolean isHub() {
        return this == HUB || this == NEIGHBOUR;
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
