package dev.scuttlebutt.wire;

import dev.scuttlebutt.json.Json;

/**
 * What a peer's bytes may cost. Immutable: each method returns a changed copy.
 *
 * @param maxLineBytes longest line, without its line feed
 * @param maxDepth deepest nesting of JSON. Above {@link Json#MAX_DEPTH} the values could not be read again.
 * @param skipBlankLines whether a blank line is ignored, for peers that send them to keep a connection alive, instead
 *     of being an error as in the original
 */
public record Limits(int maxLineBytes, int maxDepth, boolean skipBlankLines) {
    private static final Limits DEFAULTS = new Limits(16 << 20, Json.MAX_DEPTH, false);

    /** Checks the limits. */
    public Limits {
        if (maxLineBytes < 1) {
            throw new IllegalArgumentException("maxLineBytes must be positive, was " + maxLineBytes);
        }
        if (maxDepth < 2 || maxDepth > Json.MAX_DEPTH) {
            throw new IllegalArgumentException("maxDepth must be from 2 to " + Json.MAX_DEPTH + ", was " + maxDepth);
        }
    }

    /** Returns the defaults: 16 MiB, {@link Json#MAX_DEPTH}, blank lines are errors. */
    public static Limits defaults() {
        return DEFAULTS;
    }

    /** Sets the longest line, in bytes. */
    public Limits maxLineBytes(int maxLineBytes) {
        return new Limits(maxLineBytes, maxDepth, skipBlankLines);
    }

    /** Sets the deepest nesting. */
    public Limits maxDepth(int maxDepth) {
        return new Limits(maxLineBytes, maxDepth, skipBlankLines);
    }

    /** Sets whether blank lines are ignored. */
    public Limits skipBlankLines(boolean skipBlankLines) {
        return new Limits(maxLineBytes, maxDepth, skipBlankLines);
    }
}
