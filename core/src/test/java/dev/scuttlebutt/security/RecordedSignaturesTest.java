package dev.scuttlebutt.security;

import static dev.scuttlebutt.Vectors.member;
import static dev.scuttlebutt.Vectors.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.Update;
import dev.scuttlebutt.Vectors;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonBoolean;
import dev.scuttlebutt.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same keys, texts and tuples as the original was given, with the same results. */
class RecordedSignaturesTest {
    static List<JsonObject> signing() {
        return Vectors.lines("signing.jsonl");
    }

    static List<JsonObject> verify() {
        return Vectors.lines("verify.jsonl");
    }

    static List<JsonObject> base64() {
        return Vectors.lines("base64-decode.jsonl");
    }

    static List<JsonObject> ids() {
        return member(Vectors.json("ids.json").asObject(), "fromPem").asArray().stream()
                .map(Json::asObject)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("signing")
    void sign_givesTheRecordedSignature(JsonObject vector) {
        TestKeys keys = TestKeys.of(text(vector, "key"));
        RsaSecurity security = keys.knowing();
        byte[] signed = HexFormat.of().parseHex(text(vector, "signedUtf8Hex"));

        assertThat(security.sign(signed)).isEqualTo(text(vector, "signature"));
        Update update = Update.parse(text(vector, "line"));
        assertThat(update.signedText()).isEqualTo(signed);
        assertThat(security.verify(update).isValid()).isTrue();
        assertThat(TestKeys.TEST1.knowing(keys).verify(update).isValid()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("verify")
    void verify_givesTheRecordedResult(JsonObject vector) {
        String line = text(vector, "line");
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        Update update = new Update.Parser(Json.MAX_DEPTH).parse(bytes, 0, bytes.length);
        RsaSecurity security = RsaSecurity.verifying(TestKeys.ring(member(vector, "keyRing").asArray().stream()
                .map(name -> TestKeys.of(name.asString()))
                .toArray(TestKeys[]::new)));
        // Where the original throws there is no signature either.
        boolean expected = member(vector, "result") instanceof JsonBoolean result && result.value();

        assertThat(security.verify(update).isValid()).isEqualTo(expected);
        if (update.toJson().size() > 3) {
            assertThat(new String(update.signedText(), StandardCharsets.UTF_8))
                    .isEqualTo(text(vector, "canonicalSignedText"));
        }
    }

    @ParameterizedTest
    @MethodSource("base64")
    void decode_readsWhatNodeReads(JsonObject vector) {
        assertThat(NodeBase64.decode(text(vector, "text"))).asHexString().isEqualToIgnoringCase(text(vector, "hex"));
    }

    @ParameterizedTest
    @MethodSource("ids")
    void ofText_givesTheRecordedId(JsonObject vector) {
        assertThat(KeyId.ofText(text(vector, "text"))).isEqualTo(text(vector, "id"));
    }
}
