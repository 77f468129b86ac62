package dev.scuttlebutt.types;

/**
 * A text that several people change at once: {@link RString} or {@link REdit}. Offsets and lengths count UTF-16 units, as
 * those of {@code String} do; each call that changes something is one update, unless so much is inserted that it takes several.
 * {@link TextChanged} tells of changes.
 */
public sealed interface ReplicatedText permits RString, REdit {

    /** Returns the text. O(n). */
    String text();

    /** Makes this the text; no update if it is so already. What stays is not touched. */
    void text(String text);

    /** Returns the length of the text. */
    int length();

    /**
     * Inserts a text.
     *
     * @param at from 0 to {@link #length}
     * @throws IndexOutOfBoundsException if it is beyond the end
     */
    void insert(int at, String text);

    /**
     * Deletes a part.
     *
     * @param length in units; less if there are not so many
     * @throws IndexOutOfBoundsException if the offset is beyond the end
     * @throws IllegalArgumentException if the length is negative
     */
    void delete(int at, int length);

    /**
     * Replaces a part.
     *
     * @param length in units; less if there are not so many
     * @throws IndexOutOfBoundsException if the offset is beyond the end
     * @throws IllegalArgumentException if the length is negative
     */
    void replace(int at, int length, String text);
}
