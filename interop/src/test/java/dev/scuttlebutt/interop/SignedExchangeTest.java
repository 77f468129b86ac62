package dev.scuttlebutt.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.netty.LinkOptions;
import dev.scuttlebutt.netty.TcpClient;
import dev.scuttlebutt.netty.TcpServer;
import dev.scuttlebutt.security.DocumentSecurity;
import dev.scuttlebutt.security.KeyRing;
import dev.scuttlebutt.security.Pem;
import dev.scuttlebutt.security.RsaSecurity;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Java and the original's own {@code security.js}, live. */
class SignedExchangeTest {
    private static final LinkOptions DEFAULTS = LinkOptions.defaults();

    @TempDir
    Path folder;

    @BeforeEach
    void originalsAreThere() {
        Originals.need();
    }

    /** Where key pairs come from. */
    enum Keys {
        /** The 768-bit keys of the original's own tests. */
        OF_THE_ORIGINAL {
            @Override
            Path make(Path folder, String name) {
                return Originals.FOLDER.resolve("node_modules/scuttlebutt/test/keys/" + name);
            }
        },
        /** 2048 bits, by ssh-keygen, as the documentation of the original says; by Java where there is none. */
        OF_SSH_KEYGEN {
            @Override
            Path make(Path folder, String name) throws Exception {
                Path file = folder.resolve(name);
                Path pem = folder.resolve(name + ".pem");
                try {
                    run(
                            folder,
                            "ssh-keygen",
                            "-q",
                            "-t",
                            "rsa",
                            "-b",
                            "2048",
                            "-m",
                            "PEM",
                            "-N",
                            "",
                            "-f",
                            file.toString());
                    Files.write(pem, run(folder, "ssh-keygen", "-e", "-m", "PEM", "-f", file + ".pub"));
                } catch (IOException notInstalled) {
                    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                    generator.initialize(2048);
                    KeyPair pair = generator.generateKeyPair();
                    Files.writeString(file, Pem.text(pair.getPrivate()));
                    Files.writeString(pem, Pem.text(pair.getPublic()));
                }
                return file;
            }
        };

        /** Returns the private key's file; the public key is beside it, in a file named {@code .pem}. */
        abstract Path make(Path folder, String name) throws Exception;
    }

    private static byte[] run(Path folder, String... command) throws Exception {
        Path out = folder.resolve("out");
        Process process =
                new ProcessBuilder(command).redirectOutput(out.toFile()).start();
        process.getOutputStream().close();
        assertThat(process.waitFor()).as("%s", List.of(command)).isZero();
        return Files.readAllBytes(out);
    }

    private static Path publicOf(Path key) {
        return key.resolveSibling(key.getFileName() + ".pem");
    }

    private static KeyRing ring(Path... trusted) throws IOException {
        KeyRing ring = KeyRing.compatibleWithOldKeys();
        for (Path key : trusted) {
            ring.addFile(publicOf(key));
        }
        return ring;
    }

    private static Model model(Path key, KeyRing ring) throws IOException {
        return new Model(ReplicaOptions.defaults()
                .security(RsaSecurity.of(Files.readString(key), Files.readString(publicOf(key)), ring)));
    }

    private static TcpClient connect(Model model, int port) {
        return TcpClient.connect(model, new InetSocketAddress("127.0.0.1", port), DEFAULTS);
    }

    private static void eventually(ThrowingRunnable claim) {
        await().atMost(java.time.Duration.ofSeconds(60)).untilAsserted(claim);
    }

    @ParameterizedTest
    @EnumSource(Keys.class)
    void eachVerifiesWhatTheOtherSigned_throughAPeerWithoutKeys(Keys keys) throws Exception {
        Path javaKey = keys.make(folder, "test1");
        Path jsKey = keys.make(folder, "test2");
        Model java = model(javaKey, ring(jsKey));
        try (SignedPeer relay = new SignedPeer();
                SignedPeer js = new SignedPeer(jsKey, publicOf(jsKey))) {
            assertThat(js.ask("trust", "file", publicOf(javaKey).toString())).isEqualTo(Json.of(java.id()));
            java.set("before", List.of("é€😀", 0.1, 1e21, Json.object("b", 1, "10", 2)));
            js.ask("set", "key", "js before", "value", Json.object("z", 1, "2", Json.array(1.5, "\u2028")));
            int port = relay.listen();
            try (TcpClient link = connect(java, port)) {
                js.ask("connect", "port", port);
                eventually(() -> assertThat(java.has("js before")).isTrue());
                java.set("live", -0.0);
                js.ask("set", "key", "js live", "value", "ü");
                eventually(() -> assertThat(js.ask("json")).isEqualTo(java.toJson()));
                assertThat(java.keys()).hasSize(4);
                assertThat(js.ask("unverified")).isEqualTo(Json.of(0));
                assertThat(link.connection().session().stats().unverified()).isZero();
                assertThat(js.ask("history").asArray().stream()
                                .map(Json::asString)
                                .sorted())
                        .isEqualTo(java.history().stream()
                                .map(Update::toString)
                                .sorted()
                                .toList());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Keys.class)
    void tamperedForgedReplayedAndUnsigned_areRefused_andDoNotSilenceTheirVictim(Keys keys) throws Exception {
        Path javaKey = keys.make(folder, "test1");
        Path jsKey = keys.make(folder, "test2");
        Model java = model(javaKey, ring(jsKey));
        List<ReplicaEvent.Unverified> refused = new CopyOnWriteArrayList<>();
        java.on(ReplicaEvent.Unverified.class, refused::add);
        try (SignedPeer attacker = new SignedPeer();
                SignedPeer js = new SignedPeer(jsKey, publicOf(jsKey));
                TcpServer server = TcpServer.listen(java, "127.0.0.1", 0)) {
            String victim = js.ask("id").asString();
            js.ask("set", "key", "pay", "value", "10");
            String genuine = js.ask("history").asArray().get(0).asString();
            String signature = Update.parse(genuine).signature();
            String own = "[[\"k\",\"forged\"],9e15,\"" + java.id() + "\"";

            attacker.ask("connect", "port", server.address().getPort());
            String tampered = genuine.replace("\"10\"", "\"10000\"");
            String forged = "[[\"pay\",\"0\"],9e15,\"" + victim + "\",\"" + signature + "\"]";
            String unsigned = "[[\"pay\",\"0\"],9000000000000001,\"" + victim + "\"]";
            String junk = "[[\"pay\",\"0\"],9000000000000002,\"" + victim + "\",{\"a\":1}]";
            for (String line : List.of(tampered, forged, unsigned, junk, own + "]", own + ",\"" + signature + "\"]")) {
                attacker.ask("raw", "text", line + "\n");
            }
            eventually(() -> assertThat(refused).hasSize(6));
            assertThat(java.clock().isEmpty()).isTrue();

            js.ask("connect", "port", server.address().getPort());
            eventually(() -> assertThat(java.get("pay")).isEqualTo(Json.of("10")));
            js.ask("set", "key", "pay", "value", "11");
            eventually(() -> assertThat(java.get("pay")).isEqualTo(Json.of("11")));

            attacker.ask("raw", "text", genuine + "\n");
            attacker.ask("set", "key", "last", "value", 1);
            eventually(() -> assertThat(refused).as("the attacker has no key").hasSize(7));
            assertThat(java.get("pay")).as("the replayed update is old").isEqualTo(Json.of("11"));
            java.set("mine", 1);
            assertThat(java.get("mine")).isEqualTo(Json.of(1));
            assertThat(java.has("k")).isFalse();
        }
    }

    @Test
    void keyThatBecomesKnown_bringsEverythingBack_onReconnect() throws Exception {
        Path jsKey = Keys.OF_THE_ORIGINAL.make(folder, "test2");
        KeyRing ring = ring();
        Model java = new Model(ReplicaOptions.defaults().security(RsaSecurity.verifying(ring)));
        List<ReplicaEvent.Unverified> refused = new CopyOnWriteArrayList<>();
        java.on(ReplicaEvent.Unverified.class, refused::add);
        try (SignedPeer js = new SignedPeer(jsKey, publicOf(jsKey))) {
            js.ask("set", "key", "a", "value", 1);
            js.ask("set", "key", "b", "value", 2);
            int port = js.listen();
            try (TcpClient first = connect(java, port)) {
                eventually(() -> assertThat(refused).hasSize(2));
                ring.addFile(publicOf(jsKey));
                js.ask("set", "key", "c", "value", 3);
                eventually(() -> assertThat(refused).hasSize(3));
                assertThat(java.clock().isEmpty()).as("no gap").isTrue();
                first.connection().close();
                eventually(() -> assertThat(java.toJson()).isEqualTo(Json.object("a", 1, "b", 2, "c", 3)));
            }
        }
    }

    @Test
    void ownUpdates_keepTheirSignature_acrossARestart() throws Exception {
        Path javaKey = Keys.OF_SSH_KEYGEN.make(folder, "mine");
        Path jsKey = Keys.OF_SSH_KEYGEN.make(folder, "other");
        try (SignedPeer keeper = new SignedPeer(jsKey, publicOf(jsKey));
                SignedPeer newcomer = new SignedPeer(jsKey, publicOf(jsKey))) {
            keeper.ask("trust", "file", publicOf(javaKey).toString());
            newcomer.ask("trust", "file", publicOf(javaKey).toString());
            int port = keeper.listen();
            Model before = model(javaKey, ring(jsKey));
            before.set("k", "v");
            try (TcpClient link = connect(before, port)) {
                eventually(() -> assertThat(keeper.ask("json")).isEqualTo(before.toJson()));
            }
            Model after = model(javaKey, ring(jsKey));
            try (TcpClient link = connect(after, port);
                    TcpServer server = TcpServer.listen(after, "127.0.0.1", 0)) {
                eventually(() -> assertThat(after.history()).isEqualTo(before.history()));
                newcomer.ask("connect", "port", server.address().getPort());
                eventually(() -> assertThat(newcomer.ask("json")).isEqualTo(before.toJson()));
                assertThat(newcomer.ask("unverified")).isEqualTo(Json.of(0));
                assertThat(link.connection().isOpen()).isTrue();
            }
        }
    }

    @Test
    void documentSignatures_passThroughAPlainPeer_andOneThatVerifiesRefusesThemAndGoesOn() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        KeyRing ring = KeyRing.create();
        ring.add(Pem.text(pair.getPublic()));
        Model signing = new Model(ReplicaOptions.defaults()
                .security(DocumentSecurity.of("notes", pair.getPrivate(), pair.getPublic(), ring)));
        Model reading = new Model(ReplicaOptions.defaults().security(DocumentSecurity.verifying("notes", ring)));
        Model diary = new Model(ReplicaOptions.defaults().security(DocumentSecurity.verifying("diary", ring)));
        Path jsKey = Keys.OF_THE_ORIGINAL.make(folder, "test2");
        try (SignedPeer plain = new SignedPeer();
                SignedPeer verifying = new SignedPeer(jsKey, publicOf(jsKey))) {
            int port = plain.listen();
            signing.set("k", List.of("é", 1));
            try (TcpClient one = connect(signing, port);
                    TcpClient two = connect(reading, port);
                    TcpClient three = connect(diary, port)) {
                verifying.ask("connect", "port", port);
                eventually(() -> assertThat(reading.toJson()).isEqualTo(signing.toJson()));
                eventually(() -> assertThat(verifying.ask("unverified")).isEqualTo(Json.of(1)));
                eventually(() -> assertThat(three.connection().session().stats().unverified())
                        .isEqualTo(1));
                assertThat(reading.history()).isEqualTo(signing.history());
                assertThat(verifying.ask("json")).isEqualTo(Json.object());
                verifying.ask("set", "key", "still", "value", "alive");
                eventually(() ->
                        assertThat(plain.ask("json").asObject().has("still")).isTrue());
                assertThat(one.connection().isOpen() && two.connection().isOpen())
                        .isTrue();
            }
        }
    }
}
