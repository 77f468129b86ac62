package dev.scuttlebutt.security;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Keys as text: RSA and Ed25519, in the forms that ssh-keygen and openssl write.
 *
 * <table>
 *   <caption>What is read</caption>
 *   <tr><th>text begins</th><th>made by</th></tr>
 *   <tr><td>{@code BEGIN RSA PUBLIC KEY} (PKCS#1)</td><td>{@code ssh-keygen -e -m PEM -f KEY.pub}</td></tr>
 *   <tr><td>{@code BEGIN PUBLIC KEY} (SPKI)</td><td>{@code ssh-keygen -e -m PKCS8 -f KEY.pub}, {@code openssl pkey -pubout}</td></tr>
 *   <tr><td>{@code BEGIN CERTIFICATE}</td><td>{@code openssl req -x509}; only its key is looked at</td></tr>
 *   <tr><td>{@code ssh-ed25519 …}</td><td>{@code ssh-keygen -t ed25519}, file KEY.pub</td></tr>
 *   <tr><td>{@code BEGIN RSA PRIVATE KEY} (PKCS#1)</td><td>{@code ssh-keygen -t rsa -m PEM}</td></tr>
 *   <tr><td>{@code BEGIN PRIVATE KEY} (PKCS#8)</td><td>{@code ssh-keygen -t rsa -m PKCS8}, {@code openssl genpkey}</td></tr>
 *   <tr><td>{@code BEGIN ENCRYPTED PRIVATE KEY} (PKCS#8)</td><td>the same with a passphrase</td></tr>
 * </table>
 *
 * <p>For everything else the message of the exception tells the command that converts it. No message contains a part of
 * a key.
 *
 * @see "core-protocol, section 9"
 */
public final class Pem {
    private static final String RSA_PUBLIC = "RSA PUBLIC KEY";
    private static final String RSA_PRIVATE = "RSA PRIVATE KEY";
    private static final String SPKI = "PUBLIC KEY";
    private static final String PKCS8 = "PRIVATE KEY";
    private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String SSH_ED25519 = "ssh-ed25519";

    private static final byte[] ED25519_OID = {0x06, 0x03, 0x2b, 0x65, 0x70};

    /** Verification takes time by these; larger ones are not in use anywhere. */
    private static final int MAX_RSA_BITS = 16_384;

    private static final int MAX_EXPONENT_BITS = 64;

    private Pem() {}

    /**
     * Reads a public key. A private RSA key will do too: its public part is taken.
     *
     * @throws IllegalArgumentException if it cannot be used, with what to do
     */
    public static PublicKey publicKey(String text) {
        if (text.strip().startsWith(SSH_ED25519 + " ")) {
            return sshEd25519(text.strip());
        }
        PemBlock block = PemBlock.of(text);
        return checked(
                switch (block.label) {
                    case RSA_PUBLIC -> decode("RSA", Der.spki(block.bytes()));
                    case SPKI -> decodeAny(block.bytes());
                    case CERTIFICATE -> certified(block.bytes());
                    case RSA_PRIVATE, PKCS8 -> publicPart(privateKey(text));
                    case ENCRYPTED ->
                        throw new IllegalArgumentException(
                                "expected a public key, found a private one with a passphrase");
                    default -> throw block.unusable();
                });
    }

    /**
     * Reads a private key that has no passphrase.
     *
     * @throws IllegalArgumentException if it cannot be used, with what to do
     */
    public static PrivateKey privateKey(String text) {
        return privateKey(text, null);
    }

    /**
     * Reads a private key.
     *
     * @param passphrase for {@code BEGIN ENCRYPTED PRIVATE KEY}; not looked at otherwise
     * @throws IllegalArgumentException if it cannot be used, with what to do
     */
    public static PrivateKey privateKey(String text, char @Nullable [] passphrase) {
        PemBlock block = PemBlock.of(text);
        return switch (block.label) {
            case RSA_PRIVATE -> decodePrivate("RSA", Der.pkcs8(block.bytes()));
            case PKCS8 -> decodeAnyPrivate(block.bytes());
            case ENCRYPTED -> {
                if (passphrase == null) {
                    throw new IllegalArgumentException("the private key has a passphrase, and none was given");
                }
                yield decodeAnyPrivate(Passphrases.decrypt(block.bytes(), passphrase));
            }
            case RSA_PUBLIC, SPKI, CERTIFICATE ->
                throw new IllegalArgumentException("expected a private key, found a public one");
            default -> throw block.unusable();
        };
    }

    /** Tells whether a text is a private key with a passphrase, in any form, also one that is not read here. */
    public static boolean isEncrypted(String text) {
        return text.contains("-----BEGIN ") && PemBlock.of(text).isEncrypted();
    }

    /**
     * Returns the public part of a private key.
     *
     * @throws IllegalArgumentException if it cannot be told from the private key alone, as with Ed25519
     */
    public static PublicKey publicPart(PrivateKey key) {
        if (!(key instanceof RSAPrivateCrtKey rsa)) {
            throw new IllegalArgumentException("expected a public key, found a private one; write the public one with:"
                    + " openssl pkey -in FILE -pubout -out FILE.pem");
        }
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
        } catch (GeneralSecurityException refused) {
            throw new IllegalArgumentException("the public part of the RSA key is not usable: " + refused.getMessage());
        }
    }

    /**
     * Returns the text of a public key: PKCS#1 for RSA, which is what the original reads and what ids are made from, SPKI
     * for others. Lines of 64 characters, each with a line feed, as openssl and ssh-keygen write them.
     */
    public static String text(PublicKey key) {
        return key instanceof RSAPublicKey
                ? text(RSA_PUBLIC, Der.fromSpki(key.getEncoded()))
                : text(SPKI, key.getEncoded());
    }

    /** Returns the text of a private key, not encrypted: PKCS#1 for RSA, PKCS#8 for others. It is a secret. */
    public static String text(PrivateKey key) {
        return key instanceof RSAPrivateCrtKey
                ? text(RSA_PRIVATE, Der.fromPkcs8(key.getEncoded()))
                : text(PKCS8, key.getEncoded());
    }

    /**
     * Returns the text of a private key encrypted with a passphrase: PKCS#8, PBKDF2 with SHA-256, AES of 256 bits. Takes
     * about half a second, so that guessing does too.
     */
    public static String text(PrivateKey key, char[] passphrase) {
        return text(ENCRYPTED, Passphrases.encrypt(key.getEncoded(), passphrase));
    }

    private static String text(String label, byte[] bytes) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }

    private static PublicKey checked(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            BigInteger exponent = rsa.getPublicExponent();
            if (rsa.getModulus().bitLength() > MAX_RSA_BITS || exponent.bitLength() > MAX_EXPONENT_BITS) {
                throw new IllegalArgumentException("an RSA key may have at most " + MAX_RSA_BITS
                        + " bits and an exponent of "
                        + MAX_EXPONENT_BITS + ", found " + rsa.getModulus().bitLength() + " and "
                        + exponent.bitLength());
            }
            if (!exponent.testBit(0) || exponent.bitLength() < 2) {
                throw new IllegalArgumentException(
                        "the exponent of the RSA key is " + exponent + ", which signs nothing");
            }
            return key;
        }
        if (key instanceof EdECKey edwards && edwards.getParams().getName().equals("Ed25519")) {
            return key;
        }
        throw new IllegalArgumentException("expected an RSA or Ed25519 key, found one of type " + key.getAlgorithm()
                + "; make one with: scuttlebutt keygen FILE");
    }

    private static PublicKey decodeAny(byte[] spki) {
        return holds(spki, ED25519_OID) ? decode("Ed25519", spki) : decode("RSA", spki);
    }

    private static PrivateKey decodeAnyPrivate(byte[] pkcs8) {
        return holds(pkcs8, ED25519_OID) ? decodePrivate("Ed25519", pkcs8) : decodePrivate("RSA", pkcs8);
    }

    /** Looks where the algorithm stands: within the first bytes of a key. */
    private static boolean holds(byte[] key, byte[] oid) {
        for (int i = 0; i + oid.length <= Math.min(key.length, 24); i++) {
            if (Arrays.equals(key, i, i + oid.length, oid, 0, oid.length)) {
                return true;
            }
        }
        return false;
    }

    private static PublicKey decode(String algorithm, byte[] spki) {
        try {
            return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(spki));
        } catch (NoSuchAlgorithmException missing) {
            throw Signatures.missing(algorithm, missing);
        } catch (GeneralSecurityException notOne) {
            throw notUsable("public", algorithm);
        }
    }

    private static PrivateKey decodePrivate(String algorithm, byte[] pkcs8) {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (NoSuchAlgorithmException missing) {
            throw Signatures.missing(algorithm, missing);
        } catch (GeneralSecurityException notOne) {
            throw notUsable("private", algorithm);
        }
    }

    /** Without the cause: its message may quote what it choked on. */
    private static IllegalArgumentException notUsable(String kind, String algorithm) {
        return new IllegalArgumentException("expected a " + kind + " RSA or Ed25519 key, found something that is no "
                + algorithm + " key: damaged, or of another type; make one with: scuttlebutt keygen FILE");
    }

    private static PublicKey certified(byte[] certificate) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(certificate))
                    .getPublicKey();
        } catch (GeneralSecurityException damaged) {
            throw new IllegalArgumentException("the certificate is damaged", damaged);
        }
    }

    private static PublicKey sshEd25519(String line) {
        IllegalArgumentException damaged =
                new IllegalArgumentException("expected a line \"ssh-ed25519 BASE64 COMMENT\", found a damaged one");
        String[] words = line.split("\\s+", 3);
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(words[1]);
        } catch (IllegalArgumentException notBase64) {
            throw damaged;
        }
        byte[] name = SSH_ED25519.getBytes(StandardCharsets.US_ASCII);
        byte[] key = new byte[32];
        if (bytes.length != 4 + name.length + 4 + key.length) {
            throw damaged;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.getInt() != name.length || !Arrays.equals(bytes, 4, 4 + name.length, name, 0, name.length)) {
            throw damaged;
        }
        in.position(4 + name.length);
        if (in.getInt() != key.length) {
            throw damaged;
        }
        in.get(key);
        return decode("Ed25519", Der.ed25519Spki(key));
    }
}
