package dev.scuttlebutt.store;

import java.util.ArrayList;
import java.util.List;

/** What a {@link Replication} has done so far. Guarded by its lock. */
final class ReplicationTally {
    private static final int MAX_REFUSALS = 1000;

    private final List<Replication.Refusal> refusals = new ArrayList<>();
    private long exchanged;
    private long deleted;
    private long refused;
    private long received;
    private long sent;

    void addExchanged() {
        exchanged++;
    }

    void addDeleted() {
        deleted++;
    }

    void addRefused(String document, String reason) {
        refused++;
        if (refusals.size() < MAX_REFUSALS) {
            refusals.add(new Replication.Refusal(document, reason));
        }
    }

    void addReceived(long bytes) {
        received += bytes;
    }

    void addSent(long bytes) {
        sent += bytes;
    }

    Replication.Report report() {
        return new Replication.Report(exchanged, deleted, refused, List.copyOf(refusals), received, sent);
    }
}
