package dev.scuttlebutt.security;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** As much of the encoding of keys as the JDK leaves to its users: envelopes around PKCS#1. */
final class Der {
    static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int SEQUENCE = 0x30;

    /** AlgorithmIdentifier of rsaEncryption, with its NULL parameter. */
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };

    /** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes. */
    private static final byte[] ED25519 = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

    private Der() {}

    /** Puts an RSAPublicKey of PKCS#1 into a SubjectPublicKeyInfo. */
    static byte[] spki(byte[] pkcs1) {
        return wrap(SEQUENCE, join(RSA, wrap(BIT_STRING, join(new byte[1], pkcs1))));
    }

    /** Puts an RSAPrivateKey of PKCS#1 into a PrivateKeyInfo of PKCS#8. */
    static byte[] pkcs8(byte[] pkcs1) {
        return wrap(SEQUENCE, join(new byte[] {INTEGER, 1, 0}, RSA, wrap(OCTET_STRING, pkcs1)));
    }

    /** Puts the 32 bytes of an Ed25519 key into a SubjectPublicKeyInfo. */
    static byte[] ed25519Spki(byte[] key) {
        return join(ED25519, key);
    }

    /** Takes the RSAPublicKey of PKCS#1 out of what {@link #spki} makes. */
    static byte[] fromSpki(byte[] spki) {
        Reader sequence = new Reader(spki).enter(SEQUENCE);
        sequence.skip();
        byte[] bits = sequence.take(BIT_STRING);
        return Arrays.copyOfRange(bits, 1, bits.length);
    }

    /** Takes the RSAPrivateKey of PKCS#1 out of what {@link #pkcs8} makes. */
    static byte[] fromPkcs8(byte[] pkcs8) {
        Reader sequence = new Reader(pkcs8).enter(SEQUENCE);
        sequence.skip();
        sequence.skip();
        return sequence.take(OCTET_STRING);
    }

    static byte[] wrap(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 6);
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            int octets = content.length < 0x100 ? 1 : content.length < 0x10000 ? 2 : 3;
            out.write(0x80 | octets);
            for (int shift = (octets - 1) * 8; shift >= 0; shift -= 8) {
                out.write(content.length >> shift);
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** Walks over elements; for input that the JDK has already accepted as a key. */
    private static final class Reader {
        private final byte[] bytes;
        private int at;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        Reader enter(int tag) {
            return new Reader(take(tag));
        }

        void skip() {
            take(bytes[at] & 0xff);
        }

        byte[] take(int tag) {
            if ((bytes[at] & 0xff) != tag) {
                throw new IllegalArgumentException("expected DER element " + tag + ", found " + (bytes[at] & 0xff));
            }
            int length = bytes[at + 1] & 0xff;
            at += 2;
            if (length >= 0x80) {
                int octets = length & 0x7f;
                length = 0;
                for (int i = 0; i < octets; i++) {
                    length = (length << 8) | (bytes[at++] & 0xff);
                }
            }
            byte[] content = Arrays.copyOfRange(bytes, at, at + length);
            at += length;
            return content;
        }
    }
}
