package dev.scuttlebutt.types.crdt;

import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.JsonObject;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an update does to a row, while it does it. */
final class Edit {
    final RowState row;
    final Update update;
    private final Set<String> fields;
    private final boolean wasVisible;
    private @Nullable JsonObject state;

    private Edit(RowState row, Update update, Set<String> fields) {
        this.row = row;
        this.update = update;
        this.fields = fields;
        this.wasVisible = row.isVisible();
    }

    static Edit writing(RowState row, Update update, JsonObject won) {
        return new Edit(row, update, Collections.unmodifiableSet(new LinkedHashSet<>(won.keys())));
    }

    static Edit deleting(RowState row, Update update) {
        return new Edit(row, update, row.lostTo(update));
    }

    /** Tells whether the document showed the row before. */
    boolean wasVisible() {
        return wasVisible;
    }

    /** Returns the names of the fields that are written or dropped, unmodifiable. */
    Set<String> fields() {
        return fields;
    }

    /** Returns the row as it is afterwards. Not to be called before. */
    JsonObject state() {
        JsonObject known = state;
        if (known == null) {
            known = row.toJson();
            state = known;
        }
        return known;
    }
}
