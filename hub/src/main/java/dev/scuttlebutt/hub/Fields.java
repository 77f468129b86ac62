package dev.scuttlebutt.hub;

import dev.scuttlebutt.json.JsonObject;
import java.util.List;

/** Fields of files that people write. */
final class Fields {
    private Fields() {}

    /**
     * Returns the object if it has no other fields. A slip of the finger would otherwise count as a field left out, and what is
     * left out gives or shares something else than was meant.
     *
     * @throws IllegalArgumentException naming the field that is not known
     */
    static JsonObject known(JsonObject object, String place, List<String> names) {
        for (String name : object.keys()) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException(
                        place + " has the field \"" + name + "\"; known are " + String.join(", ", names));
            }
        }
        return object;
    }
}
