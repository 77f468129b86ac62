package dev.scuttlebutt.security;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A place for keys that a {@link KeyRing} does not hold: a directory service, a database, a file of another program. */
@FunctionalInterface
public interface KeySource {

    /**
     * Looks for a public key.
     *
     * @param id as peers send it: anything
     * @return the text of the key, in a form that {@link Pem#publicKey} reads; empty when there is none. May complete on
     *     any thread, and exceptionally, which counts as none for the time being.
     */
    CompletionStage<Optional<String>> find(String id);
}
