package dev.scuttlebutt.security;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first block between BEGIN and END in a text, and what to tell a user when it is of no use. */
final class PemBlock {
    static final String OPENSSH = "OPENSSH PRIVATE KEY";

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s*?\\R(.*?)-----END \\1-----", Pattern.DOTALL);

    /** Longest text that is looked at, in characters: the largest RSA key and a certificate fit several times. */
    private static final int MAX_TEXT = 1 << 17;

    final String label;
    private final String body;

    private PemBlock(String label, String body) {
        this.label = label;
        this.body = body;
    }

    static PemBlock of(String text) {
        if (text.length() > MAX_TEXT) {
            throw new IllegalArgumentException("a key has at most " + MAX_TEXT + " characters, found " + text.length());
        }
        Matcher block = BLOCK.matcher(text);
        if (!block.find()) {
            throw new IllegalArgumentException(withoutBlock(text));
        }
        return new PemBlock(block.group(1), block.group(2));
    }

    /** Tells whether the bytes are encrypted by a header of the block itself, as ssh-keygen and openssl once did. */
    boolean hasEncryptionHeader() {
        return body.contains("Proc-Type: 4,ENCRYPTED");
    }

    boolean isEncrypted() {
        return label.equals("ENCRYPTED PRIVATE KEY")
                || hasEncryptionHeader()
                || (label.equals(OPENSSH) && !openSshMentions("none"));
    }

    byte[] bytes() {
        if (hasEncryptionHeader()) {
            throw new IllegalArgumentException(
                    "the private key has a passphrase, in an old form that only the command line"
                            + " reads; rewrite it with: ssh-keygen -p -m PKCS8 -f FILE");
        }
        try {
            return Base64.getMimeDecoder().decode(body.strip());
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException("between BEGIN " + label + " and END is something else than base64");
        }
    }

    /** Explains that a block of this kind cannot be used, and how to get one that can. */
    IllegalArgumentException unusable() {
        return new IllegalArgumentException(
                switch (label) {
                    case OPENSSH ->
                        openSshMentions("ssh-ed25519")
                                ? "this is an Ed25519 key in OpenSSH's own format, which only the command line reads;"
                                        + " make one for use here with: scuttlebutt keygen --type ed25519 FILE"
                                : "this is OpenSSH's own format, which only the command line reads; rewrite the file with:"
                                        + " ssh-keygen -p -m PEM -f FILE";
                    case "EC PRIVATE KEY", "DSA PRIVATE KEY", "DSA PUBLIC KEY", "EC PARAMETERS" ->
                        "expected an RSA or Ed25519 key, found " + label + "; make one with: scuttlebutt keygen FILE";
                    case "CERTIFICATE REQUEST" ->
                        "expected a key, found a certificate request; write its key with:"
                                + " openssl req -in FILE -noout -pubkey";
                    default -> "expected a private or public key, found " + label;
                });
    }

    private boolean openSshMentions(String name) {
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(body);
            // Names stand in the clear near the beginning, also where the key itself is encrypted.
            String head = new String(bytes, 0, Math.min(bytes.length, 256), StandardCharsets.ISO_8859_1);
            return head.contains(name);
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static String withoutBlock(String text) {
        String start = text.strip();
        if (start.startsWith("ssh-rsa ")) {
            return "this is OpenSSH's line for a public key; the id is made from its PEM form: write it with:"
                    + " ssh-keygen -e -m PEM -f FILE > FILE.pem";
        }
        if (start.startsWith("---- BEGIN SSH2 PUBLIC KEY")) {
            return "this is a public key as of RFC 4716; write its PEM form with:"
                    + " ssh-keygen -i -f FILE > KEY.pub && ssh-keygen -e -m PEM -f KEY.pub > KEY.pem";
        }
        if (start.startsWith("ecdsa-") || start.startsWith("ssh-dss ") || start.startsWith("sk-")) {
            return "expected an RSA or Ed25519 key, found " + start.substring(0, start.indexOf(' '))
                    + "; make one with: scuttlebutt keygen FILE";
        }
        if (text.startsWith("0\u0082") || text.startsWith("0\uFFFD")) {
            return "this is binary (DER); write it as text with: openssl pkey -inform DER -in FILE -out FILE.pem"
                    + " (add -pubin for a public key)";
        }
        if (start.contains("-----BEGIN ")) {
            return "the key is cut off: there is a line BEGIN without its END";
        }
        return start.isEmpty()
                ? "the key is empty"
                : "expected a key that begins with -----BEGIN … KEY-----, found no such line";
    }
}
