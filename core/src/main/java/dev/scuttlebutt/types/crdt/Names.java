package dev.scuttlebutt.types.crdt;

import java.util.HashMap;
import java.util.Map;

/** Names of fields, so that a hundred thousand rows share one copy of each. */
final class Names {
    /** A peer may invent names without end; those beyond the first few are kept by their rows alone. */
    private static final int MAX = 4096;

    private final Map<String, String> known = new HashMap<>();

    /** Returns the same name, where possible the same object as before. */
    String known(String name) {
        String same = known.get(name);
        if (same != null) {
            return same;
        }
        if (known.size() < MAX) {
            known.put(name, name);
        }
        return name;
    }
}
