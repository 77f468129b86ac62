package dev.scuttlebutt.json;

/** A text is not JSON, or not the JSON that was asked for. The message says what was expected, found, and where. */
public final class JsonException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String problem;
    private final int offset;

    JsonException(String problem, int offset) {
        super(problem + " at offset " + offset);
        this.problem = problem;
        this.offset = offset;
    }

    /** Returns what was expected and found, without the place; for callers that know a better name for it. */
    public String problem() {
        return problem;
    }

    /**
     * Returns where the problem is: an index into the bytes, or into the UTF-16 units of a {@code String}, that the
     * reader was made from. It equals the end of the range if the text stops too early.
     */
    public int offset() {
        return offset;
    }
}
