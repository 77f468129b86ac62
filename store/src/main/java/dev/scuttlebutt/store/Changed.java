package dev.scuttlebutt.store;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Names of documents that are to be compared, each once; when there are too many, that there are many. */
final class Changed {
    private static final int MAX = 10_000;

    private final Set<String> names = new LinkedHashSet<>();
    private boolean many;

    /** Adds a name; null for too many to name. */
    void add(@Nullable String name) {
        if (name == null || names.size() == MAX) {
            many = true;
            names.clear();
        }
        if (!many && name != null) {
            names.add(name);
        }
    }

    boolean isEmpty() {
        return !many && names.isEmpty();
    }

    int size() {
        return names.size();
    }

    /** Tells whether there were too many, and forgets it. */
    boolean takeMany() {
        boolean were = many;
        many = false;
        return were;
    }

    /** Takes out some names; none when there are too many, which is forgotten with that. */
    List<String> take(int max) {
        List<String> taken = new ArrayList<>();
        if (takeMany()) {
            return taken;
        }
        Iterator<String> each = names.iterator();
        while (taken.size() < max && each.hasNext()) {
            taken.add(each.next());
            each.remove();
        }
        return taken;
    }
}
