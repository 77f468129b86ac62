package dev.scuttlebutt.security;

import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;

/** Makes and checks signatures with the JDK. */
final class Signatures {
    private Signatures() {}

    /**
     * Finds out before the first update whether an algorithm is there.
     *
     * @throws IllegalStateException if it is not
     */
    static void require(String algorithm) {
        try {
            Signature.getInstance(algorithm);
        } catch (NoSuchAlgorithmException missing) {
            throw missing(algorithm, missing);
        }
    }

    static byte[] sign(String algorithm, PrivateKey key, byte[] first, byte[] rest, int restFrom) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(first);
            signature.update(rest, restFrom, rest.length - restFrom);
            return signature.sign();
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException("cannot sign with " + algorithm + ": " + failed.getMessage(), failed);
        }
    }

    static boolean verify(String algorithm, PublicKey key, byte[] first, byte[] rest, int restFrom, byte[] signed) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initVerify(key);
            signature.update(first);
            signature.update(rest, restFrom, rest.length - restFrom);
            return signature.verify(signed);
        } catch (SignatureException malformed) {
            return false;
        } catch (NoSuchAlgorithmException missing) {
            throw missing(algorithm, missing);
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException("cannot verify with " + algorithm + ": " + failed.getMessage(), failed);
        }
    }

    /** @throws IllegalArgumentException if one key cannot verify what the other signs */
    static void checkPair(String algorithm, PrivateKey privateKey, PublicKey publicKey) {
        require(algorithm);
        byte[] probe = {1};
        boolean pair;
        try {
            byte[] signed = sign(algorithm, privateKey, probe, probe, 0);
            pair = verify(algorithm, publicKey, probe, probe, 0, signed);
        } catch (IllegalStateException otherKinds) {
            pair = false;
        }
        if (!pair) {
            throw new IllegalArgumentException("the private and the public key are no pair");
        }
    }

    static IllegalStateException missing(String algorithm, NoSuchAlgorithmException cause) {
        String why = algorithm.startsWith("SHA1")
                ? "a crypto policy of the system may have switched SHA-1 off"
                : "a run-time image made without the module jdk.crypto.ec lacks it";
        return new IllegalStateException("this Java has no " + algorithm + ": " + why, cause);
    }
}
