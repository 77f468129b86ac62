package dev.scuttlebutt.security;

import static dev.scuttlebutt.Vectors.member;
import static dev.scuttlebutt.Vectors.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SessionEvent;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.Verdict;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonBoolean;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.wire.WireSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentSecurityTest {
    private static final List<JsonObject> VECTORS = read();
    private static final JsonObject KEYS = member(VECTORS.get(0), "keys").asObject();

    static List<JsonObject> vectors() {
        return VECTORS.subList(1, VECTORS.size());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void verify_agreesWithNode(JsonObject vector) {
        Verdict verdict =
                DocumentSecurity.verifying(text(vector, "document"), ring()).verify(parse(text(vector, "line")));
        assertThat(verdict.isValid()).as(verdict.reason()).isEqualTo(isValid(vector));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void sign_givesNodesSignature(JsonObject vector) {
        if (vector.has("signedText")) {
            Update update = parse(text(vector, "line"));
            DocumentSecurity signer =
                    signer(text(vector, "document"), update.source().split(":")[0]);

            assertThat(signer.createId()).isEqualTo(update.source());
            assertThat(signer.sign(update.signedText())).isEqualTo(update.signature());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "rsa-sha256"})
    void replicasOfOneDocument_exchange_throughAPeerWithoutKeys(String algorithm) {
        Model signing = new Model(ReplicaOptions.defaults().security(signer("notes", algorithm)));
        Model relay = new Model();
        Model verifying = new Model(ReplicaOptions.defaults().security(DocumentSecurity.verifying("notes", ring())));
        signing.set("k", "v");
        Pipe.connect(signing, relay);
        Pipe.connect(relay, verifying);
        signing.set("live", 1);

        assertThat(verifying.toJson()).isEqualTo(Json.object("k", "v", "live", 1));
        assertThat(verifying.history()).isEqualTo(signing.history());
    }

    @Test
    void updateOfAnotherDocument_isRefused() {
        Model notes = new Model(ReplicaOptions.defaults().security(signer("notes", "ed25519")));
        Model diary = new Model(ReplicaOptions.defaults().security(DocumentSecurity.verifying("diary", ring())));
        notes.set("role", "admin");

        assertThat(diary.apply(notes.history().get(0))).isEqualTo(Outcome.UNVERIFIED);
        assertThat(diary.clock().isEmpty()).isTrue();
    }

    @Test
    void peerOfAnotherDocument_isSentAway_andNothingIsExchanged() {
        Model notes = new Model(ReplicaOptions.defaults().security(signer("notes", "ed25519")));
        Model diary = new Model(ReplicaOptions.defaults().security(signer("diary", "rsa-sha256")));
        notes.set("k", "v");
        List<Throwable> causes = new ArrayList<>();
        // Whoever hears the other's handshake first hangs up; the other one only sees the link end.
        notes.on(SessionEvent.Closed.class, closed -> causes.add(closed.cause()));
        diary.on(SessionEvent.Closed.class, closed -> causes.add(closed.cause()));
        Pipe.connect(notes, diary);

        assertThat(causes)
                .hasSize(2)
                .filteredOn(Objects::nonNull)
                .singleElement()
                .satisfies(cause -> assertThat(cause)
                        .isInstanceOf(ProtocolException.class)
                        .hasMessageContaining("\"diary\"")
                        .hasMessageContaining("\"notes\""));
        assertThat(notes.sessions()).isEmpty();
        assertThat(diary.sessions()).isEmpty();
        assertThat(diary.clock().isEmpty()).isTrue();
    }

    @Test
    void wireSession_ofAPeerOfAnotherDocument_saysSoToItsTransport() {
        Model notes = new Model(ReplicaOptions.defaults().security(signer("notes", "ed25519")));
        WireSession wire = new WireSession(notes.open());
        byte[] handshake =
                "{\"id\":\"x\",\"clock\":{},\"security\":{\"document\":\"diary\"}}\n".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> wire.receive(ByteBuffer.wrap(handshake)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("diary");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"security\":null",
                ",\"security\":5",
                ",\"security\":{\"document\":7}",
                ",\"security\":[]",
                ",\"security\":{\"document\":\"notes\",\"more\":1}"
            })
    void peerThatNamesNoOtherDocument_isWelcome(String field) throws Exception {
        Model notes = new Model(ReplicaOptions.defaults().security(signer("notes", "ed25519")));
        WireSession wire = new WireSession(notes.open());
        wire.receive(ByteBuffer.wrap(("{\"id\":\"x\",\"clock\":{}" + field + "}\n").getBytes(StandardCharsets.UTF_8)));
        assertThat(wire.session().peer()).isNotNull();
    }

    @Test
    void announcement_namesDocumentAndAlgorithms() {
        assertThat(signer("notes", "ed25519").announcement())
                .hasToString("{\"document\":\"notes\",\"signatures\":[\"ed25519\",\"rsa-sha256\"]}");
    }

    @Test
    void olderSources_areTakenOnlyWhenAsked() {
        Model old = new Model(ReplicaOptions.defaults().security(TestKeys.TEST1.knowing()));
        old.set("k", "v");
        Update update = old.history().get(0);
        DocumentSecurity strict = DocumentSecurity.verifying("notes", ring());
        assertThat(strict.verify(update).kind()).isEqualTo(Verdict.Kind.INVALID);
        DocumentSecurity lenient = strict.orOlder(RsaSecurity.verifying(TestKeys.ring(TestKeys.TEST1)));
        assertThat(lenient.verify(update).isValid()).isTrue();
    }

    @Test
    void sourceThatSignsForDocuments_cannotBePushedBackToTheOlderWay() {
        DocumentSecurity lenient = DocumentSecurity.verifying("notes", ring()).orOlder(RsaSecurity.verifying(ring()));
        // Signed with the right key, over the right text, but in the way that names no document.
        String source = signer("notes", "rsa-sha256").createId();
        Update unsigned = Update.of(List.of("k", "v"), 1, source);
        String older = NodeBase64.encode(Signatures.sign(
                "SHA1withRSA",
                privateKey("rsa-sha256"),
                new byte[0],
                unsigned.toString().getBytes(StandardCharsets.UTF_8),
                0));
        Update update = parse(unsigned.toString().replaceFirst("]$", ",\"" + older + "\"]"));
        assertThat(lenient.verify(update).kind()).isEqualTo(Verdict.Kind.INVALID);
    }

    @Test
    void ownIdWithoutOwnSignature_isRefused() {
        Model notes = new Model(ReplicaOptions.defaults().security(signer("notes", "ed25519")));
        assertThat(notes.apply(Update.of(List.of("k", "forged"), 5, notes.id())))
                .isEqualTo(Outcome.UNVERIFIED);
    }

    @Test
    void unknownSource_isToldFromAForgery() {
        Model notes = new Model(ReplicaOptions.defaults().security(signer("notes", "ed25519")));
        notes.set("k", "v");
        Verdict verdict = DocumentSecurity.verifying("notes", KeyRing.create())
                .verify(notes.history().get(0));
        assertThat(verdict.kind()).isEqualTo(Verdict.Kind.UNKNOWN_SOURCE);
    }

    @Test
    void verifyingOnly_cannotMakeChanges() {
        Model reader = new Model(ReplicaOptions.defaults().security(DocumentSecurity.verifying("notes", ring())));
        assertThatIllegalStateException()
                .isThrownBy(() -> reader.set("k", "v"))
                .withMessageContaining("no private key");
        assertThat(reader.history()).isEmpty();
    }

    @Test
    void smallRsaKey_isRefused_evenWithAnOldRing() {
        PrivateKey small = Pem.privateKey(TestKeys.TEST1.privatePem());
        PublicKey itsPublic = Pem.publicKey(TestKeys.TEST1.publicPem());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DocumentSecurity.of("notes", small, itsPublic, KeyRing.compatibleWithOldKeys()))
                .withMessageContaining("2048");
    }

    @Test
    void keysThatAreNoPair_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        DocumentSecurity.of("notes", privateKey("ed25519"), publicKey("rsa-sha256"), KeyRing.create()))
                .withMessageContaining("no pair");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1025})
    void nameOfADocument_hasALength(int length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DocumentSecurity.verifying("x".repeat(length), KeyRing.create()));
    }

    @Test
    void refusedUpdate_isAnEventWithAReason() {
        Model reader = new Model(ReplicaOptions.defaults().security(DocumentSecurity.verifying("notes", ring())));
        List<ReplicaEvent.Unverified> refused = new ArrayList<>();
        reader.on(ReplicaEvent.Unverified.class, refused::add);
        reader.apply(Update.of("x", 1, "somebody"));
        assertThat(refused)
                .singleElement()
                .satisfies(event -> assertThat(event.reason()).contains("id of its source"));
    }

    private static boolean isValid(JsonObject vector) {
        return ((JsonBoolean) member(vector, "valid")).value();
    }

    private static Update parse(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        Update update = new Update.Parser(Json.MAX_DEPTH).parse(bytes, 0, bytes.length);
        assertThat(update).isNotNull();
        return update;
    }

    private static KeyRing ring() {
        KeyRing ring = KeyRing.create();
        KEYS.entries().forEach(entry -> ring.add(text(entry.getValue().asObject(), "publicKey")));
        return ring;
    }

    private static DocumentSecurity signer(String document, String algorithm) {
        return DocumentSecurity.of(document, privateKey(algorithm), publicKey(algorithm), KeyRing.create());
    }

    private static PrivateKey privateKey(String algorithm) {
        return Pem.privateKey(text(member(KEYS, algorithm).asObject(), "privateKey"));
    }

    private static PublicKey publicKey(String algorithm) {
        return Pem.publicKey(text(member(KEYS, algorithm).asObject(), "publicKey"));
    }

    private static List<JsonObject> read() {
        try (InputStream in = DocumentSecurityTest.class.getResourceAsStream("/vectors/document/signatures.jsonl")) {
            return List.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")).stream()
                    .map(line -> Json.parse(line).asObject())
                    .toList();
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }
}
