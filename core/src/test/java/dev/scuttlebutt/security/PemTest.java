package dev.scuttlebutt.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {
    private static final String PUBLIC = TestKeys.RSA2048.publicPem();
    private static final String PRIVATE = TestKeys.RSA2048.privatePem();

    @Test
    void text_ofWhatWasRead_isTheSameText() {
        assertThat(Pem.text(Pem.publicKey(PUBLIC))).isEqualTo(PUBLIC);
        assertThat(Pem.text(Pem.privateKey(PRIVATE))).isEqualTo(PRIVATE);
        assertThat(Pem.text(Pem.publicPart(Pem.privateKey(PRIVATE)))).isEqualTo(PUBLIC);
        assertThat(Pem.text(Pem.publicKey(PRIVATE))).isEqualTo(PUBLIC);
    }

    @Test
    void ed25519_isReadBack() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        assertThat(Pem.publicKey(Pem.text(pair.getPublic()))).isEqualTo(pair.getPublic());
        assertThat(Pem.privateKey(Pem.text(pair.getPrivate())).getEncoded())
                .isEqualTo(pair.getPrivate().getEncoded());
    }

    @Test
    void passphrase_opensWhatItClosed_andNothingElseDoes() {
        PrivateKey key = Pem.privateKey(PRIVATE);
        String closed = Pem.text(key, "correct horse".toCharArray());
        assertThat(closed).startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
        assertThat(Pem.isEncrypted(closed)).isTrue();
        assertThat(Pem.isEncrypted(PRIVATE)).isFalse();
        assertThat(Pem.privateKey(closed, "correct horse".toCharArray())).isEqualTo(key);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pem.privateKey(closed, "wrong".toCharArray()))
                .withMessageContaining("passphrase does not open");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pem.privateKey(closed))
                .withMessageContaining("none was given");
    }

    @ParameterizedTest
    @ValueSource(strings = {"some words\n%s", "%sBag Attributes\n", "\r\n%s", "\uFEFF%s"})
    void textAroundTheKey_isPassedOver(String around) {
        assertThat(Pem.publicKey(around.formatted(PUBLIC))).isEqualTo(Pem.publicKey(PUBLIC));
    }

    @Test
    void carriageReturns_areNoReasonToRefuse() {
        assertThat(Pem.publicKey(PUBLIC.replace("\n", "\r\n"))).isEqualTo(Pem.publicKey(PUBLIC));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                      | the key is empty",
                "hello                                   | expected a key that begins with -----BEGIN",
                "ssh-rsa AAAAB3Nz me@here                | ssh-keygen -e -m PEM -f FILE > FILE.pem",
                "---- BEGIN SSH2 PUBLIC KEY ----         | ssh-keygen -i -f FILE > KEY.pub",
                "ecdsa-sha2-nistp256 AAAA me@here        | scuttlebutt keygen",
                "sk-ssh-ed25519@openssh.com AAAA me@here | scuttlebutt keygen",
                "ssh-ed25519 AAAA me@here                | damaged",
                "ssh-ed25519 !!!!                        | damaged",
                "-----BEGIN PUBLIC KEY-----              | cut off",
            })
    void textWithoutAKey_isExplained(String text, String explanation) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pem.publicKey(text))
                .withMessageContaining(explanation);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OPENSSH PRIVATE KEY | ssh-keygen -p -m PEM -f FILE",
                "EC PRIVATE KEY      | scuttlebutt keygen",
                "DSA PRIVATE KEY     | scuttlebutt keygen",
                "CERTIFICATE REQUEST | openssl req -in FILE -noout -pubkey",
                "PGP MESSAGE         | found PGP MESSAGE",
                "RSA PUBLIC KEY      | is no RSA key: damaged",
                "PUBLIC KEY          | is no RSA key: damaged",
                "CERTIFICATE         | the certificate is damaged",
            })
    void blockOfNoUse_isExplained(String label, String explanation) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pem.publicKey(block(label, "AAAA")))
                .withMessageContaining(explanation);
    }

    @Test
    void somethingElseThanBase64_isExplained() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pem.publicKey(block("RSA PUBLIC KEY", "A")))
                .withMessageContaining("base64");
    }

    @Test
    void privateWherePublicIsWanted_andTheOtherWay_isExplained() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pem.privateKey(PUBLIC))
                .withMessageContaining("expected a private key, found a public one");
        String closed = Pem.text(Pem.privateKey(PRIVATE), "x".toCharArray());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pem.publicKey(closed))
                .withMessageContaining("expected a public key, found a private one");
    }

    @Test
    void endlessText_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pem.publicKey("x".repeat(1 << 18)))
                .withMessageContaining("at most");
    }

    @Test
    void ellipticCurve_isExplained() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("EC").generateKeyPair();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pem.publicKey(Pem.text(pair.getPublic())))
                .withMessageContaining("expected a public RSA or Ed25519 key");
    }

    @Test
    void messages_neverShowAPartOfASecret() {
        String secret = PRIVATE.replaceAll("-----.*-----|\\s", "");
        for (String text : List.of(
                block("RSA PRIVATE KEY", secret.substring(0, 400)),
                block("PRIVATE KEY", secret),
                block("OPENSSH PRIVATE KEY", secret),
                "-----BEGIN RSA PRIVATE KEY-----\n" + secret,
                secret)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Pem.privateKey(text))
                    .satisfies(failure -> {
                        for (Throwable each = failure; each != null; each = each.getCause()) {
                            for (int i = 0; i + 12 <= secret.length(); i += 12) {
                                assertThat(String.valueOf(each.getMessage()))
                                        .doesNotContain(secret.substring(i, i + 12));
                            }
                        }
                    });
        }
    }

    private static String block(String label, String body) {
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }
}
