package dev.scuttlebutt.types;

import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonString;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What types the keys of a boat were given. Not safe for use by several threads. */
final class Claims {
    /*
     * A claim is an update of the manifest that gives a key a type, in one update as add writes it. The earliest of a key
     * decides, and nothing takes it back: if a row that is written over or deleted did, then what a key is would depend on who
     * heard of it in time. So it stays in the history, although the manifest itself may not need it any more.
     */

    /** An update that says that there is a document of this key and type. */
    record Claim(String key, String type, Update by) {

        /** Reads the claim from an update that the manifest has taken, or returns null if it is none. */
        static @Nullable Claim of(Update update) {
            Json fields = update.change().asArray().get(1).asArray().get(1);
            return fields instanceof JsonObject row
                            && row.get("key") instanceof JsonString key
                            && row.get("type") instanceof JsonString type
                            && isKey(key.value())
                    ? new Claim(key.value(), type.value(), update)
                    : null;
        }

        @Nullable
        Json settings() {
            return by.change().asArray().get(1).asArray().get(1).asObject().get("opts");
        }

        /** Tells whether the same document is made of both. */
        boolean makesTheSameAs(Claim other) {
            return by == other.by || (type.equals(other.type) && Objects.equals(settings(), other.settings()));
        }
    }

    private final Map<String, Claim> earliest = new LinkedHashMap<>();

    /** The updates of all claims that decide. */
    private final Set<Update> deciding = new TreeSet<>(Update.STAMP_ORDER);

    /** Those of them that the manifest itself does not need any more. */
    private final Set<Update> superseded = new TreeSet<>(Update.STAMP_ORDER);

    static boolean isKey(String key) {
        return !key.isEmpty() && !key.equals("__manifest__") && !key.equals("__proto__");
    }

    /** Returns the claim that decides what a key is, or null when there is none. */
    @Nullable
    Claim of(String key) {
        return earliest.get(key);
    }

    /** Returns all keys that were given a type, in the order in which they first were. */
    List<String> keys() {
        return List.copyOf(earliest.keySet());
    }

    /**
     * Adds a claim.
     *
     * @return the update that nobody needs any more because of it, neither this nor the manifest, or null
     */
    @Nullable
    Update add(Claim claim) {
        Claim before = earliest.get(claim.key());
        if (before != null && claim.by().isAfter(before.by())) {
            return null;
        }
        earliest.put(claim.key(), claim);
        deciding.add(claim.by());
        if (before == null) {
            return null;
        }
        deciding.remove(before.by());
        return superseded.remove(before.by()) ? before.by() : null;
    }

    /** The manifest has superseded an update. Returns whether it is needed all the same. */
    boolean keep(Update update) {
        boolean keep = deciding.contains(update);
        if (keep) {
            superseded.add(update);
        }
        return keep;
    }
}
