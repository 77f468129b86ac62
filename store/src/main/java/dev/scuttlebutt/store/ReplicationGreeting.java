package dev.scuttlebutt.store;

import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonNumber;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonString;

/**
 * The first line of each side of a {@link Replication}.
 *
 * @param nonce the side with the greater one leads
 * @param tail whether it wants to go on when both have everything
 */
record ReplicationGreeting(String nonce, boolean tail) {
    private static final int VERSION = 1;

    byte[] encode() {
        return ReplicationLine.encode(Json.object("replication", VERSION, "nonce", nonce, "tail", tail));
    }

    static ReplicationGreeting parse(Json json) throws ProtocolException {
        if (!(json instanceof JsonObject greeting)
                || !(greeting.get("replication") instanceof JsonNumber version)
                || !(greeting.get("nonce") instanceof JsonString nonce)) {
            throw new ProtocolException("expected the greeting of a replication of stores");
        }
        if (version.value() != VERSION) {
            throw new ProtocolException("the peer speaks version " + version + " of replication, this is " + VERSION);
        }
        return new ReplicationGreeting(nonce.value(), Json.TRUE.equals(greeting.get("tail")));
    }
}
