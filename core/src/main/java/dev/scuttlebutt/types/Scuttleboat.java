package dev.scuttlebutt.types;

import dev.scuttlebutt.Part;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonString;
import dev.scuttlebutt.types.Claims.Claim;
import dev.scuttlebutt.types.crdt.Doc;
import dev.scuttlebutt.types.crdt.Row;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
 * <p>A key that is added twice is one document, with the settings of the earliest row. Give it the same settings everywhere
 * where these decide what a type keeps: what a shorter {@link Value} has let go of does not come back.
 *
 * <p>Where replicas that were apart gave a key different types, the earliest row decides, in every replica. What does not fit
 * its type is kept, passed on, and not shown. What fits both types may differ between replicas then, see {@link Replaced}. So
 * let one program choose the type of a key, or put the id of the creator into the key. JavaScript peers need that in any
 * case: with them whichever row arrives last empties the document, also if the type is the same.
 *
 * @see "data-types, section 7"
 */
public final class Scuttleboat extends Composite {
    /*
     * What there is, and what is held, is a function of the updates that came, not of the order in which they did. What gives
     * a key its type are claims, which stay for ever; rows of the manifest, which come and go, decide only whether the document
     * is shown. A document that is not shown goes on taking its updates, so that what it supersedes is forgotten everywhere.
     *
     * Two types of one key are where this ends. A type forgets what it has superseded, and another might have shown it: a
     * replica that first heard of the later row, and of writes that fit both types, may lack some that others show under the
     * earlier one. No rule mends that and keeps the document: to forget what either type supersedes needs both from the
     * beginning, to forget nothing has no bound, and the wire does not tell for which type something was written.
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
     * No row of the manifest names a document any more: it was deleted there, or given another key. Or an earlier row gives it
     * a type that is not registered, or settings that its type fails at. What is held for the document stays, and comes back
     * with it.
     */
    public record Gone(String key) implements ReplicaEvent {}

    /** A row of the manifest is left aside: its key cannot be that of a document. */
    public record Ignored(Row row) implements ReplicaEvent {}

    /**
     * A document is of another type from now on, or made with other settings, as an earlier row became known. If that can be
     * made here it is {@link Created} anew, of what fits.
     *
     * @param before the document as it was. Nothing is applied to it any more; what is written to it is an update of the new
     *     one, as from a peer, and waits if it does not fit there. What of it is missing in the new one can be written to that.
     */
    public record Replaced(String key, String type, Replica before) implements ReplicaEvent {}

    private final Part<Doc> manifest;
    private final Map<String, Type> types = new HashMap<>();

    private final Claims claims = new Claims();

    /** What the documents that are in their places were made of. */
    private final Map<String, Claim> madeOf = new HashMap<>();

    /** Keys that rows of the manifest name at present, and which. */
    private final Map<String, Set<String>> rowsOfKey = new HashMap<>();

    private final Map<String, String> keyOfRow = new HashMap<>();
    private final Set<String> shown = new HashSet<>();

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
                claims.keys().forEach(this::settle);
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
     *     registered, or if the key is that of a document of another type, even if it was taken from the manifest; nothing is
     *     sent then
     * @throws IllegalStateException if it was given another type meanwhile, or its type fails, see {@link NotCreated}
     */
    public Replica add(String key, String type, @Nullable Object settings) {
        if (!Claims.isKey(key)) {
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
            Claim given = claims.of(key);
            if (given != null && !given.type().equals(type)) {
                throw new IllegalArgumentException(
                        "the document \"" + key + "\" is a " + given.type() + ", not a " + type);
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
                    + "\" was not made: it was given another type meanwhile, or the type failed; see NotCreated");
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
            String row = update.change().asArray().get(1).asArray().get(0).asString();
            if (resolution == Resolution.COMPATIBLE) {
                onRowOriginal(manifest.replica().row(row));
            } else {
                onRow(row, Claim.of(update));
            }
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
            // It may be for a document of another type, or other settings, whose row is still to come.
            return hold(name, update);
        }
    }

    @Override
    void misfit(String name, Update update, IllegalArgumentException why) {
        hold(name, update);
    }

    /** A row was written or deleted. */
    private void onRow(String id, @Nullable Claim claim) {
        Set<String> concerned = new LinkedHashSet<>();
        if (claim != null) {
            Update unneeded = claims.add(claim);
            if (unneeded != null) {
                forget(unneeded);
            }
            concerned.add(claim.key());
        }
        keep(claims::keep);
        Row row = manifest.replica().row(id);
        Json given = row.get("key");
        String key = given instanceof JsonString text && Claims.isKey(text.value()) ? text.value() : null;
        if (given != null && key == null) {
            publish(new Ignored(row));
        }
        String before = key == null ? keyOfRow.remove(id) : keyOfRow.put(id, key);
        if (!Objects.equals(before, key)) {
            if (before != null) {
                rowsOfKey.computeIfPresent(before, (any, rows) -> rows.remove(id) && rows.isEmpty() ? null : rows);
                concerned.add(before);
            }
            if (key != null) {
                rowsOfKey.computeIfAbsent(key, first -> new HashSet<>(2)).add(id);
                concerned.add(key);
            }
        }
        concerned.forEach(this::settle);
    }

    /** Makes the document of a key what claims and rows say. Lock held. */
    private void settle(String key) {
        Claim claim = claims.of(key);
        if (claim == null) {
            return;
        }
        Claim made = madeOf.get(key);
        boolean wasShown = false;
        if (made != null && !made.makesTheSameAs(claim)) {
            Part<?> before = Objects.requireNonNull(find(key));
            madeOf.remove(key);
            wasShown = shown.remove(key);
            displace(key);
            publish(new Replaced(key, claim.type(), before.replica()));
        }
        if (!madeOf.containsKey(key)) {
            Part<Replica> part = make(key, claim.type(), claim.settings());
            if (part == null) {
                if (wasShown) {
                    publish(new Gone(key));
                }
                return;
            }
            place(key, part);
            madeOf.put(key, claim);
        }
        if (!rowsOfKey.containsKey(key)) {
            if (shown.remove(key) || wasShown) {
                publish(new Gone(key));
            }
        } else if (shown.add(key)) {
            publish(new Created(key, Objects.requireNonNull(find(key)).replica()));
        }
    }

    @Override
    boolean shows(String name) {
        return resolution == Resolution.COMPATIBLE || name.equals(MANIFEST) || shown.contains(name);
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
        if (!Claims.isKey(key)) {
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
