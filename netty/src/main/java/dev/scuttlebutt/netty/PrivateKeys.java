package dev.scuttlebutt.netty;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/** Private keys of certificates: other types than those that sign updates are usual here. */
final class PrivateKeys {
    private static final List<String> TYPES = List.of("EC", "RSA", "Ed25519", "Ed448");

    private PrivateKeys() {}

    /**
     * Reads a key in PKCS#8.
     *
     * @throws IllegalArgumentException if it is none; without a part of the text
     */
    static PrivateKey read(String pem) {
        String begin = "-----BEGIN PRIVATE KEY-----";
        int from = pem.indexOf(begin) + begin.length();
        int to = pem.indexOf("-----END PRIVATE KEY-----", from);
        if (to < 0) {
            throw new IllegalArgumentException("the key is cut off");
        }
        byte[] bytes = Base64.getMimeDecoder().decode(pem.substring(from, to));
        for (String type : TYPES) {
            try {
                return KeyFactory.getInstance(type).generatePrivate(new PKCS8EncodedKeySpec(bytes));
            } catch (GeneralSecurityException ofAnotherType) {
                // The next one may fit; that none does is said below.
            }
        }
        throw new IllegalArgumentException("no key of the types " + TYPES);
    }
}
