package dev.scuttlebutt.cli;

import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Security;
import dev.scuttlebutt.security.DocumentSecurity;
import dev.scuttlebutt.security.KeyRing;
import dev.scuttlebutt.security.Pem;
import dev.scuttlebutt.security.RsaSecurity;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options of a node that signs and verifies. */
final class KeyOptions {

    @ArgGroup(exclusive = false)
    private @Nullable Pair pair;

    @Option(names = "--trust", paramLabel = "FILE", description = "Take what these sign: a public key, or a folder.")
    private List<Path> trust = new ArrayList<>();

    @Option(names = "--document", paramLabel = "NAME", description = "Sign and verify for this document; Java only.")
    private @Nullable String document;

    @Option(names = "--old-keys", description = "Take RSA keys from 768 bits on, as old peers have.")
    private boolean oldKeys;

    /** Both or none. */
    static final class Pair {
        @Option(
                names = "--private-key",
                required = true,
                paramLabel = "FILE",
                description = "Sign what is made here with this key.")
        @SuppressWarnings("NullAway.Init") // required
        private Path privateKey;

        @Option(
                names = "--public-key",
                required = true,
                paramLabel = "FILE",
                description = "Its public key as peers have it; it gives the id.")
        @SuppressWarnings("NullAway.Init") // required
        private Path publicKey;
    }

    boolean giveId() {
        return pair != null;
    }

    /**
     * Checks what can be checked without reading files.
     *
     * @throws IllegalArgumentException if options do not fit together
     */
    void check() {
        if ((document != null || oldKeys) && pair == null && trust.isEmpty()) {
            throw new IllegalArgumentException((document == null ? "--old-keys" : "--document")
                    + " is of use only together with --trust, or with --private-key and --public-key");
        }
        if (document != null && oldKeys) {
            throw new IllegalArgumentException("--old-keys cannot be used to sign for a document");
        }
    }

    /** Reads the keys. */
    ReplicaOptions applyTo(ReplicaOptions options, Io io) throws IOException {
        if (pair == null && trust.isEmpty()) {
            return options;
        }
        return options.security(security(ring(trust, oldKeys), io));
    }

    /** Returns what verifies with these keys and signs nothing. */
    static Security verifying(List<Path> trust, @Nullable String document, boolean oldKeys) throws IOException {
        KeyRing ring = ring(trust, oldKeys);
        return document == null ? RsaSecurity.verifying(ring) : DocumentSecurity.verifying(document, ring);
    }

    static KeyRing ring(List<Path> trust, boolean oldKeys) throws IOException {
        KeyRing ring = oldKeys ? KeyRing.compatibleWithOldKeys() : KeyRing.create();
        for (Path path : trust) {
            KeyFiles.trust(ring, path);
        }
        return ring;
    }

    private Security security(KeyRing ring, Io io) throws IOException {
        Pair keys = pair;
        if (keys == null) {
            return document == null ? RsaSecurity.verifying(ring) : DocumentSecurity.verifying(document, ring);
        }
        PrivateKey privateKey = KeyFiles.readPrivate(keys.privateKey, io);
        String publicKey = KeyFiles.read(keys.publicKey);
        try {
            return document == null
                    ? RsaSecurity.of(privateKey, publicKey, ring)
                    : DocumentSecurity.of(document, privateKey, Pem.publicKey(publicKey), ring);
        } catch (IllegalArgumentException unusable) {
            throw KeyFiles.explained(keys.publicKey, unusable);
        }
    }
}
