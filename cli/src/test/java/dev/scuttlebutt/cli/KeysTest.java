package dev.scuttlebutt.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.security.KeyId;
import dev.scuttlebutt.security.Pem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code keygen}, and nodes that sign and verify. */
class KeysTest {
    private static final String PASSPHRASE = "correct horse";

    @TempDir
    Path folder;

    private static Cli.Result run(Map<String, String> environment, String input, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        Io io = new Io(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                out,
                new PrintWriter(err, true),
                false,
                environment,
                new Ending());
        int status = Main.commandLine(io).execute(args);
        return new Cli.Result(status, out.toString(StandardCharsets.UTF_8), err.toString());
    }

    private Path keygen(String name, String... options) {
        Path file = folder.resolve(name);
        String[] args = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("keygen", file.toString()), java.util.stream.Stream.of(options))
                .toArray(String[]::new);
        Cli.Result result = run(Map.of(KeyFiles.PASSPHRASE, PASSPHRASE), "", args);
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        return file;
    }

    private static Path publicOf(Path key) {
        return key.resolveSibling(key.getFileName() + ".pem");
    }

    // keygen

    @Test
    void keygen_writesAPairThatTheOriginalReads_andPrintsItsId() throws Exception {
        Path file = folder.resolve("ada");
        Cli.Result result = run(Map.of(), "", "keygen", "--bits", "2048", file.toString());
        String publicText = Files.readString(publicOf(file));
        assertThat(result.out()).isEqualTo(KeyId.ofText(publicText) + "\n");
        assertThat(Files.readString(file)).startsWith("-----BEGIN RSA PRIVATE KEY-----\n");
        assertThat(publicText).startsWith("-----BEGIN RSA PUBLIC KEY-----\n");
        assertThat(Pem.text(Pem.publicKey(Files.readString(file)))).isEqualTo(publicText);
    }

    @Test
    void keygen_privateKeyIsItsOwnersAlone() throws Exception {
        Path file = keygen("ada", "--type", "ed25519");
        assumeThat(Files.getFileStore(file).supportsFileAttributeView("posix")).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void keygen_ed25519_printsTheIdForDocuments() throws Exception {
        Path file = folder.resolve("ada");
        Cli.Result result = run(Map.of(), "", "keygen", "--type", "ed25519", file.toString());
        assertThat(result.out().strip()).isEqualTo(KeyId.of(Pem.publicKey(Files.readString(publicOf(file)))));
        assertThat(result.out()).startsWith("ed25519:");
    }

    @Test
    void keygen_withPassphrase_keepsTheKeyUnderIt_andShowsNeither() throws Exception {
        Path file = folder.resolve("ada");
        Cli.Result result = run(
                Map.of(KeyFiles.PASSPHRASE, PASSPHRASE),
                "",
                "keygen",
                "--bits",
                "2048",
                "--passphrase",
                file.toString());
        assertThat(result.status()).isZero();
        assertThat(result.out() + result.err()).doesNotContain(PASSPHRASE).doesNotContain("PRIVATE");
        assertThat(Files.readString(file)).startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
        assertThat(Pem.privateKey(Files.readString(file), PASSPHRASE.toCharArray()))
                .isNotNull();
    }

    @Test
    void keygen_writesOverNothing() throws Exception {
        for (String taken : List.of("one", "two.pem")) {
            Files.writeString(folder.resolve(taken), "mine");
            String name = taken.replace(".pem", "");
            Cli.Result result = run(
                    Map.of(),
                    "",
                    "keygen",
                    "--type",
                    "ed25519",
                    folder.resolve(name).toString());
            assertThat(result.status()).isEqualTo(Main.FAILURE);
            assertThat(result.errLines()).singleElement().asString().contains(taken + " is there already");
            assertThat(Files.readString(folder.resolve(taken))).isEqualTo("mine");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "keygen                              | Missing required parameter: 'FILE'",
                "keygen --bits 1024 x                | from 2048 to 16384 bits, not 1024",
                "keygen --type dsa x                 | --type",
                "node --type model --private-key x   | --public-key",
                "node --type model --document d      | --document is of use only together with",
                "node --type model --old-keys        | --old-keys is of use only together with",
                "node --type model --trust x --document d --old-keys | cannot be used to sign for a document",
                "node --type model --id me --private-key x --public-key y | --id: the id of a replica that signs",
            })
    void mistakes_areNamedInOneLine(String command, String named) {
        Cli.Result result = run(Map.of(), "", command.split(" +"));
        assertThat(result.status()).isEqualTo(Main.USAGE);
        assertThat(result.errLines()).singleElement().asString().contains(named);
    }

    // node

    @ParameterizedTest
    @ValueSource(strings = {"", "--document=notes"})
    void nodes_verifyEachOther_throughOneWithoutKeys(String document) throws Exception {
        Path ada = keygen("ada", "--bits", "2048");
        Path ben = keygen("ben", "--bits", "2048");
        try (LiveNode relay = LiveNode.start("--type", "model", "--listen", "127.0.0.1:0")) {
            String address = relay.listening();
            try (LiveNode first = start(ada, publicOf(ben), document);
                    LiveNode second = start(ben, publicOf(ada), document)) {
                first.ok("set a 1");
                second.ok("set b 2");
                first.ok("connect " + address);
                second.ok("connect " + address);
                first.ok("await " + second.ok("clock"));
                second.ok("await " + first.ok("clock"));
                assertThat(first.ok("json")).isEqualTo(second.ok("json")).isEqualTo(Json.object("a", 1, "b", 2));
                if (document.isEmpty()) {
                    assertThat(first.ok("id")).isEqualTo(Json.of(KeyId.ofText(Files.readString(publicOf(ada)))));
                }
            }
        }
    }

    private static LiveNode start(Path key, Path trusted, String document) throws Exception {
        List<String> args = new java.util.ArrayList<>(List.of(
                "--type",
                "model",
                "--private-key",
                key.toString(),
                "--public-key",
                publicOf(key).toString(),
                "--trust",
                trusted.toString()));
        if (!document.isEmpty()) {
            args.add(document);
        }
        return LiveNode.start(args.toArray(String[]::new));
    }

    @Test
    void node_thatTrusts_refusesWhatIsNotSigned_andCannotWriteItself() throws Exception {
        Path ada = keygen("ada", "--bits", "2048");
        Files.createDirectory(folder.resolve("trusted"));
        Files.copy(publicOf(ada), folder.resolve("trusted/ada.pem"));
        Cli.Result result = run(
                Map.of(),
                "apply [[\"k\",1],5,\"somebody\"]\nset k 1\njson\nquit\n",
                "node",
                "--type",
                "model",
                "--trust",
                folder.resolve("trusted").toString());
        assertThat(result.status()).isZero();
        assertThat(result.lines().get(0)).isEqualTo("{\"ok\":\"unverified\"}");
        assertThat(result.lines().get(1)).startsWith("{\"error\":").contains("no private key");
        assertThat(result.lines().get(2)).isEqualTo("{\"ok\":{}}");
    }

    @Test
    void node_readsOpenSshsOwnForm_andBothWithPassphrases() throws Exception {
        for (String form : List.of("RFC4716", "PEM", "PKCS8")) {
            for (String secret : List.of("", PASSPHRASE)) {
                Path key = folder.resolve("ssh-" + form + secret.length());
                ssh(key, "ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-m", form, "-N", secret, "-f", key.toString());
                ssh(publicOf(key), "ssh-keygen", "-e", "-m", "PEM", "-f", key + ".pub");
                Cli.Result result = run(
                        secret.isEmpty() ? Map.of() : Map.of(KeyFiles.PASSPHRASE, secret),
                        "set k 1\nid\nquit\n",
                        "node",
                        "--type",
                        "model",
                        "--private-key",
                        key.toString(),
                        "--public-key",
                        publicOf(key).toString());
                assertThat(result.err()).as("%s", key).isEmpty();
                assertThat(result.lines().get(1))
                        .isEqualTo("{\"ok\":\"" + KeyId.ofText(Files.readString(publicOf(key))) + "\"}");
                if (!secret.isEmpty()) {
                    Cli.Result wrong = run(
                            Map.of(KeyFiles.PASSPHRASE, "another"),
                            "quit\n",
                            "node",
                            "--type",
                            "model",
                            "--private-key",
                            key.toString(),
                            "--public-key",
                            publicOf(key).toString());
                    assertThat(wrong.status()).isEqualTo(Main.FAILURE);
                    assertThat(wrong.errLines()).singleElement().asString().contains("passphrase does not open");
                    Cli.Result none = run(
                            Map.of(),
                            "quit\n",
                            "node",
                            "--type",
                            "model",
                            "--private-key",
                            key.toString(),
                            "--public-key",
                            publicOf(key).toString());
                    assertThat(none.errLines()).singleElement().asString().contains(KeyFiles.PASSPHRASE);
                }
            }
        }
    }

    /** Verified by a peer that has the public key as ssh-keygen writes it, so that both halves must be right. */
    @ParameterizedTest
    @ValueSource(strings = {"", PASSPHRASE})
    void node_signsWithAnEd25519KeyOfOpenSsh(String secret) throws Exception {
        Path key = folder.resolve("ssh-ed25519");
        ssh(key, "ssh-keygen", "-q", "-t", "ed25519", "-N", secret, "-f", key.toString());
        Path pub = folder.resolve("ssh-ed25519.pub");

        Cli.Result signed = run(
                secret.isEmpty() ? Map.of() : Map.of(KeyFiles.PASSPHRASE, secret),
                "set k 1\nhistory\nquit\n",
                "node",
                "--type",
                "model",
                "--private-key",
                key.toString(),
                "--public-key",
                pub.toString(),
                "--document",
                "notes");
        assertThat(signed.err()).isEmpty();
        Json update =
                Json.parse(signed.lines().get(1)).asObject().get("ok").asArray().get(0);

        Cli.Result verified = run(
                Map.of(),
                "apply " + update + "\njson\nquit\n",
                "node",
                "--type",
                "model",
                "--trust",
                pub.toString(),
                "--document",
                "notes");
        assertThat(verified.lines().subList(0, 2)).containsExactly("{\"ok\":\"applied\"}", "{\"ok\":{\"k\":1}}");
    }

    private static void ssh(Path out, String... command) throws Exception {
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            if (out.toString().endsWith(".pem")) {
                builder.redirectOutput(out.toFile());
            }
            Process process =
                    builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
            process.getOutputStream().close();
            assertThat(process.waitFor()).as("%s", List.of(command)).isZero();
        } catch (IOException notInstalled) {
            assumeThat(notInstalled).as("ssh-keygen is installed").isNull();
        }
    }

    @Test
    void filesOfNoUse_areNamed_withWhatToDo_andNothingOfThemIsShown() throws Exception {
        Path ada = keygen("ada", "--bits", "2048");
        Path ben = keygen("ben", "--bits", "2048");
        Path line = Files.writeString(folder.resolve("line.pub"), "ssh-rsa AAAAB3 me");
        Path cut = Files.writeString(
                folder.resolve("cut"), Files.readString(ada).substring(0, 600), StandardCharsets.UTF_8);
        Path missing = folder.resolve("missing");
        assertFailure(
                missing + ": no such file", "--private-key", missing.toString(), "--public-key", missing.toString());
        assertFailure(
                "no pair",
                "--private-key",
                ada.toString(),
                "--public-key",
                publicOf(ben).toString());
        assertFailure(
                "cut off",
                "--private-key",
                cut.toString(),
                "--public-key",
                publicOf(ada).toString());
        assertFailure("ssh-keygen -e -m PEM -f " + line + " > " + line + ".pem", "--trust", line.toString());
        assertFailure("no such file or folder", "--trust", missing.toString());
    }

    private static void assertFailure(String named, String... options) {
        String[] args = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("node", "--type", "model"), java.util.stream.Stream.of(options))
                .toArray(String[]::new);
        Cli.Result result = run(Map.of(), "quit\n", args);
        assertThat(result.status()).isEqualTo(Main.FAILURE);
        assertThat(result.err()).contains(named).doesNotContain("MII");
    }

    @Test
    void privateKeyThatOthersCanRead_isPointedOut() throws Exception {
        Path ada = keygen("ada", "--bits", "2048");
        assumeThat(Files.getFileStore(ada).supportsFileAttributeView("posix")).isTrue();
        Files.setPosixFilePermissions(ada, PosixFilePermissions.fromString("rw-r--r--"));
        Cli.Result result = run(
                Map.of(),
                "quit\n",
                "node",
                "--type",
                "model",
                "--private-key",
                ada.toString(),
                "--public-key",
                publicOf(ada).toString());
        assertThat(result.status()).isZero();
        assertThat(result.errLines()).singleElement().asString().contains("chmod 600 " + ada);
    }
}
