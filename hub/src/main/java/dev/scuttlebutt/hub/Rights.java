package dev.scuttlebutt.hub;

import java.util.Locale;

/** What somebody may do with a document. Each includes those before it. */
public enum Rights {
    /** Nothing. */
    NONE,
    /** Get what there is and what comes. */
    READ,
    /** Change it, and so make it. */
    WRITE,
    /** Delete, export and import it, see who is connected, disconnect them. */
    ADMIN;

    /** Tells whether this is as much as the other, or more. */
    public boolean include(Rights other) {
        return compareTo(other) >= 0;
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
