package dev.scuttlebutt.hub;

/**
 * Why the hub closes a WebSocket. The code says whether to come back: after 1001, 1011, 1012, 1013, 4408 and 4429 yes,
 * after a while; after the others no, since the same would happen.
 */
enum CloseCode {
    /** The hub is shutting down. */
    GOING_AWAY(1001),
    /** A message is too long, or too much came at once. */
    TOO_LONG(1009),
    /** Something failed here. */
    INTERNAL(1011),
    /** The rights have changed: connect again to have the new ones. */
    RESTART(1012),
    /** There are too many connections. */
    TRY_LATER(1013),
    /** The name cannot be one of a document. */
    BAD_NAME(4400),
    /** A token is needed, or the one given is not known. */
    NO_TOKEN(4401),
    /** The token does not give the right, or was withdrawn. */
    NO_RIGHT(4403),
    /** No type belongs to the name. */
    NO_TYPE(4404),
    /** The document was deleted. */
    DELETED(4410),
    /** The document has reached its greatest size. */
    TOO_LARGE(4413);

    private final int code;

    CloseCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
