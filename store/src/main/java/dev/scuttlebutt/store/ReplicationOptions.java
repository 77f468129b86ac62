package dev.scuttlebutt.store;

import dev.scuttlebutt.wire.Limits;
import java.util.function.Predicate;

/**
 * How a {@link Replication} is done, and what a peer may cost. Immutable: each method returns a changed copy.
 *
 * @param tail whether changes go on to be exchanged when both sides have everything, if the peer wants it too
 * @param deletions whether a document that the peer has deleted is deleted here
 * @param only which documents are told and taken, by name
 * @param limits the longest line and the deepest nesting
 * @param openAtOnce how many documents are exchanged at a time
 * @param maxNewDocuments how many documents that are not here the peer may bring or delete
 * @param maxDocumentBytes how many bytes of one document the peer may send at a time
 */
public record ReplicationOptions(
        boolean tail,
        boolean deletions,
        Predicate<String> only,
        Limits limits,
        int openAtOnce,
        int maxNewDocuments,
        long maxDocumentBytes) {
    /** How many documents a peer may have open at a time. */
    static final int MAX_OPEN = 64;

    private static final ReplicationOptions DEFAULTS =
            new ReplicationOptions(false, true, name -> true, Limits.defaults(), 16, 1_000_000, 256L << 20);

    /** Checks the numbers. */
    public ReplicationOptions {
        if (openAtOnce < 1 || openAtOnce > MAX_OPEN) {
            throw new IllegalArgumentException("openAtOnce must be from 1 to " + MAX_OPEN + ", was " + openAtOnce);
        }
        if (maxNewDocuments < 0) {
            throw new IllegalArgumentException("maxNewDocuments must not be negative, was " + maxNewDocuments);
        }
        if (maxDocumentBytes < 1) {
            throw new IllegalArgumentException("maxDocumentBytes must be positive, was " + maxDocumentBytes);
        }
    }

    /**
     * Returns the defaults: once, with deletions, all documents, 16 at a time, a million new ones, 256 MiB of each.
     */
    public static ReplicationOptions defaults() {
        return DEFAULTS;
    }

    /** Sets whether changes go on to be exchanged when both sides have everything. */
    public ReplicationOptions tail(boolean tail) {
        return new ReplicationOptions(tail, deletions, only, limits, openAtOnce, maxNewDocuments, maxDocumentBytes);
    }

    /** Sets whether a document that the peer has deleted is deleted here. */
    public ReplicationOptions deletions(boolean deletions) {
        return new ReplicationOptions(tail, deletions, only, limits, openAtOnce, maxNewDocuments, maxDocumentBytes);
    }

    /** Sets which documents are told and taken, by name. Asked by several threads, often; must be quick. */
    public ReplicationOptions only(Predicate<String> only) {
        return new ReplicationOptions(tail, deletions, only, limits, openAtOnce, maxNewDocuments, maxDocumentBytes);
    }

    /** Sets the longest line, in bytes, and the deepest nesting. */
    public ReplicationOptions limits(Limits limits) {
        return new ReplicationOptions(tail, deletions, only, limits, openAtOnce, maxNewDocuments, maxDocumentBytes);
    }

    /** Sets how many documents are exchanged at a time, from 1 to 64. */
    public ReplicationOptions openAtOnce(int openAtOnce) {
        return new ReplicationOptions(tail, deletions, only, limits, openAtOnce, maxNewDocuments, maxDocumentBytes);
    }

    /** Sets how many documents that are not here the peer may bring or delete. */
    public ReplicationOptions maxNewDocuments(int maxNewDocuments) {
        return new ReplicationOptions(tail, deletions, only, limits, openAtOnce, maxNewDocuments, maxDocumentBytes);
    }

    /** Sets how many bytes of one document the peer may send at a time. */
    public ReplicationOptions maxDocumentBytes(long maxDocumentBytes) {
        return new ReplicationOptions(tail, deletions, only, limits, openAtOnce, maxNewDocuments, maxDocumentBytes);
    }
}
