package dev.scuttlebutt.types;

import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an {@link ExpiryModel} holds of one key. Guarded by the model's lock. */
final class ExpiryEntry {
    /*
     * Let w be the write with the greatest stamp whose value is no object. Of the objects above w each field counts with
     * the greatest stamp that wrote it; if there is such an object, the value is the object of these fields, otherwise it
     * is that of w. No order of arrival comes into this.
     *
     * Held are w, the objects that give a field, and the newest object: it may give none, being empty, and is still what
     * makes the value an object.
     */
    private @Nullable Update whole;
    private @Nullable Update newest;
    private @Nullable Map<String, Update> fields;

    static Json value(Update update) {
        var change = update.change().asArray();
        return change.size() < 2 ? Json.NULL : change.get(1);
    }

    /**
     * Merges a write.
     *
     * @param dropped gets the writes that have lost all effect by it
     * @return whether it has an effect; otherwise nothing has changed
     */
    boolean add(Update update, List<Update> dropped) {
        if (whole != null && whole.isAfter(update)) {
            return false;
        }
        return value(update) instanceof JsonObject object
                ? addObject(update, object, dropped)
                : addWhole(update, dropped);
    }

    private boolean addWhole(Update update, List<Update> dropped) {
        for (Update object : objects()) {
            if (update.isAfter(object)) {
                remove(object);
                dropped.add(object);
            }
        }
        if (whole != null) {
            dropped.add(whole);
        }
        whole = update;
        return true;
    }

    private boolean addObject(Update update, JsonObject object, List<Update> dropped) {
        List<Update> losers = new ArrayList<>();
        boolean effective = newest == null || update.isAfter(newest);
        if (effective) {
            if (newest != null) {
                losers.add(newest);
            }
            newest = update;
        }
        if (fields == null && object.size() > 0) {
            fields = new LinkedHashMap<>();
        }
        for (String field : object.keys()) {
            Update known = fields == null ? null : fields.get(field);
            if (fields != null && (known == null || update.isAfter(known))) {
                fields.put(field, update);
                effective = true;
                if (known != null) {
                    losers.add(known);
                }
            }
        }
        for (Update loser : losers) {
            if (!gives(loser) && !dropped.contains(loser)) {
                dropped.add(loser);
            }
        }
        return effective;
    }

    private boolean gives(Update object) {
        return object == newest || (fields != null && fields.containsValue(object));
    }

    /** Takes a write out because it has become too old. All older ones are gone already. */
    void remove(Update update) {
        if (update == whole) {
            whole = null;
            return;
        }
        if (update == newest) {
            newest = null;
        }
        if (fields != null) {
            fields.values().removeIf(field -> field == update);
        }
    }

    /** Returns the writes held. */
    List<Update> updates() {
        List<Update> all = objects();
        if (whole != null) {
            all.add(whole);
        }
        return all;
    }

    private List<Update> objects() {
        List<Update> objects = new ArrayList<>();
        if (newest != null) {
            objects.add(newest);
        }
        if (fields != null) {
            for (Update field : fields.values()) {
                if (!objects.contains(field)) {
                    objects.add(field);
                }
            }
        }
        return objects;
    }

    boolean isEmpty() {
        return whole == null && newest == null;
    }

    /** Tells whether there is nothing but a deletion. */
    boolean isDeleted() {
        return newest == null && whole != null && value(whole).isNull();
    }

    /** Returns the greatest stamp that counts, or null when there is none. */
    @Nullable
    Update latest() {
        return newest != null ? newest : whole;
    }

    /** Returns what counts of the writes above a timestamp; null when there is no value. */
    @Nullable
    Json value(double above) {
        if (newest == null || newest.timestamp() <= above) {
            Json value = whole == null || whole.timestamp() <= above ? Json.NULL : value(whole);
            return value.isNull() ? null : value;
        }
        JsonObject.Builder object = JsonObject.builder();
        if (fields != null) {
            fields.forEach((field, update) -> {
                Json value = value(update).asObject().get(field);
                if (update.timestamp() > above && value != null) {
                    object.put(field, value);
                }
            });
        }
        return object.build();
    }
}
