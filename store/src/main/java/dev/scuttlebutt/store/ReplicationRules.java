package dev.scuttlebutt.store;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What the peer of a {@link Replication} may do to a store. Guarded by its lock. */
final class ReplicationRules {
    private final Schema schema;
    private final ReplicationOptions options;
    private long newDocuments;

    ReplicationRules(Schema schema, ReplicationOptions options) {
        this.schema = schema;
        this.options = options;
    }

    /** Returns why a document is not exchanged, or null. */
    @Nullable
    String objectionTo(String name, String type) {
        String here = schema.type(name);
        if (!options.only().test(name)) {
            return "is not replicated";
        }
        if (here == null) {
            return "no rule of the schema matches";
        }
        return here.equals(type) ? null : "is a " + here + " for one side and a " + type + " for the other";
    }

    /** Returns why a document is not deleted, or null. */
    @Nullable
    String objectionToDeleting(String name) {
        return options.deletions() && options.only().test(name) ? null : "may not be deleted";
    }

    /** Counts a document that was not there; returns why there may be no more of them, or null. */
    @Nullable
    IOException objectionToNew() {
        newDocuments++;
        return newDocuments > options.maxNewDocuments()
                ? new IOException("more than " + options.maxNewDocuments() + " documents that were not there")
                : null;
    }
}
