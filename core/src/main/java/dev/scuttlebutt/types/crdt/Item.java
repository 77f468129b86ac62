package dev.scuttlebutt.types.crdt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonString;

/**
 * What is inserted into a sequence.
 *
 * @param isNew whether it was given as fields and not as a row
 */
record Item(String id, JsonObject fields, boolean isNew) {

    static Item of(Object given, RowSequence sequence) {
        if (given instanceof Row row) {
            if (row.doc() != sequence.doc()) {
                throw new IllegalArgumentException("the row " + row.id() + " is of another document");
            }
            return new Item(row.id(), JsonObject.builder().build(), false);
        } else if (given instanceof CharSequence id) {
            throw new IllegalArgumentException(
                    "found a text, expected a row or the fields of one; the row called so is doc.row(\"" + id + "\")");
        }
        NewRow row = NewRow.of(given);
        String id = row.id();
        if (id == null) {
            Json other = row.fields().get("_id");
            id = other instanceof JsonString text
                    ? InheritedNames.checkRow(text.value())
                    : sequence.doc().randomId();
        }
        return new Item(id, row.fields(), true);
    }
}
