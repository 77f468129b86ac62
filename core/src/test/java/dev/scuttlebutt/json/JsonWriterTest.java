package dev.scuttlebutt.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
    @Test
    void writeString_everyUtf16Unit_isSpelledAsByJavaScript() {
        JsonWriter writer = new JsonWriter();
        for (int unit = 0; unit <= 0xFFFF; unit++) {
            writer.reset();
            writer.writeString("x" + (char) unit);
            assertThat(new String(writer.toBytes(), StandardCharsets.UTF_8))
                    .as("U+%04X", unit)
                    .isEqualTo("\"x" + spelling((char) unit) + "\"");
        }
    }

    @Test
    void writeString_pairsAndUnpairedSurrogates_rawAndEscaped() {
        assertThat(Json.of("\ud83d\ude00")).hasToString("\"\ud83d\ude00\"");
        assertThat(Json.of("\ude00\ud83d")).hasToString("\"\\ude00\\ud83d\"");
        assertThat(Json.of("\ud83d\ud83d\ude00x")).hasToString("\"\\ud83d\ud83d\ude00x\"");
        assertThat(JsonWriter.encode(Json.of("\ud83d\ude00")))
                .isEqualTo("\"\ud83d\ude00\"".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void writeNumber_notFinite_isNull() {
        JsonWriter writer = new JsonWriter(0);
        writer.writeNumber(Double.NaN);
        writer.writeByte(',');
        writer.writeNumber(Double.NEGATIVE_INFINITY);
        assertThat(writer).hasToString("null,null");
    }

    @Test
    void write_fromNoCapacity_growsAsNeeded() {
        JsonWriter writer = new JsonWriter(0);
        String text = "é\n".repeat(5000);
        writer.writeString(text);
        writer.writeRaw(new byte[] {'x', ':', 'y'}, 1, 2);
        writer.writeNumber(-1.5e-300);
        writer.write(Json.parse("[true,false,null,{\"a\":[]}]"));
        assertThat(writer).hasToString("\"" + "é\\n".repeat(5000) + "\":-1.5e-300[true,false,null,{\"a\":[]}]");
        assertThat(writer.toBytes()).hasSize(writer.length());
        assertThat(writer.buffer()).startsWith(writer.toBytes());
        assertThatThrownBy(() -> writer.writeRaw(new byte[3], 2, 4)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void reset_forgetsWhatWasWritten() {
        JsonWriter writer = new JsonWriter();
        writer.write(Json.of("long enough"));
        writer.reset();
        assertThat(writer.length()).isZero();
        writer.write(Json.of(1));
        assertThat(writer).hasToString("1");
    }

    private static String spelling(char unit) {
        return switch (unit) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\b' -> "\\b";
            case '\t' -> "\\t";
            case '\n' -> "\\n";
            case '\f' -> "\\f";
            case '\r' -> "\\r";
            default ->
                unit < ' ' || Character.isSurrogate(unit) ? String.format("\\u%04x", (int) unit) : String.valueOf(unit);
        };
    }
}
