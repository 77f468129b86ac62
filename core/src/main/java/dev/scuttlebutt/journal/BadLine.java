package dev.scuttlebutt.journal;

/**
 * A line of a journal that could not be used.
 *
 * @param line its number, from 1
 * @param offset the byte of the file at which it begins, from 0
 * @param length its length in bytes, without the line feed
 * @param reason what was expected and what was found
 */
public record BadLine(long line, long offset, int length, String reason) {

    @Override
    public String toString() {
        return "line " + line + ", bytes " + offset + " to " + (offset + length) + ": " + reason;
    }
}
