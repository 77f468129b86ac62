package dev.scuttlebutt;

/** What became of an update that came from elsewhere. */
public enum Outcome {
    /** It changed the replica and is passed on. */
    APPLIED,
    /** It is not newer than the clock. */
    STALE,
    /** The type had no use for it, for example because a newer one is known. The clock has moved. */
    IGNORED,
    /** The security did not vouch for it. */
    UNVERIFIED,
    /** The authority does not allow it. */
    REFUSED,
    /** It cannot be an update of this type. */
    INVALID
}
