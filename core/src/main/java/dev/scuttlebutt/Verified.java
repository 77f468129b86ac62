package dev.scuttlebutt;

import org.jspecify.annotations.Nullable;

/** An update that may be applied. Only stamping and verification make one. */
final class Verified {
    final Update update;

    private Verified(Update update) {
        this.update = update;
    }

    /** The change was just made and stamped here. */
    static Verified stamped(Update update) {
        return new Verified(update);
    }

    /** Asks the security, where there is one. Null: it does not vouch for the update. */
    static @Nullable Verified by(@Nullable Security security, Update update) {
        if (security == null) {
            return new Verified(update);
        }
        boolean vouched;
        try {
            vouched = security.verify(update);
        } catch (RuntimeException malformed) {
            // Whatever a peer can put into an update that makes the verifier fail is a reason not to trust it.
            vouched = false;
        }
        return vouched ? new Verified(update) : null;
    }
}
