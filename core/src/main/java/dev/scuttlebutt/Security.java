package dev.scuttlebutt;

/**
 * Signs the changes of one replica and verifies those of others.
 *
 * <p>Both calls run outside the replica's lock. {@link #verify} runs before the clock moves, on the thread that
 * received the update; an implementation that must wait holds back only that link. Implementations must be safe for
 * use by several threads.
 *
 * @see "core-protocol, section 9"
 */
public interface Security {

    /** Returns the id of the replica that uses this, derived from its key. */
    String createId();

    /**
     * Signs a change of the own replica.
     *
     * @param text the canonical JSON text of {@code [change, timestamp, source]} in UTF-8; not to be modified
     * @return the signature, to be appended as the last element
     * @throws IllegalStateException if the key cannot sign; the change is then not made
     */
    String sign(byte[] text);

    /**
     * Tells whether an update was signed by the replica it names as its source. An exception counts as false.
     *
     * @param update came from outside; may carry the own id
     * @return false also when the source is not known
     */
    boolean verify(Update update);
}
