package dev.scuttlebutt.types;

import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The changes of a {@link GossipObject} by path, resolved so that the order of arrival does not matter. */
final class PathTree implements PathStore {
    /*
     * For each path the change with the greatest stamp is remembered, whether it sets or deletes, and whether something
     * above or below wiped it or not. It shows if nothing greater is remembered at a prefix of its path or at an extension.
     * What is remembered is a maximum and the rest is a function of it, so no order of arrival comes into it. JavaScript
     * forgets a change that was wiped together with what it had wiped itself; that is why its replicas differ.
     *
     * Stamps only grow, here and in the maximum that each node keeps of what is below it.
     */

    /** An update and how many of its changes are remembered. */
    private static final class Held {
        final Update update;
        int remembered;

        Held(Update update) {
            this.update = update;
        }
    }

    /** One change. Of two in one update the later counts as greater. */
    private record Write(Held held, int index, @Nullable Json value) {
        boolean isAfter(@Nullable Write other) {
            return other == null
                    || held.update.isAfter(other.held.update)
                    || (held == other.held && index > other.index);
        }
    }

    private static final class Node {
        final Map<String, Node> children = new LinkedHashMap<>(4);

        @Nullable
        Write own;

        @Nullable
        Write below;
    }

    private final Node root = new Node();

    @Override
    public boolean apply(Update update, List<PathChange> changes, Consumer<Update> forget) {
        Held held = new Held(update);
        List<Held> beaten = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            PathChange change = changes.get(i);
            write(change.path(), new Write(held, i, change.value()), beaten);
        }
        for (Held loser : beaten) {
            if (loser.remembered == 0 && loser != held) {
                forget.accept(loser.update);
            }
        }
        return held.remembered > 0;
    }

    private void write(List<String> path, Write write, List<Held> beaten) {
        List<Node> above = new ArrayList<>(path.size());
        Node node = root;
        for (String key : path) {
            above.add(node);
            node = node.children.computeIfAbsent(key, first -> new Node());
        }
        Write old = node.own;
        if (!write.isAfter(old)) {
            return;
        }
        node.own = write;
        write.held.remembered++;
        if (old != null) {
            old.held.remembered--;
            beaten.add(old.held);
        }
        for (Node each : above) {
            if (write.isAfter(each.below)) {
                each.below = write;
            }
        }
    }

    @Override
    public void conflicting(List<String> path, Consumer<Update> seen) {
        Node node = root;
        for (String key : path) {
            node = node.children.get(key);
            if (node == null) {
                return;
            }
            if (node.own != null) {
                seen.accept(node.own.held.update);
            }
        }
        if (node.below != null) {
            seen.accept(node.below.held.update);
        }
    }

    @Override
    public JsonObject toJson() {
        JsonObject.Builder object = JsonObject.builder();
        root.children.forEach((key, child) -> {
            Json value = visible(child, null);
            if (value != null) {
                object.put(key, value);
            }
        });
        return object.build();
    }

    /** Nested as deeply as paths are long, which is limited. */
    private static @Nullable Json visible(Node node, @Nullable Write above) {
        Write own = node.own;
        boolean shown = own != null && own.isAfter(above);
        if (shown && own != null && own.isAfter(node.below)) {
            return own.value;
        }
        Write greatest = shown ? own : above;
        JsonObject.Builder object = JsonObject.builder();
        boolean any = false;
        for (Map.Entry<String, Node> child : node.children.entrySet()) {
            Json value = visible(child.getValue(), greatest);
            if (value != null) {
                object.put(child.getKey(), value);
                any = true;
            }
        }
        return any ? object.build() : null;
    }
}
