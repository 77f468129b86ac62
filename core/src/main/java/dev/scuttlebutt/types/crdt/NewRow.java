package dev.scuttlebutt.types.crdt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonString;
import org.jspecify.annotations.Nullable;

/**
 * What an application gives as a row to add.
 *
 * @param id null: the row has none yet
 */
record NewRow(@Nullable String id, JsonObject fields) {

    static NewRow of(Object given) {
        JsonObject fields = checkFields(given);
        Json id = fields.get("id");
        if (id == null || id.isNull()) {
            return new NewRow(null, fields.without("id"));
        } else if (id instanceof JsonString text) {
            return new NewRow(InheritedNames.checkRow(text.value()), fields);
        }
        throw new IllegalArgumentException("the id of a row must be a text, was " + id);
    }

    /** Returns the fields, with names that all peers can take. */
    static JsonObject checkFields(Object given) {
        if (!(Json.of(given) instanceof JsonObject fields)) {
            throw new IllegalArgumentException(
                    "the fields of a row must be given as a Map, JsonObject, record or bean; found " + given);
        }
        fields.keys().forEach(InheritedNames::checkField);
        return fields;
    }
}
