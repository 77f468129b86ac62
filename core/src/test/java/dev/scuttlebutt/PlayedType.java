package dev.scuttlebutt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.util.List;

/** What a script needs to know of a type. */
interface PlayedType {
    /** Makes a replica from its entry in {@code replicas}. */
    Replica create(JsonObject made, TimeSource time);

    /** Makes the local change of a step {@code call} or {@code transact}. A refusal of ours is swallowed. */
    void call(Replica replica, JsonObject step);

    /** Calls a method without effect. */
    Json read(Replica replica, String method, List<Json> arguments);

    /** Returns what {@code toJSON} gives in the recording. */
    default Json state(Replica replica) {
        return replica.toJson();
    }

    /** Returns a part of a replica that has parts. */
    default Replica part(Replica whole, String name) {
        throw new AssertionError("it has no parts: " + name);
    }

    /** Returns what of a clock of this replica, recorded or ours, is comparable. */
    default Clock comparable(Replica replica, Clock clock) {
        return clock;
    }

    /** Returns the recorded events that one of ours stands for, besides those of every type. */
    List<String> describe(ReplicaEvent event);

    /** Tells whether a recorded event has a counterpart here. */
    default boolean compares(String event) {
        return true;
    }

    /** Compares what only this type has among the members of {@code final}. */
    default boolean agrees(Replica replica, JsonObject last) {
        return true;
    }
}
