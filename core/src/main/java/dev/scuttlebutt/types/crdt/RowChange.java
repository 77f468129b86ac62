package dev.scuttlebutt.types.crdt;

import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonReader;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The change inside an update of a document.
 *
 * @param id of the row
 * @param fields null: the row is deleted
 */
record RowChange(String id, @Nullable JsonObject fields) {

    /**
     * Reads it.
     *
     * <p>{@code null} instead of an array is what the original has left of a deletion when it sends its history: it has
     * forgotten which row was deleted. Refusing it, so that the clock stays where it is, is what lets the deletion itself
     * still come from a peer that has it.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    static RowChange of(Update update) {
        JsonReader change = update.changeReader();
        if (change.peek() == JsonReader.Kind.NULL) {
            throw new IllegalArgumentException(
                    "a deletion that does not say which row; the replica that made it, or one"
                            + " that heard it from there at once, can still tell");
        }
        change.beginArray();
        if (!change.hasNext() || change.peek() != JsonReader.Kind.STRING) {
            throw malformed();
        }
        String id = InheritedNames.checkRow(change.readString());
        if (!change.hasNext()) {
            throw malformed();
        }
        JsonReader.Kind kind = change.peek();
        if (kind == JsonReader.Kind.NULL) {
            return new RowChange(id, null);
        } else if (kind == JsonReader.Kind.OBJECT) {
            return new RowChange(id, acceptable(change.read().asObject()));
        }
        throw malformed();
    }

    /** Leaves out the fields that JavaScript peers would not take either. */
    private static JsonObject acceptable(JsonObject fields) {
        for (String name : fields.keys()) {
            if (InheritedNames.contains(name)) {
                return withoutInherited(fields);
            }
        }
        return fields;
    }

    private static JsonObject withoutInherited(JsonObject fields) {
        JsonObject.Builder rest = JsonObject.builder();
        for (String name : fields.keys()) {
            if (!InheritedNames.contains(name)) {
                rest.put(name, Objects.requireNonNull(fields.get(name)));
            }
        }
        return rest.build();
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException(
                "a change of a document is [row, {field: value, …}] or [row, null] with a text for row");
    }

    Json toJson() {
        return Json.array(id, fields);
    }
}
