package dev.scuttlebutt.store;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonString;
import dev.scuttlebutt.store.Storage.StoredDocument;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a document stands on one side, in few bytes: two sides whose states are equal have the same updates.
 *
 * @param type null when it is not there or deleted
 * @param hash of the clock; null when it is not there or deleted
 */
record DocumentState(
        String name,
        boolean deleted,
        @Nullable String type,
        @Nullable String hash) {
    /*
     * On the wire [name] when it is not there, [name,null] when it is deleted, and [name,type,hash] otherwise. 128 bits of
     * SHA-256, because whoever chooses the sources of a clock must not be able to make two clocks look the same.
     */
    private static final int HASH_BYTES = 16;
    private static final int DELETED = 2;
    private static final int LIVE = 3;

    static DocumentState absent(String name) {
        return new DocumentState(name, false, null, null);
    }

    static DocumentState of(StoredDocument document, Clock clock) {
        return document.isDeleted()
                ? new DocumentState(document.name(), true, null, null)
                : new DocumentState(document.name(), false, document.type(), hash(clock));
    }

    boolean isLive() {
        return hash != null;
    }

    private static String hash(Clock clock) {
        MessageDigest hash = sha256();
        new TreeMap<>(clock.toMap()).forEach((source, timestamp) -> {
            update(hash, source);
            hash.update(
                    ByteBuffer.allocate(Double.BYTES).putDouble(timestamp + 0.0).array());
        });
        return hex(hash);
    }

    /** Returns the hash of many. */
    static String hash(List<DocumentState> states) {
        MessageDigest hash = sha256();
        states.forEach(state -> state.addTo(hash));
        return hex(hash);
    }

    void addTo(MessageDigest hash) {
        update(hash, name);
        update(hash, type == null ? "" : type);
        update(hash, this.hash == null ? "" : this.hash);
    }

    /** With its length, and by units: a source may have halves of surrogate pairs, which no encoding keeps. */
    private static void update(MessageDigest hash, String text) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + Character.BYTES * text.length());
        bytes.putInt(text.length());
        bytes.asCharBuffer().put(text);
        hash.update(bytes.array());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static String hex(MessageDigest hash) {
        return HexFormat.of().formatHex(hash.digest(), 0, HASH_BYTES);
    }

    Json toJson() {
        if (isLive()) {
            return Json.of(List.of(name, String.valueOf(type), String.valueOf(hash)));
        }
        return JsonArray.of(deleted ? List.of(Json.of(name), Json.NULL) : List.of(Json.of(name)));
    }

    static Json toJson(List<DocumentState> states) {
        List<Json> all = new ArrayList<>();
        states.forEach(state -> all.add(state.toJson()));
        return JsonArray.of(all);
    }

    static List<DocumentState> list(@Nullable Json json, int max) throws ProtocolException {
        if (!(json instanceof JsonArray array) || array.size() > max) {
            throw new ProtocolException("expected a list of at most " + max + " documents");
        }
        List<DocumentState> states = new ArrayList<>();
        for (Json one : array) {
            states.add(of(one));
        }
        return states;
    }

    private static DocumentState of(Json json) throws ProtocolException {
        if (json instanceof JsonArray array && array.size() >= 1 && array.get(0) instanceof JsonString name) {
            String checked = name(name.value());
            if (array.size() == 1) {
                return absent(checked);
            }
            if (array.size() == DELETED && array.get(1).isNull()) {
                return new DocumentState(checked, true, null, null);
            }
            if (array.size() == LIVE
                    && array.get(1) instanceof JsonString type
                    && array.get(2) instanceof JsonString hash
                    && hash.value().length() == 2 * HASH_BYTES) {
                return new DocumentState(checked, false, type.value(), hash.value());
            }
        }
        throw new ProtocolException("a document is [name], [name,null] or [name,type,hash]");
    }

    static String name(String name) throws ProtocolException {
        String objection = Store.objection(name);
        if (objection != null) {
            throw new ProtocolException(objection);
        }
        return name;
    }

    static Map<String, DocumentState> byName(List<DocumentState> states) {
        Map<String, DocumentState> byName = new TreeMap<>(NameRange.ORDER);
        states.forEach(state -> byName.put(state.name, state));
        return byName;
    }
}
