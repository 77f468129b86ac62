package dev.scuttlebutt.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.Vectors;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Node reads and prints, case by case. */
class RecordedJsonTest {
    @Test
    void parseAndPrint_everyRecordedText_agreesWithNode() {
        List<JsonObject> cases = Vectors.lines("json-canonical.jsonl");
        assertThat(cases).hasSize(619);
        for (JsonObject recorded : cases) {
            String in = Vectors.text(recorded, "in");
            if (recorded.has("error")) {
                assertThatThrownBy(() -> Json.parse(in)).as(in).isInstanceOf(JsonException.class);
            } else {
                String out = Vectors.text(recorded, "out");
                assertThat(Json.parse(in)).as(in).hasToString(out);
                byte[] utf8 = in.getBytes(StandardCharsets.UTF_8);
                if (new String(utf8, StandardCharsets.UTF_8).equals(in)) {
                    assertThat(new JsonReader(utf8).read()).as(in).hasToString(out);
                }
            }
        }
    }

    @Test
    void print_everyRecordedDouble_agreesWithNode() {
        List<JsonObject> cases = Vectors.lines("double-to-text.jsonl");
        assertThat(cases).hasSizeGreaterThan(1000);
        for (JsonObject recorded : cases) {
            double value = bits(recorded);
            assertThat(JsonWriter.text(value)).isEqualTo(Vectors.text(recorded, "json"));
            assertThat(Json.of(value)).hasToString(Vectors.text(recorded, "json"));
        }
    }

    @Test
    void parse_everyRecordedDecimal_isRoundedAsByNode() {
        List<JsonObject> cases = Vectors.lines("text-to-double.jsonl");
        assertThat(cases).hasSizeGreaterThan(100);
        for (JsonObject recorded : cases) {
            String text = Vectors.text(recorded, "text");
            assertThat(Json.parse(text).asDouble()).as(text).isEqualTo(bits(recorded));
        }
    }

    @Test
    void readString_everyRecordedByteSequence_isDecodedAsByNode() {
        List<JsonObject> cases = Vectors.lines("utf8-decode.jsonl");
        assertThat(cases).hasSizeGreaterThan(60);
        for (JsonObject recorded : cases) {
            String hex = Vectors.text(recorded, "hex");
            String text = Vectors.text(recorded, "text");
            JsonReader reader = new JsonReader(quoted(HexFormat.of().parseHex(hex)));
            assertThat(reader.readString()).as(hex).isEqualTo(text);
            reader.end();
            boolean malformed = text.indexOf('\uFFFD') >= 0 && !hex.equals("efbfbd");
            assertThat(reader.sawMalformedUtf8()).as(hex).isEqualTo(malformed);
        }
    }

    private static double bits(JsonObject recorded) {
        return Double.longBitsToDouble(Long.parseUnsignedLong(Vectors.text(recorded, "bits"), 16));
    }

    /** Puts bytes between quotes; those that cannot stand in a string are escaped, as they are not the point here. */
    private static byte[] quoted(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write('"');
        for (byte b : bytes) {
            if (b == '"') {
                out.writeBytes("\\\"".getBytes(StandardCharsets.ISO_8859_1));
            } else if (b == 0) {
                out.writeBytes("\\u0000".getBytes(StandardCharsets.ISO_8859_1));
            } else {
                out.write(b);
            }
        }
        out.write('"');
        return out.toByteArray();
    }
}
