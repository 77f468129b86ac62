package dev.scuttlebutt.types;

import dev.scuttlebutt.History;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonString;
import dev.scuttlebutt.json.JsonWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A replicated feed: items are added and removed, never changed. {@code append-only} in JavaScript.
 *
 * <p>An item is an object or an array. Its id is given by the library and is the same everywhere. An item that was removed
 * by anybody is gone for everybody, also for those who were away, and in whatever order push and removal arrive.
 *
 * <p>A removal is remembered for ever, at the cost of one small update. JavaScript peers forget removals, and one that
 * hears of a removal twice fails; they are sent a removal only while they are connected and hold the item. One that was
 * away keeps it.
 *
 * <p>Adding, removing and finding an item is O(1), a list of all O(n), where items did not arrive in order O(n log n).
 *
 * @see "data-types, section 3"
 */
public final class AppendOnly extends Replica {
    /*
     * Two removals of one item say the same, so the history keeps one, that of the smaller stamp: every replica keeps the
     * same, and whoever has the other one loses nothing.
     *
     * Whether a JavaScript peer holds an item is known at the moment the item goes and not later: a clock that covers the
     * push says as much only while the push is in the history. So the removals that are due to such a peer are noted then.
     */
    private static final String PUSH = "push";
    private static final String REMOVE = "remove";
    private static final String ID = "__id";
    private static final String TOMBSTONES = "tombstones";
    static final JsonObject ANNOUNCEMENT = Json.object(TOMBSTONES, true);

    /** Removals that wait for a JavaScript peer to read; of more it is not told. */
    private static final int MAX_DUE = 100_000;

    /**
     * One item.
     *
     * @param id the same in every replica
     * @param value an object or an array. A member {@code __id} of an object shows the id, as in JavaScript.
     * @param push the update that added it
     */
    public record Item(String id, Json value, Update push) {

        /**
         * Returns the item as an object of this class.
         *
         * @throws IllegalArgumentException if it cannot be one. See {@link Json#as}.
         */
        public <T> T as(Class<T> type) {
            T converted = value.as(type);
            if (converted == null) {
                throw new IllegalArgumentException("an item is never null");
            }
            return converted;
        }
    }

    /** An item was added. {@code item} in JavaScript. */
    public record Added(Item item) implements ReplicaEvent {}

    /**
     * An item was removed. {@code remove} in JavaScript.
     *
     * @param by the update that removed it
     */
    public record Removed(Item item, Update by) implements ReplicaEvent {}

    private final Resolution resolution;

    /** The pushes of the items that exist, by id, in the order in which they arrived. */
    private final Map<String, Update> pushes = new LinkedHashMap<>();

    /** By the id of the item. */
    private final Map<String, Update> removals = new HashMap<>();

    private final Map<Session, Set<Update>> due = new WeakHashMap<>();

    /** Creates an empty feed with a new random id. */
    public AppendOnly() {
        this(ReplicaOptions.defaults());
    }

    /** Creates an empty feed with this id. */
    public AppendOnly(String id) {
        this(ReplicaOptions.defaults().id(id));
    }

    /** Creates an empty feed. */
    public AppendOnly(ReplicaOptions options) {
        this(options, Resolution.CONVERGENT);
    }

    /** Creates an empty feed that resolves conflicts in this way. */
    public AppendOnly(ReplicaOptions options, Resolution resolution) {
        super(resolution == Resolution.CONVERGENT ? options : options.history(History::byArrival));
        this.resolution = resolution;
    }

    // Writing

    /**
     * Adds an item.
     *
     * @param item what {@link Json#of(Object)} makes an object or an array of: a record, a map, a list; copied
     * @return its id
     * @throws IllegalArgumentException if it is anything else, which would bring JavaScript peers down
     */
    public String push(Object item) {
        Json value = Json.of(item);
        if (!isItem(value)) {
            throw new IllegalArgumentException("an item is an object or an array, found " + value);
        }
        return idOf(localUpdate(Json.object(PUSH, value)));
    }

    /**
     * Removes an item everywhere. An item that is not known here is removed too, once it arrives.
     *
     * @return false when it was removed before, and nothing was done
     */
    public boolean remove(String id) {
        return localUpdate(() -> removal(id)) != null;
    }

    private @Nullable Json removal(String id) {
        if (removals.containsKey(id)) {
            return null;
        }
        Update push = pushes.get(id);
        if (push != null) {
            stampAbove(push);
        }
        return Json.object(REMOVE, id);
    }

    // Reading

    /** Returns the items by the timestamp of their push, then by its source: in the same order everywhere. */
    public List<Item> items() {
        List<Update> all = new ArrayList<>(read(this::copy));
        // Nearly sorted as a rule, and then sorting takes one pass.
        all.sort(Update.STAMP_ORDER);
        return all.stream().map(AppendOnly::item).toList();
    }

    /**
     * Returns the items as objects of this class, in the order of {@link #items()}.
     *
     * @throws IllegalArgumentException if one of them cannot be one. See {@link Json#as}.
     */
    public <T> List<T> items(Class<T> type) {
        return items().stream().map(item -> item.as(type)).toList();
    }

    /** Returns the items in the order in which they arrived here. */
    public List<Item> arrivals() {
        return read(this::copy).stream().map(AppendOnly::item).toList();
    }

    private Collection<Update> copy() {
        return List.copyOf(pushes.values());
    }

    /** Returns an item, or null when it is not there: removed, or not yet known. */
    public @Nullable Item get(String id) {
        Update push = read(() -> pushes.get(id));
        return push == null ? null : item(push);
    }

    /** Returns the number of items. */
    public int size() {
        return read(pushes::size);
    }

    /** Returns the values of {@link #items()}; when {@link Resolution#COMPATIBLE}, those of {@link #arrivals()}. */
    @Override
    public JsonArray toJson() {
        List<Item> items = resolution == Resolution.CONVERGENT ? items() : arrivals();
        return JsonArray.of(items.stream().map(Item::value).toList());
    }

    private static Item item(Update push) {
        String id = idOf(push);
        Json value = push.change().asObject().get(PUSH);
        if (value instanceof JsonObject object && object.has(ID)) {
            value = object.with(ID, Json.of(id));
        }
        return new Item(id, value == null ? Json.NULL : value, push);
    }

    private static String idOf(Update push) {
        return push.source() + ":" + JsonWriter.text(push.timestamp());
    }

    private static boolean isItem(@Nullable Json value) {
        return value instanceof JsonObject || value instanceof JsonArray;
    }

    // Merging

    @Override
    protected boolean applyUpdate(Update update) {
        return resolution == Resolution.CONVERGENT ? applyConvergent(update) : applyCompatible(update);
    }

    private boolean applyConvergent(Update update) {
        JsonObject change = update.change().asObject();
        Json pushed = change.get(PUSH);
        if (pushed != null) {
            if (!isItem(pushed)) {
                throw new IllegalArgumentException("an item is an object or an array");
            }
            return !removals.containsKey(idOf(update)) && add(update);
        }
        if (!(change.get(REMOVE) instanceof JsonString id)) {
            throw new IllegalArgumentException(
                    "a change of a feed is {\"push\":ITEM} or {\"remove\":\"ID\"} with a text for id");
        }
        return remove(id.value(), update);
    }

    private boolean add(Update push) {
        pushes.put(idOf(push), push);
        if (listens(Added.class)) {
            publish(new Added(item(push)));
        }
        return true;
    }

    private boolean remove(String id, Update removal) {
        Update known = removals.get(id);
        if (known != null && removal.isAfter(known)) {
            return false;
        }
        removals.put(id, removal);
        if (known != null) {
            forget(known);
            return true;
        }
        Update push = pushes.remove(id);
        if (push != null) {
            noteDue(push, removal);
            forget(push);
            if (listens(Removed.class)) {
                publish(new Removed(item(push), removal));
            }
        }
        return true;
    }

    // Peers that forget removals

    /** Says that removals may come at any time. */
    @Override
    protected JsonObject announcement() {
        return resolution == Resolution.CONVERGENT ? ANNOUNCEMENT : super.announcement();
    }

    @Override
    protected boolean isFor(Update update, Session session) {
        if (resolution == Resolution.COMPATIBLE || takesTombstones(session) || !isRemoval(update)) {
            return true;
        }
        Set<Update> ofSession = due.get(session);
        return ofSession != null && ofSession.remove(update);
    }

    private void noteDue(Update push, Update removal) {
        for (Session session : sessions()) {
            if (!takesTombstones(session) && reaches(push, session)) {
                Set<Update> ofSession = due.computeIfAbsent(session, first -> new HashSet<>());
                if (ofSession.size() < MAX_DUE) {
                    ofSession.add(removal);
                }
            }
        }
    }

    private static boolean isRemoval(Update update) {
        return update.change() instanceof JsonObject change && !change.has(PUSH);
    }

    /** A reader that does not shake hands is a file, and is read by one of us. */
    private static boolean takesTombstones(Session session) {
        var peer = session.peer();
        return peer == null || (peer.meta() instanceof JsonObject meta && Json.TRUE.equals(meta.get(TOMBSTONES)));
    }

    // As the original

    private boolean applyCompatible(Update update) {
        if (update.change() instanceof JsonArray) {
            throw new IllegalArgumentException("an array has a method push, which the original takes for an item");
        }
        JsonObject change = update.change() instanceof JsonObject object ? object : Json.object();
        Json pushed = change.get(PUSH);
        if (JsValues.isTruthy(pushed)) {
            return !isItem(pushed) || add(update);
        }
        Json removed = change.get(REMOVE);
        if (!JsValues.isTruthy(removed)) {
            return true;
        }
        Update push = pushes.remove(JsValues.asText(removed));
        if (push == null) {
            return false;
        }
        forget(push);
        // Passed on to those who are there, and gone.
        forget(update);
        if (listens(Removed.class)) {
            publish(new Removed(item(push), update));
        }
        return true;
    }
}
