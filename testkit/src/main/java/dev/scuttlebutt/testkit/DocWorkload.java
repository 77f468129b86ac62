package dev.scuttlebutt.testkit;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.crdt.Doc;
import dev.scuttlebutt.types.crdt.Row;
import dev.scuttlebutt.types.crdt.RowIndex;
import dev.scuttlebutt.types.crdt.RowOrder;
import dev.scuttlebutt.types.crdt.RowSequence;
import dev.scuttlebutt.types.crdt.RowSet;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Works on a few rows, so that replicas meet on them, and with all kinds of sets at once. */
final class DocWorkload implements Workload<Doc> {
    private static final List<String> IDS =
            List.of("a", "b", "c", "d", "e", "f", "g", "h", "", "0", "4294967294", "\u0000", "é\ud83e", "null");
    private static final List<String> FIELDS = List.of("title", "done", "list", "stars", "id2", "", "7", "\ud800");

    /** Keys as other programs make them, so that some are level and some leave no room between. */
    private static final List<String> KEYS = List.of("V", "V", "V0", "V!", "VV", "k", "k", "F", "", "k\u0000", "~");

    private static final List<String> LISTS = List.of("todo", "done");
    private static final RowOrder BY_STARS = RowOrder.byDescending("stars").thenBy("title");
    private static final Predicate<JsonObject> HAS_STARS =
            row -> row.has("stars") && !Json.of(1).equals(row.get("stars"));

    @Override
    public Doc create(ReplicaOptions options) {
        Doc doc = new Doc(options);
        LISTS.forEach(list -> doc.createSequence("list", list));
        doc.createSet("list", "todo");
        doc.createIndex("stars");
        return doc;
    }

    @Override
    public String step(Gen random, Doc doc) {
        if (random.oneIn(25)) {
            check(doc);
        }
        RowSequence list = doc.createSequence("list", random.pick(LISTS));
        String id = random.pick(IDS);
        int kind = random.below(100);
        if (kind < 30) {
            JsonObject fields = fields(random);
            doc.set(id, fields);
            return "set " + Json.of(id) + " " + fields;
        } else if (kind < 38) {
            doc.remove(id);
            return "remove " + Json.of(id);
        } else if (kind < 42) {
            Json key = random.percent(90) ? Json.of(random.pick(KEYS)) : random.json();
            doc.set(id, Json.object("_sort", key));
            return "sort " + Json.of(id) + " " + key;
        } else if (kind < 48) {
            Row row = doc.add(fields(random));
            row.remove();
            return "add and remove " + row.id();
        } else if (kind < 52) {
            Row taken = random.percent(50) ? list.pop() : list.shift();
            return taken == null ? "" : "take out " + Json.of(taken.id());
        } else if (kind < 55) {
            return list.remove(doc.row(id)) ? "remove from list " + Json.of(id) : "";
        }
        return insert(random, list, doc.row(id));
    }

    private static JsonObject fields(Gen random) {
        JsonObject.Builder fields = JsonObject.builder();
        for (int i = random.lowBetween(1, 4); i > 0; i--) {
            String name = random.pick(FIELDS);
            Json value = random.percent(60)
                    ? Json.of(random.below(4))
                    : random.percent(20) ? Json.NULL : Workloads.big(random, random.json());
            fields.put(name, name.equals("list") ? Json.of(random.pick(LISTS)) : value);
        }
        return fields.build();
    }

    private static String insert(Gen random, RowSequence list, Row row) {
        Object item = random.percent(80) ? row : Json.object("id", row.id(), "title", random.below(100));
        Row there = list.isEmpty() ? row : list.at(random.below(list.size()));
        Row other = there == null ? row : there;
        switch (random.below(5)) {
            case 0 -> list.push(item);
            case 1 -> list.unshift(item);
            case 2 -> list.before(item, other);
            case 3 -> list.after(item, other);
            default -> list.insert(random.below(list.size() - (list.contains(row) ? 1 : 0) + 1), item);
        }
        return "place " + Json.of(row.id()) + " in " + list + " near " + Json.of(other.id());
    }

    /** What is kept up to date must be what a new look finds, unless the document changed between the two. */
    private static void check(Doc doc) {
        Clock before = doc.clock();
        String difference = difference(doc);
        if (difference != null && doc.clock().equals(before)) {
            throw new AssertionError(difference);
        }
    }

    private static @Nullable String difference(Doc doc) {
        String found = null;
        for (String list : LISTS) {
            try (RowSequence fresh = doc.createSequence(row -> Json.of(list).equals(row.get("list")))) {
                found = found == null ? difference(doc.createSequence("list", list), fresh) : found;
            }
        }
        try (RowSet fresh = doc.createSet("list", "todo", BY_STARS);
                RowSet again = doc.createSet("list", "todo", BY_STARS)) {
            found = found == null ? difference(fresh, again) : found;
        }
        try (RowSet stars = doc.createSet(HAS_STARS, BY_STARS)) {
            RowIndex index = doc.createIndex("stars");
            long ones = index.count(1);
            if (stars.size() + ones != index.size() || index.rows().size() != index.size()) {
                return index + " has " + index.rows() + ", expected " + stars.ids() + " and " + ones;
            }
        }
        return found;
    }

    private static @Nullable String difference(RowSet kept, RowSet fresh) {
        List<String> now = kept.ids();
        List<String> expected = fresh.ids();
        return now.equals(expected) ? null : kept + " has " + now + ", expected " + expected;
    }

    @Override
    public List<Json> malformed() {
        return List.of(
                Json.NULL,
                Json.TRUE,
                Json.of(5),
                Json.of("hello"),
                Json.array(),
                Json.object(),
                Json.array("row"),
                Json.array(1, Json.object("x", 1)),
                Json.array(null, Json.object("x", 1)),
                Json.array("row", "ab"),
                Json.array("row", Json.array(1)),
                Json.array("row", 7),
                Json.array("__proto__", Json.object("x", 1)),
                Json.array("constructor", null));
    }

    @Override
    public NaiveReplica naive() {
        return NaiveReplica.doc();
    }
}
