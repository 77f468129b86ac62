package dev.scuttlebutt.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.jspecify.annotations.Nullable;

/** Private keys in the forms that only OpenSSH's family of programs reads: its own, and the older one with a passphrase. */
final class OpenSshKeys {
    private static final String OWN_FORM = "-----BEGIN OPENSSH PRIVATE KEY-----";
    private static final String OLDER_PASSPHRASE = "Proc-Type: 4,ENCRYPTED";

    private OpenSshKeys() {}

    static boolean isOne(String text) {
        return text.contains(OWN_FORM) || text.contains(OLDER_PASSPHRASE);
    }

    /**
     * Reads an RSA or Ed25519 key.
     *
     * @throws IllegalArgumentException if that is not possible, with what to do; without a part of the key
     */
    static PrivateKey read(String text, char @Nullable [] passphrase) {
        FilePasswordProvider provider =
                passphrase == null ? FilePasswordProvider.EMPTY : FilePasswordProvider.of(new String(passphrase));
        try {
            Iterable<KeyPair> pairs = text.contains(OWN_FORM)
                    ? OpenSshParser.pairs(text, provider)
                    : SecurityUtils.loadKeyPairIdentities(
                            null,
                            NamedResource.ofName("the private key"),
                            new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)),
                            provider);
            for (KeyPair pair : pairs) {
                return pair.getPrivate();
            }
        } catch (GeneralSecurityException | IOException | RuntimeException unusable) {
            throw new IllegalArgumentException(explain(text, passphrase, unusable));
        }
        throw new IllegalArgumentException("there is no private key in it");
    }

    private static String explain(String text, char @Nullable [] passphrase, Exception unusable) {
        if (passphrase != null) {
            return "the passphrase does not open the private key, or it is damaged";
        }
        return "the private key is damaged, or of another type than RSA and Ed25519; rewrite it with: ssh-keygen -p -m PEM -f FILE"
                + (text.contains(OWN_FORM) ? "" : ", which asks for its passphrase");
    }
}
