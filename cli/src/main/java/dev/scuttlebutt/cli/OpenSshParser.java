package dev.scuttlebutt.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StreamCorruptedException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyEntryResolver;
import org.apache.sshd.common.config.keys.loader.openssh.OpenSSHKeyPairResourceParser;
import org.apache.sshd.common.config.keys.loader.openssh.OpenSSHParserContext;
import org.apache.sshd.common.session.SessionContext;
import org.jspecify.annotations.Nullable;

/** OpenSSH's own form, with the JDK's Ed25519: the library has the passphrases and the other types, and not this one. */
final class OpenSshParser extends OpenSSHKeyPairResourceParser {
    /*
     * Ed25519 (RFC 8032): a public key is 32 bytes, y in little-endian order with the lowest bit of x on top; OpenSSH keeps
     * the private key as 32 bytes of seed followed by the public key.
     */
    private static final String ED25519 = "ssh-ed25519";

    private static final int KEY_BYTES = 32;
    private static final int MAX_NAME = 64;
    private static final int MAX_COMMENT = 1 << 16;

    @Override
    protected PublicKey readPublicKey(
            @Nullable SessionContext session,
            NamedResource resource,
            OpenSSHParserContext context,
            InputStream stream,
            Map<String, String> headers)
            throws IOException, GeneralSecurityException {
        byte[] key = KeyEntryResolver.readRLEBytes(stream, MAX_COMMENT);
        InputStream fields = new ByteArrayInputStream(key);
        if (KeyEntryResolver.decodeString(fields, MAX_NAME).equals(ED25519)) {
            return publicKey(exactly(KEY_BYTES, KeyEntryResolver.readRLEBytes(fields, KEY_BYTES)));
        }
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        KeyEntryResolver.writeRLEBytes(again, key);
        return super.readPublicKey(session, resource, context, new ByteArrayInputStream(again.toByteArray()), headers);
    }

    @Override
    protected Map.Entry<PrivateKey, String> readPrivateKey(
            @Nullable SessionContext session,
            NamedResource resource,
            OpenSSHParserContext context,
            @Nullable String type,
            FilePasswordProvider passphrases,
            InputStream stream)
            throws IOException, GeneralSecurityException {
        if (type != null && !type.equals(ED25519)) {
            return super.readPrivateKey(session, resource, context, type, passphrases, stream);
        }
        String found = KeyEntryResolver.decodeString(stream, MAX_NAME);
        if (!found.equals(ED25519)) {
            throw new StreamCorruptedException("a key of type " + found + " beside a public key of another");
        }
        byte[] publicPart = exactly(KEY_BYTES, KeyEntryResolver.readRLEBytes(stream, KEY_BYTES));
        byte[] both = exactly(2 * KEY_BYTES, KeyEntryResolver.readRLEBytes(stream, 2 * KEY_BYTES));
        if (!Arrays.equals(both, KEY_BYTES, 2 * KEY_BYTES, publicPart, 0, KEY_BYTES)) {
            throw new StreamCorruptedException("the halves of an Ed25519 key do not fit together");
        }
        String comment = KeyEntryResolver.decodeString(stream, MAX_COMMENT);
        return Map.entry(privateKey(Arrays.copyOf(both, KEY_BYTES)), comment);
    }

    private static byte[] exactly(int length, byte[] bytes) throws StreamCorruptedException {
        if (bytes.length != length) {
            throw new StreamCorruptedException(
                    "a part of an Ed25519 key has " + bytes.length + " bytes, not " + length);
        }
        return bytes;
    }

    private static PublicKey publicKey(byte[] littleEndian) throws GeneralSecurityException {
        byte[] y = new byte[KEY_BYTES];
        for (int i = 0; i < KEY_BYTES; i++) {
            y[i] = littleEndian[KEY_BYTES - 1 - i];
        }
        boolean xOdd = y[0] < 0;
        y[0] &= 0x7F;
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(
                        new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(xOdd, new BigInteger(1, y))));
    }

    private static PrivateKey privateKey(byte[] seed) throws GeneralSecurityException {
        return KeyFactory.getInstance("Ed25519")
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
    }

    /** The key pairs of a text, which may hold other things around them. */
    static Collection<KeyPair> pairs(String text, FilePasswordProvider passphrases)
            throws IOException, GeneralSecurityException {
        return new OpenSshParser().loadKeyPairs(null, NamedResource.ofName("the private key"), passphrases, text);
    }
}
