package dev.scuttlebutt.types;

import dev.scuttlebutt.Part;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonString;
import dev.scuttlebutt.types.crdt.Doc;
import dev.scuttlebutt.types.crdt.Row;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A bucket whose parts are created over the wire: who adds a document creates it everywhere. {@code scuttleboat} in
 * JavaScript.
 *
 * <pre>{@code
 * Scuttleboat boat = new Scuttleboat(ReplicaOptions.defaults());
 * boat.register("Model", (options, settings) -> new Model(options));
 * boat.on(Scuttleboat.Created.class, created -> show(created.key(), created.document()));
 * Model plan = boat.add("plan", "Model", null, Model.class);
 * }</pre>
 *
 * <p>What documents there are stands in {@link #manifest()}, one row for each call of {@code add}. Both ends should register
 * the same types under the same names. What comes for a document of a type that is not registered is kept, passed on, and
 * applied once the type is.
 *
 * <p>A key that is added twice is one document. If the types differ, that of the earliest row counts, in every replica; what
 * does not fit it waits and is not applied. JavaScript peers take the last row that arrives: to be safe with them, use keys
 * that have the id of the creator in them.
 *
 * @see "data-types, section 7"
 */
public final class Scuttleboat extends Composite {
    /*
     * Whether there is a document, and its type, is a function of the manifest: of the rows with its key that
     * are complete, the one whose key and type were written first decides. Rows may arrive in any order, so the decision may change; the document is then
     * made anew from what the history holds for its key.
     *
     * In the original a document outlives its row. Here it cannot: those who come later would not have it. What the
     * compatible mode does is a function of the order of arrival instead.
     */
    private static final String MANIFEST = "__manifest__";

    /** Makes documents of one type. Called with the lock held; must be quick. */
    @FunctionalInterface
    public interface Type {
        /**
         * Makes a document.
         *
         * @param options to be passed on to the document
         * @param settings what was given to {@code add}, or null
         */
        Replica create(ReplicaOptions options, @Nullable Json settings);
    }

    /** A document is there, added here or elsewhere, or its type became known. */
    public record Created(String key, Replica document) implements ReplicaEvent {}

    /** A document was added that cannot be made here, as a rule because its type is not registered. Its updates wait. */
    public record NotCreated(String key, String type, String reason) implements ReplicaEvent {}

    /**
     * No row of the manifest names a document any more: it was deleted there, or given another key. What is held for the
     * document waits, and comes back with it.
     */
    public record Gone(String key) implements ReplicaEvent {}

    /** A row of the manifest is left aside: its key cannot be that of a document. */
    public record Ignored(Row row) implements ReplicaEvent {}

    /** What a row says: that there is a document of this key. */
    private record Claim(String key, Update completed) {}

    private final Part<Doc> manifest;
    private final Map<String, Type> types = new HashMap<>();

    /** The complete rows of a key by what completed them; the first one decides. */
    private final Map<String, NavigableMap<Update, Row>> rowsOfKey = new HashMap<>();

    private final Map<String, Claim> claimOfRow = new HashMap<>();
    private final Map<String, String> typeOfKey = new LinkedHashMap<>();

    /** In the compatible mode: ids of the rows that have made a document, or failed to. */
    private final Set<String> rowsSeen = new HashSet<>();

    private final Resolution resolution;

    /** Creates a boat without documents with a new random id. */
    public Scuttleboat() {
        this(ReplicaOptions.defaults());
    }

    /** Creates a boat without documents with this id. */
    public Scuttleboat(String id) {
        this(ReplicaOptions.defaults().id(id));
    }

    /** Creates a boat without documents. */
    public Scuttleboat(ReplicaOptions options) {
        this(options, Resolution.CONVERGENT);
    }

    /**
     * Creates a boat without documents that resolves conflicts in this way. In the compatible mode the row that arrives last
     * makes a document anew, what was in it is gone, and what comes for a document that is not there is lost.
     */
    public Scuttleboat(ReplicaOptions options, Resolution resolution) {
        this(options, resolution, MAX_PENDING, MAX_PENDING_OF_A_NAME);
    }

    /**
     * Creates a boat without documents for somebody who carries what others write, such as a hub.
     *
     * @param maxPending how many updates may wait for documents that are not there or whose type is not registered; 100,000
     *     otherwise, 10,000 of them for one document. Beyond it they are {@link Scuttlebucket.Dropped}, and those who come
     *     later may lack them. Something else has to bound the size if this does not.
     */
    public Scuttleboat(ReplicaOptions options, int maxPending) {
        this(options, Resolution.CONVERGENT, maxPending, maxPending);
    }

    private Scuttleboat(ReplicaOptions options, Resolution resolution, int maxPending, int maxPendingOfAName) {
        super(options, maxPending, maxPendingOfAName);
        this.resolution = resolution;
        manifest = part(MANIFEST, Doc::new);
        adjust(() -> place(MANIFEST, manifest));
    }

    // Types

    /**
     * Makes a type known. Documents of this type that were added elsewhere before are created now.
     *
     * @param name the same at all ends
     * @return this
     * @throws IllegalArgumentException if the name is taken
     */
    public Scuttleboat register(String name, Type type) {
        adjust(() -> {
            if (types.putIfAbsent(name, type) != null) {
                throw new IllegalArgumentException("there is a type \"" + name + "\" already");
            }
            if (resolution == Resolution.CONVERGENT) {
                Set.copyOf(rowsOfKey.keySet()).forEach(this::settle);
            }
        });
        return this;
    }

    // Documents

    /**
     * Adds a document, unless there is one of this key and type. When this returns, it is there. In the compatible mode it is
     * a new one in any case.
     *
     * @param settings for the type, as {@link Json#of(Object)} takes them; null for none
     * @return the document
     * @throws IllegalArgumentException if the key is empty, {@code __manifest__} or {@code __proto__}, if the type is not
     *     registered, or if there is a document of this key and another type; nothing is sent then
     */
    public Replica add(String key, String type, @Nullable Object settings) {
        if (!isKey(key)) {
            throw new IllegalArgumentException("\"" + key + "\" cannot be the key of a document");
        }
        Replica known = read(() -> {
            if (!types.containsKey(type)) {
                throw new IllegalArgumentException(
                        "there is no type \"" + type + "\"; registered are " + types.keySet());
            }
            if (resolution == Resolution.COMPATIBLE) {
                return null;
            }
            String other = typeOfKey.get(key);
            if (other != null && !other.equals(type)) {
                throw new IllegalArgumentException("the document \"" + key + "\" is a " + other + ", not a " + type);
            }
            return findReplica(key);
        });
        if (known != null) {
            return known;
        }
        JsonObject row = Json.object("key", key, "type", type);
        manifest.replica().add(settings == null ? row : row.with("opts", Json.of(settings)));
        Replica made = findReplica(key);
        if (made == null) {
            throw new IllegalStateException("the document \"" + key
                    + "\" was not made: another type was given to it before," + " or the type failed; see NotCreated");
        }
        return made;
    }

    /** Adds a document of this class. See {@link #add(String, String, Object)}. */
    public <R extends Replica> R add(String key, String type, @Nullable Object settings, Class<R> as) {
        return as.cast(add(key, type, settings));
    }

    /**
     * Returns a document.
     *
     * @throws IllegalArgumentException if there is none of this key, or it is of another class
     */
    public <R extends Replica> R document(String key, Class<R> type) {
        return typed(key, type);
    }

    /** Returns the documents by key, in the order in which they came to be here. */
    public Map<String, Replica> documents() {
        Map<String, Replica> documents = replicas();
        documents.remove(MANIFEST);
        return documents;
    }

    /** Returns what lists the documents: rows with {@code key}, {@code type} and {@code opts}. Add to it by {@code add}. */
    public Doc manifest() {
        return manifest.replica();
    }

    // Merging

    @Override
    protected boolean applyUpdate(Update update) {
        String name = update.partName();
        if (name.equals(MANIFEST)) {
            boolean passed = super.applyUpdate(update);
            onRow(update.change().asArray().get(1).asArray().get(0).asString());
            return passed;
        }
        if (resolution == Resolution.COMPATIBLE) {
            return applyOriginal(name, update);
        }
        try {
            return super.applyUpdate(update);
        } catch (IllegalArgumentException misfit) {
            if (find(name) == null) {
                throw misfit;
            }
            // It may be for a document of another type, whose row is still to come.
            return hold(name, update);
        }
    }

    @Override
    void misfit(String name, Update update, IllegalArgumentException why) {
        hold(name, update);
    }

    private void onRow(String id) {
        Row row = manifest.replica().row(id);
        if (resolution == Resolution.COMPATIBLE) {
            onRowOriginal(row);
            return;
        }
        Json given = row.get("key");
        if (given != null && !(given instanceof JsonString text && isKey(text.value()))) {
            publish(new Ignored(row));
        }
        Claim claim = claim(row);
        Claim before = claim == null ? claimOfRow.remove(id) : claimOfRow.put(id, claim);
        if (before != null) {
            rowsOfKey(before.key()).remove(before.completed());
        }
        if (claim != null) {
            rowsOfKey(claim.key()).put(claim.completed(), row);
            settle(claim.key());
        }
        if (before != null && (claim == null || !before.key().equals(claim.key()))) {
            settle(before.key());
        }
    }

    private static @Nullable Claim claim(Row row) {
        String key = text(row, "key");
        Update keyed = row.lastUpdate("key");
        Update typed = row.lastUpdate("type");
        if (key == null || !isKey(key) || text(row, "type") == null || keyed == null || typed == null) {
            return null;
        }
        return new Claim(key, keyed.isAfter(typed) ? keyed : typed);
    }

    private NavigableMap<Update, Row> rowsOfKey(String key) {
        return rowsOfKey.computeIfAbsent(key, first -> new TreeMap<>(Update.STAMP_ORDER));
    }

    private static boolean isKey(String key) {
        return !key.isEmpty() && !key.equals(MANIFEST) && !key.equals("__proto__");
    }

    /** Makes the document of a key what the manifest says. Lock held. */
    private void settle(String key) {
        NavigableMap<Update, Row> rows = rowsOfKey.getOrDefault(key, Collections.emptyNavigableMap());
        if (rows.isEmpty()) {
            rowsOfKey.remove(key);
        }
        Row decides = rows.isEmpty() ? null : rows.firstEntry().getValue();
        String wanted = decides == null ? null : text(decides, "type");
        String known = typeOfKey.get(key);
        if (known != null && !known.equals(wanted)) {
            typeOfKey.remove(key);
            displace(key);
            if (wanted == null) {
                publish(new Gone(key));
            }
        }
        if (decides == null || wanted == null || wanted.equals(known)) {
            return;
        }
        Part<Replica> made = make(key, wanted, decides.get("opts"));
        if (made != null) {
            typeOfKey.put(key, wanted);
            place(key, made);
            publish(new Created(key, made.replica()));
        }
    }

    private @Nullable Part<Replica> make(String key, String type, @Nullable Json settings) {
        Type known = types.get(type);
        if (known == null) {
            publish(new NotCreated(key, type, "the type is not registered; registered are " + types.keySet()));
            return null;
        }
        try {
            return part(key, options -> known.create(options, settings));
        } catch (RuntimeException failed) {
            // The settings came from a peer: what the type makes of them must not hold up anything else.
            publish(new NotCreated(key, type, String.valueOf(failed)));
            return null;
        }
    }

    private static @Nullable String text(Row row, String field) {
        return row.get(field) instanceof JsonString text ? text.value() : null;
    }

    // As the original

    /** The original throws at what is for no document, and passes on whatever else it is given. */
    private boolean applyOriginal(String name, Update update) {
        Part<?> part = find(name);
        if (part == null) {
            return false;
        }
        try {
            return handOn(part, update);
        } catch (IllegalArgumentException malformed) {
            forget(update);
            return true;
        }
    }

    /** What a row says when it gets its first fields counts, and never again. */
    private void onRowOriginal(Row row) {
        if (row.toJson().size() < 2 || !rowsSeen.add(row.id())) {
            return;
        }
        String key = JsValues.asText(row.get("key"));
        String type = JsValues.asText(row.get("type"));
        if (!isKey(key)) {
            publish(new Ignored(row));
            return;
        }
        Part<Replica> made = make(key, type, row.get("opts"));
        if (made != null) {
            history().stream().filter(update -> update.partName().equals(key)).forEach(this::forget);
            place(key, made);
            publish(new Created(key, made.replica()));
        }
    }
}
