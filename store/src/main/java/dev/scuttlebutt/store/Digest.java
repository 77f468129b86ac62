package dev.scuttlebutt.store;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How the documents of a storage stand: a page of them, or the hash of a whole range. Blocks. */
final class Digest {
    private final Storage storage;
    private final Predicate<String> only;

    /**
     * Some states in the order of names.
     *
     * @param next the name at which to go on, or null when there are no more
     */
    record Page(List<DocumentState> states, @Nullable String next) {}

    Digest(Storage storage, Predicate<String> only) {
        this.storage = storage;
        this.only = only;
    }

    /** Returns the hash of all documents from one name up to another. */
    String hash(String from, @Nullable String to) throws IOException {
        MessageDigest hash = DocumentState.sha256();
        storage.clocks(range(from, to, Integer.MAX_VALUE), (document, clock) -> {
            if (counts(document, clock.isEmpty())) {
                DocumentState.of(document, clock).addTo(hash);
            }
        });
        return DocumentState.hex(hash);
    }

    /** What nothing was ever written to is as good as absent. */
    private boolean counts(Storage.StoredDocument document, boolean empty) {
        return (document.isDeleted() || !empty) && only.test(document.name());
    }

    /** Returns the first documents from one name up to another. */
    Page page(String from, @Nullable String to, int limit) throws IOException {
        List<DocumentState> states = new ArrayList<>();
        int[] seen = new int[1];
        String[] next = new String[1];
        storage.clocks(range(from, to, limit + 1), (document, clock) -> {
            if (seen[0]++ == limit) {
                next[0] = document.name();
            } else if (counts(document, clock.isEmpty())) {
                states.add(DocumentState.of(document, clock));
            }
        });
        return new Page(states, next[0]);
    }

    /** Returns all documents from one name up to another. */
    List<DocumentState> all(String from, @Nullable String to) throws IOException {
        return page(from, to, Integer.MAX_VALUE - 1).states;
    }

    /** Returns the state of each of these, absent ones included, those left out that are not to be told. */
    List<DocumentState> of(Collection<String> names) throws IOException {
        List<DocumentState> states = new ArrayList<>();
        for (String name : names) {
            if (only.test(name)) {
                // No name has a zero character.
                List<DocumentState> found = all(name, name + "\0");
                states.add(found.isEmpty() ? DocumentState.absent(name) : found.get(0));
            }
        }
        return states;
    }

    private static NameRange range(String from, @Nullable String to, int limit) {
        return new NameRange(from, to, "", false, limit);
    }
}
