package dev.scuttlebutt.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.Verdict;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.Model;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RsaSecurityTest {
    private final Model victim = model(TestKeys.TEST1);
    private final Model reader = model(TestKeys.TEST2, TestKeys.TEST1);

    private static Model model(TestKeys own, TestKeys... known) {
        return new Model(ReplicaOptions.defaults().security(own.knowing(known)));
    }

    @Test
    void signedHere_isVerifiedThere_throughAPeerWithoutKeys() {
        Model relay = new Model();
        Pipe.connect(victim, relay);
        Pipe.connect(relay, reader);
        victim.set("k", "ü");
        assertThat(reader.get("k")).isEqualTo(Json.of("ü"));
        assertThat(reader.history()).isEqualTo(victim.history());
    }

    /** The signature of a genuine update is exchanged for what a hostile peer could think of. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "5",
                "-1e999",
                "null",
                "true",
                "{}",
                "[]",
                "{\"length\":96}",
                "[\"AAAA\"]",
                "\"\"",
                "\"=\"",
                "\"====\"",
                "\"A\"",
                "\"\\u0000\"",
                "\"é€😀\"",
                "\"\\ud800\"",
                "\"__proto__\"",
                "\"AAAA\""
            })
    void hostileSignature_isRefused_andDoesNotSilenceItsVictim(String signature) {
        refusesThenTakesGenuine(signature);
    }

    @Test
    void signatureOfHugeLength_isRefused() {
        refusesThenTakesGenuine('"' + "A".repeat(5 << 20) + '"');
        refusesThenTakesGenuine('"' + "!".repeat(5 << 20) + '"');
    }

    @Test
    void signatureOfTheRightLengthButZeroOrAboveTheModulus_isRefused() {
        refusesThenTakesGenuine('"' + "A".repeat(128) + '"');
        refusesThenTakesGenuine('"' + "/".repeat(128) + '"');
    }

    private void refusesThenTakesGenuine(String signature) {
        Model target = model(TestKeys.TEST2, TestKeys.TEST1);
        String forged = "[[\"k\",\"forged\"],9e15,\"" + victim.id() + "\"," + signature + "]";
        byte[] line = forged.getBytes(StandardCharsets.UTF_8);
        Update update = new Update.Parser(Json.MAX_DEPTH).parse(line, 0, line.length);
        assertThat(target.apply(update)).isEqualTo(Outcome.UNVERIFIED);

        victim.set("k", "genuine");
        assertThat(target.apply(victim.history().get(0))).isEqualTo(Outcome.APPLIED);
        assertThat(target.get("k")).isEqualTo(Json.of("genuine"));
    }

    @Test
    void ownIdFromOutside_needsAValidOwnSignature_whateverTheRingSays() {
        KeyRing ring = KeyRing.compatibleWithOldKeys();
        ring.add(TestKeys.TEST1.id(), TestKeys.TEST2.publicPem());
        Model self = new Model(ReplicaOptions.defaults()
                .security(RsaSecurity.of(TestKeys.TEST1.privatePem(), TestKeys.TEST1.publicPem(), ring)));
        // Signed by the key that the ring wrongly names.
        Model other =
                new Model(ReplicaOptions.defaults().id(TestKeys.TEST1.id()).security(TestKeys.TEST2.knowing()));
        other.set("k", "forged");
        victim.set("k", "mine");

        assertThat(self.apply(other.history().get(0))).isEqualTo(Outcome.UNVERIFIED);
        assertThat(self.apply(victim.history().get(0))).isEqualTo(Outcome.APPLIED);
    }

    @Test
    void replayedUpdate_isStale_andCostsNoSignature() {
        victim.set("k", "v");
        Update update = victim.history().get(0);
        assertThat(reader.apply(update)).isEqualTo(Outcome.APPLIED);
        assertThat(reader.apply(update)).isEqualTo(Outcome.STALE);
    }

    @Test
    void signatureMovedToAnotherUpdate_isRefused() {
        victim.set("a", 1);
        victim.set("b", 2);
        List<Update> both = victim.history();
        String moved = both.get(1)
                .toString()
                .replace(both.get(1).signature(), both.get(0).signature());
        assertThat(reader.apply(Update.parse(moved))).isEqualTo(Outcome.UNVERIFIED);
    }

    @Test
    void keyAddedLater_takesWhatComesThen_keyRemoved_refuses() {
        KeyRing ring = KeyRing.compatibleWithOldKeys();
        Model late = new Model(ReplicaOptions.defaults().security(RsaSecurity.verifying(ring)));
        victim.set("k", 1);
        Update first = victim.history().get(0);
        assertThat(late.apply(first)).isEqualTo(Outcome.UNVERIFIED);

        ring.add(TestKeys.TEST1.publicPem());
        assertThat(late.apply(first)).isEqualTo(Outcome.APPLIED);

        assertThat(ring.remove(TestKeys.TEST1.id())).isTrue();
        victim.set("k", 2);
        assertThat(late.apply(victim.history().get(0))).isEqualTo(Outcome.UNVERIFIED);
        assertThat(late.get("k")).isEqualTo(Json.of(1));
    }

    @Test
    void reasons_tellUnknownKeyUnsignedAndForgedApart() {
        List<String> reasons = new ArrayList<>();
        reader.on(ReplicaEvent.Unverified.class, event -> reasons.add(event.reason()));
        reader.apply(Update.parse("[1,1,\"nobody\",\"AAAA\"]"));
        reader.apply(Update.of(1, 1, victim.id()));
        reader.apply(Update.parse("[1,1,\"" + victim.id() + "\",\"AAAA\"]"));
        reader.apply(Update.parse("[1,1,\"" + victim.id() + "\",\"" + "A".repeat(128) + "\"]"));
        assertThat(reasons)
                .containsExactly(
                        "no key is known for its source",
                        "it is not signed",
                        "its signature has 3 bytes, which does not fit the key",
                        "its signature is not one of its source over this content");
    }

    @Test
    void unsignedUpdateOfAnUnknownSource_isNoReasonToWaitForItsKey() {
        Verdict verdict = TestKeys.TEST1.knowing().verify(Update.of(1, 1, "nobody"));
        assertThat(verdict.kind()).isEqualTo(Verdict.Kind.INVALID);
    }

    @Test
    void keyOfAnotherKindUnderTheId_isRefused() throws Exception {
        KeyRing ring = KeyRing.create();
        java.security.KeyPair pair =
                java.security.KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        ring.add("somebody", Pem.text(pair.getPublic()));
        Verdict verdict = RsaSecurity.verifying(ring).verify(Update.parse("[1,1,\"somebody\",\"AAAA\"]"));
        assertThat(verdict.kind()).isEqualTo(Verdict.Kind.INVALID);
    }

    @Test
    void smallKeys_needTheSwitch() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> RsaSecurity.of(TestKeys.TEST1.privatePem(), TestKeys.TEST1.publicPem(), KeyRing.create()))
                .withMessageContaining("at least 2048 bits, this one has 768");
        assertThatIllegalArgumentException().isThrownBy(() -> KeyRing.create().add(TestKeys.TEST1.publicPem()));
    }

    @Test
    void keysThatAreNoPair_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RsaSecurity.of(
                        TestKeys.TEST1.privatePem(), TestKeys.TEST2.publicPem(), KeyRing.compatibleWithOldKeys()))
                .withMessageContaining("no pair");
    }

    @Test
    void verifyingOnly_cannotMakeChanges() {
        Model silent = new Model(ReplicaOptions.defaults().security(RsaSecurity.verifying(TestKeys.ring())));
        assertThatIllegalStateException().isThrownBy(() -> silent.set("k", 1)).withMessageContaining("no private key");
    }
}
