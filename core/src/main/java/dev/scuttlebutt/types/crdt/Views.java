package dev.scuttlebutt.types.crdt;

import dev.scuttlebutt.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All sets and indices of a document. Guarded by its lock. */
final class Views {
    /*
     * A change of a row concerns the sets it is in, those it joins, and those that have a rule. The first two are found by
     * the row's values in the fields that have sets at all; a thousand sets by one field cost no more than one.
     */
    private final Map<String, Map<Json, List<Members>>> byValue = new HashMap<>();
    private final List<Members> others = new ArrayList<>();

    /** Those concerned by the change under way. */
    private final List<Members> concerned = new ArrayList<>();

    void add(Members members) {
        String field = members.field();
        Json value = members.value();
        if (field == null || value == null) {
            others.add(members);
        } else {
            byValue.computeIfAbsent(field, any -> new HashMap<>())
                    .computeIfAbsent(value, any -> new ArrayList<>(1))
                    .add(members);
        }
    }

    void remove(Members members) {
        String field = members.field();
        Json value = members.value();
        if (field == null || value == null) {
            others.remove(members);
            return;
        }
        byValue.computeIfPresent(field, (any, values) -> {
            values.computeIfPresent(value, (same, sets) -> sets.remove(members) && sets.isEmpty() ? null : sets);
            return values.isEmpty() ? null : values;
        });
    }

    /** To be called before the row is changed. */
    void before(Edit edit) {
        if (byValue.isEmpty() && others.isEmpty()) {
            return;
        }
        concerned.clear();
        collect(edit.row);
        concerned.addAll(others);
        for (int i = 0; i < concerned.size(); i++) {
            concerned.get(i).before(edit);
        }
    }

    /** To be called after the row was changed. */
    void after(Edit edit) {
        if (byValue.isEmpty() && others.isEmpty()) {
            return;
        }
        collect(edit.row);
        for (int i = 0; i < concerned.size(); i++) {
            concerned.get(i).after(edit);
        }
    }

    private void collect(RowState row) {
        if (row.isVisible()) {
            byValue.forEach((field, sets) -> {
                Json value = row.value(field);
                if (value != null) {
                    addNew(sets.getOrDefault(value, List.of()));
                }
            });
        }
    }

    private void addNew(List<Members> sets) {
        for (Members members : sets) {
            if (!members.isPending()) {
                concerned.add(members);
            }
        }
    }
}
