package dev.scuttlebutt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonString;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first message of a session: who speaks, and what it has seen. On the wire an object with {@code id},
 * {@code clock} and, where given, {@code meta}.
 *
 * @param clock decides what the receiver sends back
 * @param fields the whole object, with the fields that this version does not know
 */
public record Handshake(Clock clock, JsonObject fields) implements Message {

    /**
     * Builds the handshake of a replica.
     *
     * @param meta for the application of the peer; left out where the original leaves it out, that is for null, false,
     *     0 and the empty text
     */
    public static Handshake of(String id, Clock clock, @Nullable Json meta) {
        JsonObject.Builder fields = JsonObject.builder();
        fields.put("id", Json.of(id));
        fields.put("clock", clock.toJson());
        if (meta != null && isTruthy(meta)) {
            fields.put("meta", meta);
        }
        return new Handshake(clock, fields.build());
    }

    /**
     * Reads a handshake from the object that arrived.
     *
     * @throws ProtocolException if it has no {@code clock}, or one that is not an object
     */
    public static Handshake of(JsonObject fields) throws ProtocolException {
        Json clock = fields.get("clock");
        if (clock instanceof JsonObject entries) {
            return new Handshake(Clock.of(entries), fields);
        }
        throw new ProtocolException(
                "a handshake needs a \"clock\" that is an object, found " + (clock == null ? "none" : excerpt(clock)));
    }

    /** Returns what the peer calls itself, or null. It is not checked: updates name their own source. */
    public @Nullable String id() {
        return fields.get("id") instanceof JsonString id ? id.value() : null;
    }

    /** Returns what the peer's application said about itself, or null. */
    public @Nullable Json meta() {
        return fields.get("meta");
    }

    /** Adds what the type announces. A meta that is not an object belongs to the application alone. */
    static @Nullable Json meta(@Nullable Json ofApplication, JsonObject announced) {
        if (announced.size() == 0 || (ofApplication != null && !(ofApplication instanceof JsonObject))) {
            return ofApplication;
        }
        JsonObject all = ofApplication instanceof JsonObject object ? object : Json.object();
        for (Map.Entry<String, Json> entry : announced.entries()) {
            if (!all.has(entry.getKey())) {
                all = all.with(entry.getKey(), entry.getValue());
            }
        }
        return all;
    }

    private static boolean isTruthy(Json json) {
        String text = json.toString();
        return !(text.equals("null") || text.equals("false") || text.equals("0") || text.equals("\"\""));
    }

    private static String excerpt(Json json) {
        String text = json.toString();
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
