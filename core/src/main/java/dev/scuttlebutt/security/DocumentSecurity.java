package dev.scuttlebutt.security;

import dev.scuttlebutt.Handshake;
import dev.scuttlebutt.Security;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.Verdict;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonString;
import dev.scuttlebutt.json.JsonWriter;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Signs updates for one document, with Ed25519 or RSA and SHA-256.
 *
 * <p>The name of the document is part of what is signed, so an update is worth nothing in another document. The id of a
 * source names the algorithm and is made from the key, so that neither can be exchanged. Updates keep the form of the
 * protocol and pass through peers that know nothing of it; a JavaScript peer that verifies refuses them.
 *
 * <p>The handshake tells the document. A peer that names another one is sent away, which also catches mistakes in a
 * configuration.
 *
 * @see "docs/PROTOCOL.md, section 9"
 */
public final class DocumentSecurity implements Security {
    private static final int MAX_NAME = 1024;

    private final String document;
    private final byte[] prefix;
    private final String id;
    private final @Nullable PrivateKey privateKey;
    private final @Nullable PublicKey publicKey;
    private final KeyRing ring;
    private final @Nullable RsaSecurity older;

    private DocumentSecurity(
            String document,
            String id,
            @Nullable PrivateKey privateKey,
            @Nullable PublicKey publicKey,
            KeyRing ring,
            @Nullable RsaSecurity older) {
        if (document.isEmpty() || document.length() > MAX_NAME) {
            throw new IllegalArgumentException(
                    "the name of a document has 1 to " + MAX_NAME + " characters, this one " + document.length());
        }
        JsonWriter name = new JsonWriter();
        name.writeByte('[');
        name.writeString(document);
        name.writeByte(',');
        this.document = document;
        this.prefix = name.toBytes();
        this.id = id;
        this.privateKey = privateKey;
        this.publicKey = publicKey;
        this.ring = ring;
        this.older = older;
    }

    /**
     * Signs with a key and verifies with those in a ring. The own key need not be in it.
     *
     * @param document its name, the same at all replicas of it
     * @throws IllegalArgumentException if a key is not usable or an RSA key of less than {@link KeyRing#MINIMUM_BITS}, or
     *     they are no pair
     * @throws IllegalStateException if this Java lacks the algorithm
     */
    public static DocumentSecurity of(String document, PrivateKey privateKey, PublicKey publicKey, KeyRing ring) {
        if (isTooSmall(publicKey)) {
            throw new IllegalArgumentException(
                    "an RSA key needs at least " + KeyRing.MINIMUM_BITS + " bits to sign for documents");
        }
        Signatures.checkPair(Algorithm.of(publicKey).jdkName, privateKey, publicKey);
        return new DocumentSecurity(document, KeyId.of(publicKey), privateKey, publicKey, ring, null);
    }

    /** Only verifies. The id is random, and changes cannot be made. */
    public static DocumentSecurity verifying(String document, KeyRing ring) {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        return new DocumentSecurity(document, HexFormat.of().withUpperCase().formatHex(random), null, null, ring, null);
    }

    /**
     * Returns a changed copy that also takes what older peers sign, which is not bound to the document. It goes by the id
     * of the source, so nobody who signs for documents can be pushed back to the older way.
     */
    public DocumentSecurity orOlder(RsaSecurity older) {
        return new DocumentSecurity(document, id, privateKey, publicKey, ring, older);
    }

    /** Returns the name of the document. */
    public String document() {
        return document;
    }

    @Override
    public String createId() {
        return id;
    }

    @Override
    public String sign(byte[] text) {
        PrivateKey key = privateKey;
        PublicKey itsPublic = publicKey;
        if (key == null || itsPublic == null) {
            throw new IllegalStateException("a change cannot be made here: there is no private key to sign it with");
        }
        Algorithm algorithm = Algorithm.of(itsPublic);
        return algorithm.prefix() + NodeBase64.encode(Signatures.sign(algorithm.jdkName, key, prefix, text, 1));
    }

    @Override
    public void prepare(Set<String> sources) {
        ring.fetch(sources);
        if (older != null) {
            older.prepare(sources);
        }
    }

    @Override
    public Verdict verify(Update update) {
        String source = update.source();
        Algorithm algorithm = Algorithm.ofId(source);
        if (algorithm == null) {
            return older == null
                    ? Verdict.invalid("the id of its source is not one that is made from a key for documents")
                    : older.verify(update);
        }
        String signature = update.signature();
        if (signature == null || !signature.startsWith(algorithm.prefix())) {
            return Verdict.invalid(
                    signature == null ? "it is not signed" : "its signature is not of the kind its source uses");
        }
        PublicKey key = publicKey != null && source.equals(id) ? publicKey : ring.find(source);
        if (key == null) {
            return Verdict.unknownSource(ring.whyUnknown(source));
        }
        if (Algorithm.of(key) != algorithm || isTooSmall(key)) {
            return Verdict.invalid("the key of its source is too small or of another kind than its id says");
        }
        byte[] signed = decode(signature.substring(algorithm.prefix().length()));
        return signed != null && Signatures.verify(algorithm.jdkName, key, prefix, update.signedText(), 1, signed)
                ? Verdict.valid()
                : Verdict.invalid("its signature is not one of its source over this content in this document");
    }

    @Override
    public Json announcement() {
        return Json.object(
                "document",
                document,
                "signatures",
                Arrays.stream(Algorithm.values())
                        .map(algorithm -> algorithm.name)
                        .toList());
    }

    @Override
    public @Nullable String objection(Handshake peer) {
        Json field = peer.fields().get("security");
        Json name = field instanceof JsonObject announced ? announced.get("document") : null;
        if (name instanceof JsonString other && !other.value().equals(document)) {
            return "the peer replicates the document " + shortened(other) + ", this is " + Json.of(document);
        }
        return null;
    }

    private static String shortened(JsonString name) {
        String text = name.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }

    private static boolean isTooSmall(PublicKey key) {
        return key instanceof RSAKey rsa && rsa.getModulus().bitLength() < KeyRing.MINIMUM_BITS;
    }

    /** Only the one spelling that an encoder gives. */
    private static byte @Nullable [] decode(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            return NodeBase64.encode(bytes).equals(base64) ? bytes : null;
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }
}
