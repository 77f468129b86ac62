package dev.scuttlebutt;

/**
 * What a {@link Security} says of an update.
 *
 * @param reason for people; empty when the update is valid
 */
public record Verdict(Kind kind, String reason) {

    /** The three answers. */
    public enum Kind {
        /** Its source signed it. */
        VALID,
        /** It is not what its source signed. Later updates of that source are judged for themselves. */
        INVALID,
        /**
         * Nothing is known of its source, so this may change. Until the peer connects again, later updates of that source
         * are not taken from the same session: taking one would give up those that were refused before it.
         */
        UNKNOWN_SOURCE
    }

    private static final Verdict VALID = new Verdict(Kind.VALID, "");

    /** Returns the verdict that the update is what its source signed. */
    public static Verdict valid() {
        return VALID;
    }

    /** Returns the verdict that it is not. */
    public static Verdict invalid(String reason) {
        return new Verdict(Kind.INVALID, reason);
    }

    /** Returns the verdict that nothing can be said yet. */
    public static Verdict unknownSource(String reason) {
        return new Verdict(Kind.UNKNOWN_SOURCE, reason);
    }

    /** Tells whether the update may be applied. */
    public boolean isValid() {
        return kind == Kind.VALID;
    }
}
