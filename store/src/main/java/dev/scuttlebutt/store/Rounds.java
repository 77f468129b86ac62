package dev.scuttlebutt.store;

import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.json.JsonArray;
import org.jspecify.annotations.Nullable;

/** What one side does in a replication: it leads or follows. All methods are called with the lock of it held. */
interface Rounds {
    /** Begins. */
    void start();

    /** Takes in a line that is none of a document. */
    void receive(String kind, JsonArray line) throws ProtocolException;

    /** Does what can be done now. Called after everything that happens. */
    void go();

    /** A document of this name has changed here; null: some have, too many to name. */
    void changed(@Nullable String name);
}
