package dev.scuttlebutt.types;

import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.JsonObject;
import java.util.List;
import java.util.function.Consumer;

/** What a {@link GossipObject} remembers, and how it resolves conflicts. Guarded by the object's lock. */
interface PathStore {
    /**
     * Merges an update.
     *
     * @param forget is given the updates that are not needed any more
     * @return whether this one is
     */
    boolean apply(Update update, List<PathChange> changes, Consumer<Update> forget);

    /** Names the latest updates that a change of this path would have to win over. */
    void conflicting(List<String> path, Consumer<Update> seen);

    /** Builds the visible state. */
    JsonObject toJson();
}
