package dev.scuttlebutt.security;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;

/** Private keys in PKCS#8 under a passphrase (PBES2, RFC 8018). */
final class Passphrases {
    private static final String OURS = "PBEWithHmacSHA256AndAES_256";
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
            throw new IllegalArgumentException("the encrypted private key is damaged: " + malformed.getMessage());
        } catch (GeneralSecurityException wrong) {
            throw new IllegalArgumentException("the passphrase does not open the private key", wrong);
        } finally {
            spec.clearPassword();
        }
    }

    static byte[] encrypt(byte[] pkcs8, char[] passphrase) {
        SecureRandom random = new SecureRandom();
        byte[] salt = new byte[16];
        byte[] iv = new byte[16];
        random.nextBytes(salt);
        random.nextBytes(iv);
        PBEKeySpec spec = new PBEKeySpec(passphrase);
        try {
            Cipher cipher = Cipher.getInstance(OURS);
            SecretKey key = SecretKeyFactory.getInstance(OURS).generateSecret(spec);
            cipher.init(
                    Cipher.ENCRYPT_MODE, key, new PBEParameterSpec(salt, ITERATIONS, new IvParameterSpec(iv)), random);
            return new EncryptedPrivateKeyInfo(cipher.getParameters(), cipher.doFinal(pkcs8)).getEncoded();
        } catch (GeneralSecurityException | IOException missing) {
            throw new IllegalStateException("this Java cannot encrypt with " + OURS, missing);
        } finally {
            spec.clearPassword();
        }
    }
}
