package dev.scuttlebutt;

import dev.scuttlebutt.json.Json;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Signs the changes of one replica and verifies those of others.
 *
 * <p>All calls run outside the replica's lock, and those about updates that arrived run before the clock moves. What
 * takes time holds back only the writer or the link it is done for. Implementations must be safe for use by several
 * threads.
 *
 * @see "core-protocol, section 9"
 */
public interface Security {

    /** Returns the id of the replica that uses this, derived from its key. */
    String createId();

    /**
     * Signs a change of the own replica. It is never asked to sign what came from elsewhere.
     *
     * @param text the canonical JSON text of {@code [change, timestamp, source]} in UTF-8; not to be modified
     * @return the signature, to be appended as the last element
     * @throws IllegalStateException if the key cannot sign; the change is then not made
     */
    String sign(byte[] text);

    /**
     * Makes ready to verify updates of these sources, on the thread of the link they came from. This is the place to
     * wait for a key that is kept elsewhere; {@link #verify} of one batch may be spread over the threads of {@link
     * ReplicaOptions#executor}, which should not wait. An exception is ignored here: {@code verify} will meet its cause.
     */
    default void prepare(Set<String> sources) {}

    /**
     * Judges whether an update was signed by the replica it names as its source. Updates that are not newer than the
     * clock are not asked about. An exception counts as {@link Verdict.Kind#INVALID}.
     *
     * @param update came from outside; may carry the own id, and must then carry a signature of one's own
     */
    Verdict verify(Update update);

    /**
     * Returns what the handshake tells peers about this, as its field {@code security}, or null to tell nothing. Peers
     * that do not know the field ignore it. Asked once for each replica.
     */
    default @Nullable Json announcement() {
        return null;
    }

    /**
     * Returns why nothing is to be exchanged with a peer, judged by its handshake, or null to go on. The session is
     * closed with the reason, and nothing that comes after the handshake is looked at.
     */
    default @Nullable String objection(Handshake peer) {
        return null;
    }
}
