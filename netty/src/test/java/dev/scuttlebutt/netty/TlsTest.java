package dev.scuttlebutt.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.SessionOptions;
import dev.scuttlebutt.security.Pem;
import dev.scuttlebutt.types.Model;
import java.io.InputStream;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    private static final LinkOptions DEFAULTS = LinkOptions.defaults();

    @TempDir
    static Path folder;

    private static Identity server;
    private static Identity renewed;
    private static Identity client;
    private static Identity elsewhere;

    private final Model here = new Model("here");
    private final Model there = new Model("there");
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final LinkListener listener = new LinkListener() {
        @Override
        public void failed(SocketAddress remote, Throwable cause) {
            failures.add(cause);
        }
    };

    /** A certificate that vouches for itself, and its key. */
    private record Identity(Path certificate, Path key) {

        /** Made by the keytool of the JDK, which is the only thing there that makes certificates. */
        static Identity make(String name, String algorithm, String host) throws Exception {
            Path store = folder.resolve(name + ".p12");
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "a",
                            "-keyalg",
                            algorithm,
                            "-dname",
                            "CN=" + name,
                            "-ext",
                            host,
                            "-validity",
                            "2",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            store.toString(),
                            "-storepass",
                            "changeit")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
            KeyStore keys = KeyStore.getInstance("PKCS12");
            char[] password = "changeit".toCharArray();
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, password);
            }
            PrivateKey key = (PrivateKey) keys.getKey("a", password);
            Path certificateFile = Files.writeString(
                    folder.resolve(name + ".crt"),
                    pem("CERTIFICATE", keys.getCertificate("a").getEncoded()));
            // An RSA key in the older form, others in PKCS#8.
            String text = algorithm.equals("RSA") ? Pem.text(key) : pem("PRIVATE KEY", key.getEncoded());
            return new Identity(certificateFile, Files.writeString(folder.resolve(name + ".key"), text));
        }

        private static String pem(String label, byte[] bytes) {
            return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END "
                    + label + "-----\n";
        }
    }

    @BeforeAll
    static void identities() throws Exception {
        server = Identity.make("server", "EC", "san=ip:127.0.0.1");
        renewed = Identity.make("renewed", "RSA", "san=ip:127.0.0.1");
        client = Identity.make("client", "EC", "san=dns:client.example");
        elsewhere = Identity.make("elsewhere", "EC", "san=dns:elsewhere.example");
    }

    private TcpServer listen(Tls tls) throws Exception {
        return TcpServer.listen(here, "127.0.0.1", 0, DEFAULTS.tls(tls).listener(listener));
    }

    private TcpClient connect(TcpServer server, LinkOptions options) {
        return TcpClient.connect(there, server.address(), options.reconnect(false));
    }

    private static Tls trusting(Identity identity) throws Exception {
        return Tls.client(identity.certificate);
    }

    @Test
    void twoReplicas_exchange_encrypted() throws Exception {
        here.set("a", "x".repeat(300_000));
        there.set("b", 2);
        try (TcpServer listening = listen(Tls.server(server.certificate, server.key));
                TcpClient link = connect(listening, DEFAULTS.tls(trusting(server)))) {
            await().until(() -> here.has("b") && there.has("a"));
            here.set("c", 3);
            there.set("d", 4);
            await().until(() -> here.has("d") && there.has("c"));
            assertThat(link.lastFailure()).isNull();
        }
        assertThat(there.toJson()).isEqualTo(here.toJson());
        assertThat(here.sessions()).isEmpty();
        assertThat(there.sessions()).isEmpty();
    }

    @Test
    void withoutTail_allIsExchangedBeforeBothClose() throws Exception {
        for (int i = 0; i < 5_000; i++) {
            here.set("h" + i, i);
            there.set("t" + i, i);
        }
        LinkOptions once = DEFAULTS.session(SessionOptions.twoWay().tail(false)).tls(trusting(server));
        try (TcpServer listening = listen(Tls.server(server.certificate, server.key));
                TcpClient link = connect(listening, once)) {
            link.closed().get(60, TimeUnit.SECONDS);
            assertThat(link.lastFailure()).isNull();
            await().until(() -> here.sessions().isEmpty());
        }
        assertThat(there.toJson()).isEqualTo(here.toJson());
    }

    @Test
    void serverThatIsNotTrusted_getsNothing() throws Exception {
        there.set("secret", 1);
        try (TcpServer listening = listen(Tls.server(server.certificate, server.key));
                TcpClient link = connect(listening, DEFAULTS.tls(trusting(renewed)))) {
            link.closed().get(60, TimeUnit.SECONDS);
            assertThat(link.lastFailure()).hasStackTraceContaining("certif");
            assertThat(there.sessions()).isEmpty();
            assertThat(here.clock().isEmpty()).isTrue();
            await().until(() -> !failures.isEmpty());
        }
    }

    @Test
    void certificateOfAnotherHost_isNotTaken() throws Exception {
        try (TcpServer listening = listen(Tls.server(elsewhere.certificate, elsewhere.key));
                TcpClient link = connect(listening, DEFAULTS.tls(trusting(elsewhere)))) {
            link.closed().get(60, TimeUnit.SECONDS);
            assertThat(link.lastFailure()).hasStackTraceContaining("127.0.0.1");
        }
    }

    @Test
    void clientWithoutItsCertificate_isNotTaken_withIt_itIs() throws Exception {
        here.set("a", 1);
        Tls mutual = Tls.server(server.certificate, server.key, client.certificate);
        try (TcpServer listening = listen(mutual)) {
            for (Tls refused :
                    List.of(trusting(server), Tls.client(server.certificate, elsewhere.certificate, elsewhere.key))) {
                failures.clear();
                try (TcpClient link = connect(listening, DEFAULTS.tls(refused))) {
                    link.closed().get(60, TimeUnit.SECONDS);
                    await().until(() -> !failures.isEmpty());
                    assertThat(there.has("a")).isFalse();
                    assertThat(listening.accepted()).isZero();
                }
            }
            Tls known = Tls.client(server.certificate, client.certificate, client.key);
            try (TcpClient link = connect(listening, DEFAULTS.tls(known))) {
                await().until(() -> there.has("a"));
                assertThat(link.lastFailure()).isNull();
            }
        }
    }

    @Test
    void reload_countsForNewConnections_andAFailedOneForNone() throws Exception {
        Path certificate = Files.copy(server.certificate, folder.resolve("current.crt"));
        Path key = Files.copy(server.key, folder.resolve("current.key"));
        Tls tls = Tls.server(certificate, key);
        try (TcpServer listening = listen(tls);
                TcpClient before = connect(listening, DEFAULTS.tls(trusting(server)))) {
            await().until(() -> before.connection() != null);
            Files.writeString(key, "nonsense");
            assertThatIOException().isThrownBy(tls::reload).withMessageContaining(key + ": ");
            Files.writeString(certificate, Files.readString(renewed.certificate));
            Files.writeString(key, Files.readString(renewed.key));
            tls.reload();
            Model third = new Model();
            try (TcpClient after = TcpClient.connect(third, listening.address(), DEFAULTS.tls(trusting(renewed)))) {
                here.set("a", 1);
                await().until(() -> there.has("a") && third.has("a"));
                assertThat(after.attempts()).isEqualTo(1);
            }
        }
    }

    @Test
    void plainPeer_isToldNothing() throws Exception {
        here.set("secret", 1);
        try (TcpServer listening = listen(Tls.server(server.certificate, server.key));
                RawPeer peer = new RawPeer(listening.address())) {
            peer.greet("x");
            String line = peer.line();
            assertThat(line)
                    .satisfiesAnyOf(
                            none -> assertThat(none).isNull(),
                            alert -> assertThat(alert).doesNotContain("secret"));
            await().until(() -> !failures.isEmpty());
            assertThat(here.sessions()).isEmpty();
        }
    }

    @Test
    void peerThatSaysNothing_isCutInTime_andItsPlaceIsFreeAgain() throws Exception {
        LinkOptions options = DEFAULTS.tls(Tls.server(server.certificate, server.key))
                .connectTimeout(java.time.Duration.ofMillis(300))
                .maxConnections(1)
                .listener(listener);
        try (TcpServer listening = TcpServer.listen(here, "127.0.0.1", 0, options);
                RawPeer silent = new RawPeer(listening.address())) {
            silent.readToEnd();
            here.set("a", 1);
            try (TcpClient link = TcpClient.connect(there, listening.address(), DEFAULTS.tls(trusting(server)))) {
                await().until(() -> there.has("a"));
                assertThat(link.lastFailure()).isNull();
            }
        }
    }

    @Test
    void clientClosedWhileItShakesHands_ends() throws Exception {
        try (java.net.ServerSocket mute = new java.net.ServerSocket(0)) {
            TcpClient link = TcpClient.connect(there, "127.0.0.1", mute.getLocalPort(), DEFAULTS.tls(trusting(server)));
            mute.accept();
            link.shutdown().get(60, TimeUnit.SECONDS);
            assertThat(link.state()).isEqualTo(TcpClient.State.CLOSED);
        }
    }

    @Test
    void wrongSide_andWrongFiles_areExplained() throws Exception {
        Tls ofServer = Tls.server(server.certificate, server.key);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TcpClient.connect(there, "127.0.0.1", 1, DEFAULTS.tls(ofServer)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TcpServer.listen(here, "127.0.0.1", 0, DEFAULTS.tls(trusting(server))));
        assertThatIOException().isThrownBy(() -> Tls.client(server.key)).withMessageContaining("server.key: ");
        assertThatIOException()
                .isThrownBy(() -> Tls.server(server.certificate, server.certificate))
                .withMessageContaining("server.crt: ")
                .withMessageContaining("openssl pkcs8 -topk8 -nodes");
        assertThatIOException()
                .isThrownBy(() -> Tls.server(server.certificate, renewed.key))
                .withMessageContaining("renewed.key: ");
        assertThatIOException().isThrownBy(() -> Tls.client(folder.resolve("missing")));
    }
}
