package dev.scuttlebutt;

/** What a session counts. Guarded by the core's lock. */
final class Tally {
    private long sent;
    private long received;
    private long stale;
    private long invalid;
    private long unverified;
    private long refused;

    void sent() {
        sent++;
    }

    void received(Outcome outcome) {
        received++;
        switch (outcome) {
            case STALE -> stale++;
            case INVALID -> invalid++;
            case UNVERIFIED -> unverified++;
            case REFUSED -> refused++;
            default -> {}
        }
    }

    Session.Stats stats(int behind) {
        return new Session.Stats(sent, received, stale, invalid, unverified, refused, behind);
    }
}
