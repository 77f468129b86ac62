package dev.scuttlebutt.store;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Which documents to list. Immutable: each method returns a changed copy.
 *
 * <pre>{@code
 * store.list(NameRange.prefix("model/").after(last).limit(100))
 * }</pre>
 *
 * @param from the first name that may be in it
 * @param to the first name behind it, or null for no end
 * @param prefix what all names begin with
 * @param exclusive whether {@code from} itself is left out
 * @param limit how many at most
 */
public record NameRange(String from, @Nullable String to, String prefix, boolean exclusive, int limit) {
    /** By code points, which is the order of the bytes in UTF-8. */
    static final Comparator<String> ORDER = NameRange::compare;

    /** Checks the limit. */
    public NameRange {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be positive, was " + limit);
        }
    }

    /** All names. */
    public static NameRange all() {
        return prefix("");
    }

    /** Names that begin with this. */
    public static NameRange prefix(String prefix) {
        return new NameRange(prefix, null, prefix, false, Integer.MAX_VALUE);
    }

    /**
     * Names from one to another.
     *
     * @param to the first name that is not in it
     */
    public static NameRange between(String from, String to) {
        return new NameRange(from, to, "", false, Integer.MAX_VALUE);
    }

    /** Goes on behind a name, usually the last one of the page before. */
    public NameRange after(String name) {
        return ORDER.compare(name, from) < 0 ? this : new NameRange(name, to, prefix, true, limit);
    }

    /** Sets how many at most. */
    public NameRange limit(int limit) {
        return new NameRange(from, to, prefix, exclusive, limit);
    }

    /** Tells whether a name is in it. */
    public boolean contains(String name) {
        int order = ORDER.compare(name, from);
        return (exclusive ? order > 0 : order >= 0)
                && name.startsWith(prefix)
                && (to == null || ORDER.compare(name, to) < 0);
    }

    /** Returns the first name behind all that may be in it, or null when there is none. */
    @Nullable
    String end() {
        String behind = behindPrefix();
        return behind == null || (to != null && ORDER.compare(to, behind) < 0) ? to : behind;
    }

    /** Returns the first name behind all that begin with the prefix, or null when there is none. */
    private @Nullable String behindPrefix() {
        int end = prefix.length();
        while (end > 0) {
            int point = prefix.codePointBefore(end);
            end -= Character.charCount(point);
            if (point < Character.MAX_CODE_POINT) {
                int next = point + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : point + 1;
                return prefix.substring(0, end) + Character.toString(next);
            }
        }
        return null;
    }

    private static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                // Surrogates stand for code points above all others, but lie below U+E000.
                boolean surrogates = Character.isSurrogate(x) != Character.isSurrogate(y);
                return surrogates ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
