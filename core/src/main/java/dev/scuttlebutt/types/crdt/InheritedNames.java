package dev.scuttlebutt.types.crdt;

import java.util.Set;

/** Names that every JavaScript object has from birth. */
final class InheritedNames {
    /*
     * The original keeps rows, fields and their history in plain objects and asks them "is there one of this name". For
     * these names the answer is always yes: a field of such a name never takes a value there, and an update of such a row
     * throws. A replica that did otherwise would not agree with any JavaScript peer.
     */
    private static final Set<String> NAMES = Set.of(
            "constructor",
            "hasOwnProperty",
            "isPrototypeOf",
            "propertyIsEnumerable",
            "toLocaleString",
            "toString",
            "valueOf",
            "__defineGetter__",
            "__defineSetter__",
            "__lookupGetter__",
            "__lookupSetter__",
            "__proto__");

    private InheritedNames() {}

    static boolean contains(String name) {
        return NAMES.contains(name);
    }

    /** Refuses a field name for a change made here. */
    static void checkField(String name) {
        if (contains(name)) {
            throw new IllegalArgumentException(
                    "a field cannot be called " + name
                            + ": every JavaScript object has a member of that name, so JavaScript peers would ignore the field");
        }
        if (name.equals("error")) {
            throw new IllegalArgumentException(
                    "a field cannot be called error: JavaScript peers would throw when they receive it");
        }
    }

    /** Refuses a row id, of whatever origin. */
    static String checkRow(String id) {
        if (contains(id)) {
            throw new IllegalArgumentException("a row cannot be called " + id
                    + ": every JavaScript object has a member of that name, so JavaScript peers would throw");
        }
        return id;
    }
}
