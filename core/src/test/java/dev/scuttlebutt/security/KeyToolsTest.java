package dev.scuttlebutt.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys as the tools of this machine write them, in every form they offer. */
class KeyToolsTest {
    private static final String PASSPHRASE = "not a secret";

    @TempDir
    static Path folder;

    @BeforeAll
    static void toolsAreThere() {
        assumeThat(List.of("ssh-keygen", "openssl")).allMatch(KeyToolsTest::isInstalled);
    }

    private static boolean isInstalled(String tool) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(path -> Files.isExecutable(Path.of(path, tool)));
    }

    @ParameterizedTest
    @CsvSource({"PEM, RSA PRIVATE KEY", "PKCS8, PRIVATE KEY"})
    void sshKeygen_rsa(String form, String label) throws Exception {
        run("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-m", form, "-N", "", "-f", "rsa-" + form);
        String text = read("rsa-" + form);
        assertThat(text).startsWith("-----BEGIN " + label + "-----");
        PrivateKey key = Pem.privateKey(text);
        Signatures.checkPair("SHA1withRSA", key, Pem.publicPart(key));

        String pkcs1 = run("ssh-keygen", "-e", "-m", "PEM", "-f", "rsa-" + form + ".pub");
        String spki = run("ssh-keygen", "-e", "-m", "PKCS8", "-f", "rsa-" + form + ".pub");
        assertThat(pkcs1).startsWith("-----BEGIN RSA PUBLIC KEY-----");
        assertThat(spki).startsWith("-----BEGIN PUBLIC KEY-----");
        assertThat(Pem.publicKey(pkcs1)).isEqualTo(Pem.publicPart(key)).isEqualTo(Pem.publicKey(spki));
        assertThat(Pem.text(Pem.publicKey(pkcs1)))
                .as("the same text, and so the same id")
                .isEqualTo(pkcs1);
        assertThat(KeyId.of(Pem.publicKey(pkcs1))).isEqualTo(KeyId.of(Pem.publicKey(spki)));
    }

    @Test
    void sshKeygen_pkcs8WithPassphrase() throws Exception {
        run("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-m", "PKCS8", "-N", PASSPHRASE, "-f", "closed-pkcs8");
        String text = read("closed-pkcs8");
        PrivateKey key = Pem.privateKey(text, PASSPHRASE.toCharArray());
        assertThat(Pem.isEncrypted(text)).isTrue();
        assertThat(Pem.publicPart(key))
                .isEqualTo(Pem.publicKey(run("ssh-keygen", "-e", "-m", "PEM", "-f", "closed-pkcs8.pub")));
    }

    @Test
    void sshKeygen_formsThatAreNotRead_nameTheCommandThatConvertsThem_andItDoes() throws Exception {
        run("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", "own");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pem.privateKey(read("own")))
                .withMessageContaining("ssh-keygen -p -m PEM -f FILE");
        run("ssh-keygen", "-q", "-p", "-m", "PEM", "-N", "", "-f", "own");
        PrivateKey key = Pem.privateKey(read("own"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pem.publicKey(read("own.pub")))
                .withMessageContaining("ssh-keygen -e -m PEM -f FILE > FILE.pem");
        assertThat(Pem.publicKey(run("ssh-keygen", "-e", "-m", "PEM", "-f", "own.pub")))
                .isEqualTo(Pem.publicPart(key));

        String rfc4716 = run("ssh-keygen", "-e", "-f", "own.pub");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pem.publicKey(rfc4716))
                .withMessageContaining("ssh-keygen -i -f FILE > KEY.pub");

        run("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-m", "PEM", "-N", PASSPHRASE, "-f", "closed-pem");
        assertThat(Pem.isEncrypted(read("closed-pem"))).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pem.privateKey(read("closed-pem"), PASSPHRASE.toCharArray()))
                .withMessageContaining("ssh-keygen -p -m PKCS8 -f FILE");
        run("ssh-keygen", "-q", "-p", "-m", "PKCS8", "-P", PASSPHRASE, "-N", PASSPHRASE, "-f", "closed-pem");
        assertThat(Pem.privateKey(read("closed-pem"), PASSPHRASE.toCharArray())).isNotNull();
    }

    @Test
    void sshKeygen_ed25519() throws Exception {
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "two words", "-f", "edwards");
        PublicKey key = Pem.publicKey(read("edwards.pub"));
        assertThat(Algorithm.of(key)).isEqualTo(Algorithm.ED25519);
        assertThat(Pem.publicKey(Pem.text(key))).isEqualTo(key);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pem.privateKey(read("edwards")))
                .withMessageContaining("scuttlebutt keygen --type ed25519");
    }

    @ParameterizedTest
    @CsvSource({"RSA, rsa_keygen_bits:2048", "ed25519, ''"})
    void openssl(String algorithm, String option) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl", "genpkey", "-algorithm", algorithm));
        if (!option.isEmpty()) {
            command.addAll(List.of("-pkeyopt", option));
        }
        String plain = run(command.toArray(String[]::new));
        Files.writeString(folder.resolve("openssl-" + algorithm), plain);
        PrivateKey key = Pem.privateKey(plain);
        String spki = run("openssl", "pkey", "-in", "openssl-" + algorithm, "-pubout");
        PublicKey itsPublic = Pem.publicKey(spki);
        Signatures.checkPair(Algorithm.of(itsPublic).jdkName, key, itsPublic);

        for (String cipher : List.of("aes128", "aes256", "aes-192-cbc")) {
            String closed = run(
                    "openssl",
                    "pkcs8",
                    "-topk8",
                    "-v2",
                    cipher,
                    "-in",
                    "openssl-" + algorithm,
                    "-passout",
                    "pass:" + PASSPHRASE);
            if (!cipher.contains("192")) {
                assertThat(Pem.privateKey(closed, PASSPHRASE.toCharArray()).getEncoded())
                        .isEqualTo(key.getEncoded());
            } else {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Pem.privateKey(closed, PASSPHRASE.toCharArray()))
                        .withMessageContaining("aes256");
            }
        }
        String certificate = run(
                "openssl", "req", "-x509", "-new", "-key", "openssl-" + algorithm, "-subj", "/CN=test", "-days", "1");
        assertThat(Pem.publicKey(certificate)).isEqualTo(itsPublic);
    }

    @Test
    void openssl_traditionalForms() throws Exception {
        String pkcs8 = run("openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048");
        Files.writeString(folder.resolve("traditional"), pkcs8);
        String pkcs1 = run("openssl", "rsa", "-in", "traditional", "-traditional");
        assertThat(pkcs1).contains("BEGIN RSA PRIVATE KEY");
        assertThat(Pem.privateKey(pkcs1)).isEqualTo(Pem.privateKey(pkcs8));
        String itsPublic = run("openssl", "rsa", "-in", "traditional", "-RSAPublicKey_out");
        assertThat(Pem.publicKey(itsPublic)).isEqualTo(Pem.publicPart(Pem.privateKey(pkcs8)));

        run("openssl", "rsa", "-in", "traditional", "-outform", "DER", "-out", "binary.pem");
        org.assertj.core.api.Assertions.assertThatIOException()
                .isThrownBy(() -> KeyRing.create().addFile(folder.resolve("binary.pem")))
                .withMessageContaining("openssl pkey -inform DER")
                .withMessageContaining("binary.pem");
    }

    @Test
    void keysOfOurs_areReadByTheTools() throws Exception {
        for (String algorithm : List.of("RSA", "Ed25519")) {
            java.security.KeyPair pair =
                    java.security.KeyPairGenerator.getInstance(algorithm).generateKeyPair();
            Files.writeString(folder.resolve("ours"), Pem.text(pair.getPrivate()));
            Files.writeString(folder.resolve("ours-closed"), Pem.text(pair.getPrivate(), PASSPHRASE.toCharArray()));
            String spki = run("openssl", "pkey", "-in", "ours", "-pubout");
            assertThat(Pem.publicKey(spki)).isEqualTo(pair.getPublic());
            assertThat(run("openssl", "pkey", "-in", "ours-closed", "-passin", "pass:" + PASSPHRASE, "-pubout"))
                    .isEqualTo(spki);
        }
    }

    private static String read(String file) throws Exception {
        return Files.readString(folder.resolve(file));
    }

    /** Returns what the command printed. */
    private static String run(String... command) throws Exception {
        Path out = folder.resolve("stdout");
        Path err = folder.resolve("stderr");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        process.getOutputStream().close();
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as("%s ends", List.of(command))
                .isTrue();
        assertThat(process.exitValue())
                .as("%s: %s", List.of(command), Files.readString(err))
                .isZero();
        return new String(Files.readAllBytes(out), java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
