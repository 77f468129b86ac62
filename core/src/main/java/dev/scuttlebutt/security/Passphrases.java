package dev.scuttlebutt.security;

import java.io.IOException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** Private keys in PKCS#8 under a passphrase (PBES2, RFC 8018). */
final class Passphrases {
    private static final byte[] PBES2 = HexFormat.of().parseHex("06092a864886f70d01050d");
    private static final byte[] PBKDF2 = HexFormat.of().parseHex("06092a864886f70d01050c");
    private static final byte[] HMAC_SHA256 = HexFormat.of().parseHex("06082a864886f70d0209");
    private static final byte[] AES256_CBC = HexFormat.of().parseHex("060960864801650304012a");
    private static final byte[] NULL = {5, 0};
    private static final int ITERATIONS = 600_000;

    private Passphrases() {}

    static byte[] decrypt(byte[] encrypted, char[] passphrase) {
        PBEKeySpec spec = new PBEKeySpec(passphrase);
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encrypted);
            AlgorithmParameters parameters = info.getAlgParameters();
            if (parameters == null) {
                throw new IllegalArgumentException(
                        "the private key is encrypted in a way that this Java does not know (" + info.getAlgName()
                                + "); rewrite it with: openssl pkcs8 -topk8 -v2 aes256 -in FILE -out NEW");
            }
            // For PBES2 the name of the algorithm is only to be had from the text of its parameters.
            String algorithm = info.getAlgName().startsWith("PBEWith") ? info.getAlgName() : parameters.toString();
            SecretKey key = SecretKeyFactory.getInstance(algorithm).generateSecret(spec);
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, key, parameters);
            return cipher.doFinal(info.getEncryptedData());
        } catch (IOException malformed) {
            throw unknownCipher();
        } catch (GeneralSecurityException wrong) {
            throw new IllegalArgumentException("the passphrase does not open the private key", wrong);
        } finally {
            spec.clearPassword();
        }
    }

    private static IllegalArgumentException unknownCipher() {
        return new IllegalArgumentException(
                "the private key is damaged or encrypted in a way that this Java does not know;"
                        + " rewrite it with: openssl pkcs8 -topk8 -v2 aes256 -in FILE -out NEW");
    }

    static byte[] encrypt(byte[] pkcs8, char[] passphrase) {
        SecureRandom random = new SecureRandom();
        byte[] salt = new byte[16];
        byte[] iv = new byte[16];
        random.nextBytes(salt);
        random.nextBytes(iv);
        PBEKeySpec spec = new PBEKeySpec(passphrase, salt, ITERATIONS, 256);
        try {
            byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
            Arrays.fill(key, (byte) 0);
            return Der.wrap(
                    Der.SEQUENCE, Der.join(algorithm(salt, iv), Der.wrap(Der.OCTET_STRING, cipher.doFinal(pkcs8))));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java lacks AES or PBKDF2 with SHA-256", missing);
        } finally {
            spec.clearPassword();
        }
    }

    /** AlgorithmIdentifier of PBES2. By hand, because EncryptedPrivateKeyInfo of Java 17 does not know its name. */
    private static byte[] algorithm(byte[] salt, byte[] iv) {
        byte[] iterations = BigInteger.valueOf(ITERATIONS).toByteArray();
        byte[] derivation = sequence(
                PBKDF2,
                sequence(
                        Der.wrap(Der.OCTET_STRING, salt),
                        Der.wrap(Der.INTEGER, iterations),
                        sequence(HMAC_SHA256, NULL)));
        byte[] encryption = sequence(AES256_CBC, Der.wrap(Der.OCTET_STRING, iv));
        return sequence(PBES2, sequence(derivation, encryption));
    }

    private static byte[] sequence(byte[]... parts) {
        return Der.wrap(Der.SEQUENCE, Der.join(parts));
    }
}
