package dev.scuttlebutt.security;

import dev.scuttlebutt.Security;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.Verdict;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Signs and verifies as the npm package's {@code scuttlebutt/security} does, bit for bit: RSA with SHA-1 over the
 * canonical text of the update, base64; the id is the hash of the public key's text.
 *
 * <p>What it does not give: a signature does not name the document, so that an update is valid in every document whose
 * replicas trust the key. Use a key for each document, or {@link DocumentSecurity} where no JavaScript peer has to
 * verify.
 *
 * @see "core-protocol, section 9"
 */
public final class RsaSecurity implements Security {
    private static final String ALGORITHM = "SHA1withRSA";
    private static final byte[] NOTHING = new byte[0];

    private final String id;
    private final @Nullable PrivateKey privateKey;
    private final @Nullable PublicKey publicKey;
    private final KeyRing ring;

    private RsaSecurity(String id, @Nullable PrivateKey privateKey, @Nullable PublicKey publicKey, KeyRing ring) {
        Signatures.require(ALGORITHM);
        this.id = id;
        this.privateKey = privateKey;
        this.publicKey = publicKey;
        this.ring = ring;
    }

    /**
     * Signs with a key and verifies with those in a ring. The own key need not be in it.
     *
     * @param publicKey the text of the public key exactly as other peers have it, since the id is made from it
     * @throws IllegalArgumentException if a key is not usable or smaller than the ring allows, or they are no pair
     * @throws IllegalStateException if this Java has no SHA-1 signatures
     */
    public static RsaSecurity of(String privateKey, String publicKey, KeyRing ring) {
        return of(Pem.privateKey(privateKey), publicKey, ring);
    }

    /** The same with a private key that has been read already, for example one with a passphrase. */
    public static RsaSecurity of(PrivateKey privateKey, String publicKey, KeyRing ring) {
        PublicKey key = Pem.publicKey(publicKey);
        if (!(key instanceof RSAPublicKey)) {
            throw new IllegalArgumentException("expected an RSA key, found one of type " + key.getAlgorithm()
                    + ", which the original cannot use; sign for documents with it instead");
        }
        ring.checkSize(key);
        Signatures.checkPair(ALGORITHM, privateKey, key);
        return new RsaSecurity(KeyId.ofText(publicKey), privateKey, key, ring);
    }

    /** Only verifies. The id is random, and changes cannot be made. */
    public static RsaSecurity verifying(KeyRing ring) {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        return new RsaSecurity(HexFormat.of().withUpperCase().formatHex(random), null, null, ring);
    }

    @Override
    public String createId() {
        return id;
    }

    @Override
    public String sign(byte[] text) {
        PrivateKey key = privateKey;
        if (key == null) {
            throw new IllegalStateException("a change cannot be made here: there is no private key to sign it with");
        }
        return NodeBase64.encode(Signatures.sign(ALGORITHM, key, NOTHING, text, 0));
    }

    @Override
    public void prepare(Set<String> sources) {
        ring.fetch(sources);
    }

    @Override
    public Verdict verify(Update update) {
        String signature = update.signature();
        if (signature == null) {
            return Verdict.invalid("it is not signed");
        }
        String source = update.source();
        // Also where the ring has something else under the own id.
        PublicKey key = publicKey != null && source.equals(id) ? publicKey : ring.find(source);
        if (key == null) {
            return Verdict.unknownSource(ring.whyUnknown(source));
        }
        if (!(key instanceof RSAPublicKey rsa)) {
            return Verdict.invalid("the key of its source is not RSA: it signs for documents");
        }
        byte[] signed = NodeBase64.decode(signature);
        if (signed.length != (rsa.getModulus().bitLength() + 7) / 8) {
            return Verdict.invalid("its signature has " + signed.length + " bytes, which does not fit the key");
        }
        return Signatures.verify(ALGORITHM, rsa, NOTHING, update.signedText(), 0, signed)
                ? Verdict.valid()
                : Verdict.invalid("its signature is not one of its source over this content");
    }
}
