package dev.scuttlebutt.security;

import java.security.Key;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import org.jspecify.annotations.Nullable;

/** How updates are signed where the document is part of what is signed. The id of a source says which one counts. */
enum Algorithm {
    ED25519("ed25519", "Ed25519"),
    RSA_SHA256("rsa-sha256", "SHA256withRSA");

    /** As in ids, signatures and handshakes. */
    final String name;

    /** As the JDK calls it. */
    final String jdkName;

    Algorithm(String name, String jdkName) {
        this.name = name;
        this.jdkName = jdkName;
    }

    /** Returns what ids and signatures begin with. */
    String prefix() {
        return name + ":";
    }

    static Algorithm of(Key key) {
        if (key instanceof RSAKey) {
            return RSA_SHA256;
        }
        if (key instanceof EdECKey edwards && edwards.getParams().getName().equals("Ed25519")) {
            return ED25519;
        }
        throw new IllegalArgumentException("expected an RSA or Ed25519 key, found one of type " + key.getAlgorithm());
    }

    /** Returns the one that an id names, or null when it is an id of another kind. */
    static @Nullable Algorithm ofId(String id) {
        for (Algorithm algorithm : values()) {
            if (id.startsWith(algorithm.prefix())) {
                return algorithm;
            }
        }
        return null;
    }
}
