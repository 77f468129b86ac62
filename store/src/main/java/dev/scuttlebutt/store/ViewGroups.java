package dev.scuttlebutt.store;

import dev.scuttlebutt.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The groups of a view as a tree: what documents contributed to each, and what comes of it. Not thread-safe. */
final class ViewGroups {
    /*
     * A group has the contributions of documents and groups within. Its result is reduced from both; when something of it
     * changes, it and all it is in are reduced anew, each from what is directly in it.
     */

    /** What a document contributed to a group. */
    record Contribution(List<String> group, Json value) {}

    private static final class Group {
        final TreeMap<String, List<Json>> documents = new TreeMap<>(NameRange.ORDER);
        final TreeMap<String, Group> within = new TreeMap<>(NameRange.ORDER);

        @Nullable
        Json result;

        boolean isEmpty() {
            return documents.isEmpty() && within.isEmpty();
        }
    }

    private final ViewDefinition definition;
    private final Group all = new Group();
    private final Map<String, List<Contribution>> contributions = new HashMap<>();

    ViewGroups(ViewDefinition definition) {
        this.definition = definition;
    }

    /**
     * Replaces what a document contributes.
     *
     * @return the groups whose result is another one now, with what it was
     */
    Map<List<String>, @Nullable Json> replace(String document, List<Contribution> news) {
        List<Contribution> before = news.isEmpty() ? contributions.remove(document) : contributions.put(document, news);
        Map<List<String>, @Nullable Json> changed = new TreeMap<>(ViewGroups::compare);
        if (before != null) {
            before.forEach(old -> find(old.group).documents.remove(document));
            before.forEach(old -> touch(old.group, changed));
        }
        news.forEach(one -> find(one.group)
                .documents
                .computeIfAbsent(document, first -> new ArrayList<>())
                .add(one.value));
        news.forEach(one -> touch(one.group, changed));
        List<List<String>> innermostFirst = new ArrayList<>(changed.keySet());
        Collections.reverse(innermostFirst);
        innermostFirst.forEach(this::reduce);
        changed.entrySet().removeIf(entry -> same(entry.getValue(), get(entry.getKey())));
        return changed;
    }

    private static boolean same(@Nullable Json a, @Nullable Json b) {
        return a == null ? b == null : a.equals(b);
    }

    /** A group stands before those within it. */
    private static int compare(List<String> a, List<String> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            int order = NameRange.ORDER.compare(a.get(i), b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    private void touch(List<String> group, Map<List<String>, @Nullable Json> changed) {
        for (int depth = 0; depth <= group.size(); depth++) {
            List<String> outer = group.subList(0, depth);
            if (!changed.containsKey(outer)) {
                changed.put(outer, get(outer));
            }
        }
    }

    private Group find(List<String> group) {
        Group found = all;
        for (String step : group) {
            found = found.within.computeIfAbsent(step, first -> new Group());
        }
        return found;
    }

    private @Nullable Group known(List<String> group) {
        Group found = all;
        for (String step : group) {
            found = found == null ? null : found.within.get(step);
        }
        return found;
    }

    private void reduce(List<String> name) {
        Group group = known(name);
        if (group == null) {
            return;
        }
        if (group.isEmpty()) {
            group.result = null;
            Group outer = name.isEmpty() ? null : known(name.subList(0, name.size() - 1));
            if (outer != null) {
                outer.within.remove(name.get(name.size() - 1));
            }
            return;
        }
        Json result = definition.initial();
        for (List<Json> values : group.documents.values()) {
            for (Json value : values) {
                result = definition.reduce(result, value);
            }
        }
        for (Group inner : group.within.values()) {
            Json value = inner.result;
            if (value != null) {
                result = definition.reduce(result, value);
            }
        }
        group.result = result;
    }

    @Nullable
    Json get(List<String> group) {
        Group found = known(group);
        return found == null ? null : found.result;
    }

    SortedMap<String, Json> within(List<String> group) {
        SortedMap<String, Json> results = new TreeMap<>(NameRange.ORDER);
        Group found = known(group);
        if (found != null) {
            found.within.forEach((name, inner) -> {
                Json result = inner.result;
                if (result != null) {
                    results.put(name, result);
                }
            });
        }
        return results;
    }

    SortedMap<String, List<Json>> documents(List<String> group) {
        SortedMap<String, List<Json>> values = new TreeMap<>(NameRange.ORDER);
        Group found = known(group);
        if (found != null) {
            found.documents.forEach((name, contributed) -> values.put(name, List.copyOf(contributed)));
        }
        return values;
    }
}
