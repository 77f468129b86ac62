package dev.scuttlebutt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonWriter;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A local change before it has a timestamp. Guarded by the core's lock. */
final class Drafting {
    /** The longest line a peer takes by default is longer than this, so that what is written here can be sent. */
    static final int MAX_CHANGE_BYTES = 15 << 20;

    /**
     * A timestamp above this is not followed by local ones: one forged update would otherwise leave the replica without
     * any greater timestamp to write with.
     */
    static final double HIGHEST_FLOOR = Update.MAX_TIMESTAMP / 10;

    private static final int LARGE = 1 << 16;

    /**
     * A change to be made.
     *
     * @param place where it is made; the change of the core has the names around it that lead there
     * @param maker called with the lock held; returns null when there is none to make
     */
    record Draft(Place place, Supplier<? extends @Nullable Json> maker) {}

    /** Lines are put together here, so that only the final one is allocated. */
    private JsonWriter scratch = new JsonWriter();

    private boolean open;
    private double floor = Clock.NEVER;

    private static void encode(Json change, Place place, JsonWriter out) {
        int depth = change.depth() + place.depth();
        if (depth >= Json.MAX_DEPTH) {
            throw new IllegalArgumentException("a change nested " + depth + " deep is too deep for peers; less than "
                    + Json.MAX_DEPTH + " is allowed");
        }
        int from = out.length();
        place.write(change, out);
        int length = out.length() - from;
        if (length > MAX_CHANGE_BYTES) {
            throw new IllegalArgumentException("a change of " + length + " bytes is too long for peers; at most "
                    + MAX_CHANGE_BYTES + " are allowed");
        }
    }

    /** Returns a line that begins as every update does. It is good until {@link #end}. */
    JsonWriter begin() {
        scratch.reset();
        scratch.writeByte('[');
        return scratch;
    }

    void end() {
        if (scratch.buffer().length > LARGE) {
            scratch = new JsonWriter();
        }
    }

    /** Lets a draft work out its change; tells whether there is one. */
    boolean run(Draft draft, JsonWriter line) {
        floor = Clock.NEVER;
        open = true;
        try {
            Json change = draft.maker().get();
            if (change != null) {
                encode(change, draft.place(), line);
            }
            return change != null;
        } finally {
            open = false;
        }
    }

    /** The timestamp of the change that was worked out last must be greater than this. */
    double floor() {
        return floor;
    }

    void stampAbove(Update seen) {
        if (!open) {
            throw new IllegalStateException("stampAbove is for use while a change is worked out");
        }
        if (seen.timestamp() > floor && seen.timestamp() <= HIGHEST_FLOOR) {
            floor = seen.timestamp();
        }
    }
}
