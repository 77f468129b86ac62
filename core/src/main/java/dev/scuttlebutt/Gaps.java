package dev.scuttlebutt;

import java.util.HashSet;
import java.util.Set;

/** Sources of which a session had to refuse something only because nothing was known of them yet. */
final class Gaps {
    /*
     * Taking a later update of such a source would move the clock past those refused, and no peer would ever send them
     * again. So the source has to wait until the session is opened anew, when the handshake asks for everything.
     *
     * A peer can invent as many sources as it likes. Beyond the limit they are no longer noted one by one; every source
     * of which nothing was ever applied then has to wait. One that is known already is never held back by that.
     */
    private static final int MAX = 1024;

    private final Set<String> sources = new HashSet<>();
    private boolean overflowed;

    void add(String source) {
        if (sources.size() < MAX) {
            sources.add(source);
        } else {
            overflowed |= !sources.contains(source);
        }
    }

    boolean mayLack(String source, boolean neverApplied) {
        return sources.contains(source) || (overflowed && neverApplied);
    }
}
