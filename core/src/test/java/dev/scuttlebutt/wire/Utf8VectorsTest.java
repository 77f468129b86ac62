package dev.scuttlebutt.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.scuttlebutt.Message;
import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.Vectors;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes as Node decodes one chunk, {@code utf8-decode.jsonl}, in an update that is cut anywhere. */
class Utf8VectorsTest {
    /** A control character, which JSON allows in no string. */
    private static final String REFUSED = "00";

    static Stream<JsonObject> cases() {
        return Vectors.lines("utf8-decode.jsonl").stream();
    }

    static Stream<JsonObject> decodable() {
        return cases().filter(recorded -> !Vectors.text(recorded, "hex").equals(REFUSED));
    }

    private static byte[] line(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes("[[\"k\",\"".getBytes(StandardCharsets.US_ASCII));
        line.writeBytes(bytes);
        if (!hex.endsWith("22")) {
            line.write('"');
        }
        line.writeBytes("],5,\"x\"]\n".getBytes(StandardCharsets.US_ASCII));
        return line.toByteArray();
    }

    @ParameterizedTest
    @MethodSource("decodable")
    void bytes_decodeAsInNode_howeverTheyAreCut(JsonObject recorded) throws ProtocolException {
        String hex = Vectors.text(recorded, "hex");
        String text = Vectors.text(recorded, "text");
        if (hex.endsWith("22")) {
            // Its last character is the quote that ends the string.
            text = text.substring(0, text.length() - 1);
        }
        byte[] line = line(hex);
        for (int cut = 0; cut <= line.length; cut++) {
            JsonLines.Decoder decoder = new JsonLines.Decoder(Limits.defaults());
            List<Message> out = new ArrayList<>();
            decoder.decode(ByteBuffer.wrap(line, 0, cut), out);
            decoder.decode(ByteBuffer.wrap(line, cut, line.length - cut), out);

            assertThat(out).as("cut at %d", cut).hasSize(1);
            Update update = (Update) out.get(0);
            assertThat(update.change()).as("cut at %d", cut).isEqualTo(Json.array("k", text));
            ByteBuffer relayed = ByteBuffer.allocate(update.length());
            update.copyTo(relayed, 0);
            assertThat(new String(relayed.array(), StandardCharsets.UTF_8))
                    .as("what goes on to others is good UTF-8")
                    .isEqualTo("[[\"k\",\"" + text + "\"],5,\"x\"]\n");
        }
    }

    @Test
    void controlCharacter_isAnError() {
        byte[] line = line(REFUSED);
        for (int cut = 0; cut <= line.length; cut++) {
            int at = cut;
            JsonLines.Decoder decoder = new JsonLines.Decoder(Limits.defaults());
            assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> {
                decoder.decode(ByteBuffer.wrap(line, 0, at), new ArrayList<>());
                decoder.decode(ByteBuffer.wrap(line, at, line.length - at), new ArrayList<>());
            });
        }
    }

    @Test
    void everyCase_isThere() {
        assertThat(cases()).hasSize(63);
        assertThat(decodable()).hasSize(62);
    }
}
