package dev.scuttlebutt.types;

import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
     *
     * Peers decide how many fields there are and how many writes gave them. So merging a write, and taking one out, cost
     * time by the fields of that write alone.
     */

    /** A write of an object, and how many fields it gives. */
    private static final class Giver {
        final Update update;
        int fields;

        Giver(Update update) {
            this.update = update;
        }
    }

    private @Nullable Update whole;
    private @Nullable Giver newest;
    private @Nullable Map<String, Giver> fields;

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
        return KeyChange.value(update) instanceof JsonObject object
                ? addObject(update, object, dropped)
                : addWhole(update, dropped);
    }

    private boolean addWhole(Update update, List<Update> dropped) {
        for (Giver giver : givers()) {
            if (update.isAfter(giver.update)) {
                dropped.add(giver.update);
            }
        }
        if (newest != null && update.isAfter(newest.update)) {
            newest = null;
        }
        if (fields != null) {
            fields.values().removeIf(giver -> update.isAfter(giver.update));
        }
        if (whole != null) {
            dropped.add(whole);
        }
        whole = update;
        return true;
    }

    private boolean addObject(Update update, JsonObject object, List<Update> dropped) {
        Giver giver = new Giver(update);
        Giver before = newest;
        if (before == null || update.isAfter(before.update)) {
            newest = giver;
        }
        if (fields == null && object.size() > 0) {
            fields = new LinkedHashMap<>();
        }
        for (String field : object.keys()) {
            Giver known = fields == null ? null : fields.get(field);
            if (fields != null && (known == null || update.isAfter(known.update))) {
                fields.put(field, giver);
                giver.fields++;
                if (known != null && --known.fields == 0 && known != newest && known != before) {
                    dropped.add(known.update);
                }
            }
        }
        if (before != null && before != newest && before.fields == 0) {
            dropped.add(before.update);
        }
        return giver == newest || giver.fields > 0;
    }

    /** Takes a write out because it has become too old. All older ones are gone already. */
    void remove(Update update) {
        if (update == whole) {
            whole = null;
            return;
        }
        if (newest != null && newest.update == update) {
            newest = null;
        }
        if (fields != null && KeyChange.value(update) instanceof JsonObject object) {
            for (String field : object.keys()) {
                Giver giver = fields.get(field);
                if (giver != null && giver.update == update) {
                    fields.remove(field);
                }
            }
        }
    }

    /** Returns the writes held. */
    List<Update> updates() {
        List<Update> all = new ArrayList<>();
        givers().forEach(giver -> all.add(giver.update));
        if (whole != null) {
            all.add(whole);
        }
        return all;
    }

    private Collection<Giver> givers() {
        Set<Giver> givers = Collections.newSetFromMap(new IdentityHashMap<>());
        if (newest != null) {
            givers.add(newest);
        }
        if (fields != null) {
            givers.addAll(fields.values());
        }
        return givers;
    }

    boolean isEmpty() {
        return whole == null && newest == null;
    }

    /** Tells whether there is nothing but a deletion. */
    boolean isDeleted() {
        return newest == null && whole != null && KeyChange.value(whole).isNull();
    }

    /** Returns the greatest stamp that counts, or null when there is none. */
    @Nullable
    Update latest() {
        return newest != null ? newest.update : whole;
    }

    /** Returns what counts of the writes above a timestamp; null when there is no value. */
    @Nullable
    Json value(double above) {
        if (newest == null || newest.update.timestamp() <= above) {
            Json value = whole == null || whole.timestamp() <= above ? Json.NULL : KeyChange.value(whole);
            return value.isNull() ? null : value;
        }
        JsonObject.Builder object = JsonObject.builder();
        if (fields != null) {
            fields.forEach((field, giver) -> {
                Json value = KeyChange.value(giver.update).asObject().get(field);
                if (giver.update.timestamp() > above && value != null) {
                    object.put(field, value);
                }
            });
        }
        return object.build();
    }
}
