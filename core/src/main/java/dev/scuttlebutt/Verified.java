package dev.scuttlebutt;

import org.jspecify.annotations.Nullable;

/** An update that may be applied. Only stamping and verification make one. */
final class Verified implements Vetted {
    final Update update;

    private Verified(Update update) {
        this.update = update;
    }

    /** The change was just made and stamped here. */
    static Verified stamped(Update update) {
        return new Verified(update);
    }

    /** Asks the security, where there is one. */
    static Vetted by(@Nullable Security security, Update update) {
        if (security == null) {
            return new Verified(update);
        }
        Verdict verdict;
        try {
            verdict = security.verify(update);
        } catch (RuntimeException malformed) {
            // Whatever a peer can put into an update that makes the verifier fail is a reason not to trust it.
            verdict = Verdict.invalid("the verifier failed: " + malformed);
        }
        return switch (verdict.kind()) {
            case VALID -> new Verified(update);
            case INVALID -> new Rejected(Rejected.Kind.UNVERIFIED, verdict.reason());
            case UNKNOWN_SOURCE -> new Rejected(Rejected.Kind.UNKNOWN_SOURCE, verdict.reason());
        };
    }
}
