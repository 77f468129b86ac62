package dev.scuttlebutt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonWriter;
import org.jspecify.annotations.Nullable;

/** Where a replica stands: by itself, or as a part of another one, under a name. */
final class Place {
    /*
     * All parts of a composite, however deep, share one core: its lock, clock, history and sessions. What a part has of its
     * own is its state and its listeners. Its changes go out wrapped in the names that lead to it, from the outside in, and
     * its updates come in as views of the outer ones, which share their bytes.
     */
    final Core core;
    final Listeners listeners;
    private final @Nullable Place outer;
    private final String name;
    private final int depth;
    /** What stands before a change of this place in one of the core. */
    private final byte[] before;

    private Place(Core core, Listeners listeners, @Nullable Place outer, String name) {
        this.core = core;
        this.listeners = listeners;
        this.outer = outer;
        this.name = name;
        this.depth = outer == null ? 0 : outer.depth + 1;
        this.before = outer == null ? new byte[0] : before(outer, name);
    }

    private static byte[] before(Place outer, String name) {
        JsonWriter text = new JsonWriter();
        text.writeRaw(outer.before);
        text.writeByte('[');
        text.writeString(name);
        text.writeByte(',');
        return text.toBytes();
    }

    static Place ofItsOwn(Core core) {
        return new Place(core, core.listeners, null, "");
    }

    Place part(String name) {
        return new Place(core, new Listeners(), this, name);
    }

    boolean isPart() {
        return outer != null;
    }

    /** Returns how many names lead here. */
    int depth() {
        return depth;
    }

    /** Writes a change of this place as one of the core. */
    void write(Json change, JsonWriter line) {
        line.writeRaw(before);
        line.write(change);
        for (int i = 0; i < depth; i++) {
            line.writeByte(']');
        }
    }

    private Json wrap(Json change) {
        return outer == null ? change : outer.wrap(Json.array(name, change));
    }

    /** Returns an update of the core as this place sees it, or null when it is for another part. */
    @Nullable
    Update view(Update update) {
        if (outer == null) {
            return update;
        }
        Update around = outer.view(update);
        return around != null && name.equals(around.partName()) ? around.inner() : null;
    }

    /** Returns a view as an update of the core, for one that did not come from there. */
    Update unview(Update update) {
        return outer == null ? update : Update.of(wrap(update.change()), update.timestamp(), update.source());
    }

    void checkWhole(String what) {
        if (outer != null) {
            throw new IllegalStateException(
                    "the part \"" + name + "\" cannot " + what + ": it is replicated by what it is a part of");
        }
    }
}
