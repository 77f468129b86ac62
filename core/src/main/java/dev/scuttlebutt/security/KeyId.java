package dev.scuttlebutt.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;

/** Ids that are made from keys, so that a key proves who it belongs to. */
public final class KeyId {
    private KeyId() {}

    /**
     * Returns the id under which {@link RsaSecurity} and the original sign: base64 of the SHA-1 of the text of the public
     * key. Every character counts: the same key without its last line feed has another id.
     *
     * @see "core-protocol, section 9"
     */
    public static String ofText(String publicKey) {
        return NodeBase64.encode(hash("SHA-1", publicKey.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Returns the id under which {@link DocumentSecurity} signs: the name of the algorithm, a colon, and base64 of the
     * SHA-256 of the key in SPKI form, for example {@code ed25519:Gsz2…=}. It does not depend on how the key is spelled.
     *
     * @throws IllegalArgumentException if the key is neither RSA nor Ed25519
     */
    public static String of(PublicKey key) {
        return Algorithm.of(key).prefix() + NodeBase64.encode(hash("SHA-256", key.getEncoded()));
    }

    private static byte[] hash(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException missing) {
            throw Signatures.missing(algorithm, missing);
        }
    }
}
