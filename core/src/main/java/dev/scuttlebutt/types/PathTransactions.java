package dev.scuttlebutt.types;

import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The changes of a {@link GossipObject} as the JavaScript original keeps and resolves them. */
final class PathTransactions implements PathStore {
    /** An update and those of its changes that are left. */
    private record Transaction(Update update, List<PathChange> changes) {}

    /** In stamp order. */
    private final List<Transaction> transactions = new ArrayList<>();

    @Override
    public boolean apply(Update update, List<PathChange> changes, Consumer<Update> forget) {
        Transaction ours = new Transaction(update, new ArrayList<>(changes));
        int place = transactions.size();
        while (place > 0 && transactions.get(place - 1).update.isAfter(update)) {
            place--;
        }
        for (Transaction later : transactions.subList(place, transactions.size())) {
            for (PathChange theirs : later.changes) {
                ours.changes.removeIf(theirs::conflictsWith);
            }
        }
        if (ours.changes.isEmpty()) {
            return false;
        }
        for (Iterator<Transaction> earlier = transactions.subList(0, place).iterator(); earlier.hasNext(); ) {
            Transaction theirs = earlier.next();
            ours.changes.forEach(change -> theirs.changes.removeIf(change::conflictsWith));
            if (theirs.changes.isEmpty()) {
                earlier.remove();
                forget.accept(theirs.update);
                place--;
            }
        }
        transactions.add(place, ours);
        return true;
    }

    @Override
    public void conflicting(List<String> path, Consumer<Update> seen) {
        PathChange change = new PathChange(path, null);
        for (Transaction each : transactions) {
            if (each.changes.stream().anyMatch(change::conflictsWith)) {
                seen.accept(each.update);
            }
        }
    }

    @Override
    public JsonObject toJson() {
        Map<String, Object> root = new LinkedHashMap<>();
        for (Transaction each : transactions) {
            for (PathChange change : each.changes) {
                if (change.value() != null) {
                    assign(root, change.path(), change.value());
                }
            }
        }
        return Json.of(root).asObject();
    }

    /** Within one transaction a change may lie below another; the original throws there if that one is truthy. */
    private static void assign(Map<String, Object> root, List<String> path, Json value) {
        Map<String, Object> object = root;
        for (String key : path.subList(0, path.size() - 1)) {
            object = child(object, key);
        }
        object.put(path.get(path.size() - 1), value);
    }

    @SuppressWarnings("unchecked") // only strings are put in as keys
    private static Map<String, Object> child(Map<String, Object> object, String key) {
        @Nullable Object known = object.get(key);
        if (known instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        Map<String, Object> made = new LinkedHashMap<>();
        object.put(key, made);
        return made;
    }
}
