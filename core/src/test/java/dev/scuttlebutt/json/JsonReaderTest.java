package dev.scuttlebutt.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.json.JsonReader.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
    @Test
    void pull_anUpdate_givesItsParts() {
        JsonReader reader = reader(" [ [\"k\",1] , 1700000000000.123 ,\"A\", {\"x\":true,\"y\":null} ] \n");
        assertThat(reader.peek()).isEqualTo(Kind.ARRAY);
        reader.beginArray();
        assertThat(reader.hasNext()).isTrue();
        assertThat(reader.hasNext()).isTrue();
        assertThat(reader.read()).isEqualTo(Json.array("k", 1));
        assertThat(reader.peek()).isEqualTo(Kind.NUMBER);
        assertThat(reader.readNumber()).isEqualTo(1700000000000.123);
        assertThat(reader.readString()).isEqualTo("A");
        reader.beginObject();
        assertThat(reader.hasNext()).isTrue();
        assertThat(reader.readName()).isEqualTo("x");
        assertThat(reader.readBoolean()).isTrue();
        assertThat(reader.hasNext()).isTrue();
        assertThat(reader.readName()).isEqualTo("y");
        reader.readNull();
        assertThat(reader.hasNext()).isFalse();
        reader.endObject();
        assertThat(reader.hasNext()).isFalse();
        reader.endArray();
        reader.end();
    }

    @Test
    void offset_aroundSkip_cutsOutTheBytesOfAValue() {
        byte[] bytes = utf8("xx[ {\"é\": [1,2]} ,3]xx");
        JsonReader reader = new JsonReader(bytes, 2, bytes.length - 2, 10);
        reader.beginArray();
        reader.skipWhitespace();
        int from = reader.offset();
        reader.skip();
        String slice = new String(bytes, from, reader.offset() - from, StandardCharsets.UTF_8);
        assertThat(slice).isEqualTo("{\"é\": [1,2]}");
        assertThat(reader.hasNext()).isTrue();
        assertThat(reader.readNumber()).isEqualTo(3);
        reader.endArray();
        reader.end();
        assertThat(reader.offset()).isEqualTo(bytes.length - 2);
    }

    @Test
    void range_endsInsideOfAWiderArray_nothingBeyondIsRead() {
        byte[] bytes = utf8("[123456789,\"abcdefghijkl\"]");
        for (int to = 0; to < bytes.length; to++) {
            JsonReader reader = new JsonReader(bytes, 0, to, 10);
            int end = to;
            assertThatThrownBy(reader::read)
                    .isInstanceOfSatisfying(
                            JsonException.class, e -> assertThat(e.offset()).isEqualTo(end));
        }
        JsonReader number = new JsonReader(bytes, 1, 4, 10);
        assertThat(number.readNumber()).isEqualTo(123);
        number.end();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1,]|3|expected a value, found ']' at offset 3",
                "[1 2]|3|expected ',' or ']', found '2' at offset 3",
                "{\"a\" 1}|5|expected ':', found '1' at offset 5",
                "{\"a\":1,}|7|expected a member name in double quotes, found '}' at offset 7",
                "{a:1}|1|expected a member name in double quotes, found 'a' at offset 1",
                "[1|2|expected ',' or ']', found the end of the text at offset 2",
                "tru|3|expected true, found the end of the text at offset 3",
                "01|1|expected no digit after a leading zero, found '1' at offset 1",
                "-|1|expected a digit, found the end of the text at offset 1",
                "1.|2|expected a digit after the decimal point, found the end of the text at offset 2",
                "1e+|3|expected a digit of the exponent, found the end of the text at offset 3",
                "\"a|2|expected '\"' at the end of the string, found the end of the text at offset 2",
                "\"\\x\"|2|expected one of \" \\ / b f n r t u after a backslash, found 'x' at offset 2",
                "\"\\u12g4\"|5|expected four hexadecimal digits after \\u, found 'g' at offset 5",
                "é|0|expected a value, found U+00E9 at offset 0",
                "[\"é\",x]|5|expected a value, found 'x' at offset 5",
            })
    void read_malformed_saysWhatWhereAndWhatInstead(String text, int offset, String message) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOfSatisfying(
                        JsonException.class, e -> assertThat(e.offset()).isEqualTo(offset))
                .hasMessage(message);
    }

    @Test
    void read_controlCharactersAndTruncatedEscapes_areRefused() {
        assertThatThrownBy(() -> Json.parse("\"a\tb\"")).hasMessageContaining("found U+0009 at offset 2");
        for (String text : List.of("\"\\", "\"\\u", "\"\\u1", "\"\\u123", "\"\\u123\"", "\"\\\"", "\uFEFF1", "")) {
            assertThatThrownBy(() -> Json.parse(text)).as(text).isInstanceOf(JsonException.class);
        }
        assertThatThrownBy(() -> new JsonReader(new byte[] {'[', (byte) 0xFF}).read())
                .hasMessage("expected a value, found the byte 0xFF, which is not UTF-8 at offset 1");
    }

    @Test
    void offsetOfAByteReader_countsBytes_offsetOfATextReaderCountsUnits() {
        assertThatThrownBy(() -> reader("[\"é😀\",x]").read()).hasMessageEndingWith("at offset 10");
        assertThatThrownBy(() -> Json.parse("[\"é😀\",x]")).hasMessageEndingWith("at offset 7");
        assertThatThrownBy(() -> Json.parse("[\"\ud83d\",x]")).hasMessageEndingWith("at offset 5");
    }

    @Test
    void trailingText_isRefusedByEndOnly() {
        JsonReader reader = reader("1 2");
        assertThat(reader.readNumber()).isEqualTo(1);
        assertThatThrownBy(reader::end).hasMessage("expected the end of the text, found '2' at offset 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[1,]", "[1,  ]", "{\"a\":1,}", "[1 ", "{\"a\":1 ", "[,", "{,", "[", "{", "[1}", "{\"a\":1]"})
    void hasNext_malformedList_isRefused(String text) {
        assertThatThrownBy(() -> list(text)).isInstanceOf(JsonException.class);
    }

    @Test
    void pull_anotherKindThanAskedFor_namesBoth() {
        assertThatThrownBy(() -> reader(" 12").readString())
                .hasMessage("expected a string, found a number at offset 1");
        assertThatThrownBy(() -> reader("\"x\"").readNumber())
                .hasMessage("expected a number, found a string at offset 0");
        assertThatThrownBy(() -> reader("null").beginArray()).hasMessage("expected an array, found null at offset 0");
        assertThatThrownBy(() -> reader("[]").beginObject())
                .hasMessage("expected an object, found an array at offset 0");
        assertThatThrownBy(() -> reader("{}").readBoolean())
                .hasMessage("expected a boolean, found an object at offset 0");
        assertThatThrownBy(() -> reader("false").readNull()).hasMessage("expected null, found a boolean at offset 0");
        assertThatThrownBy(() -> reader("  ").readString())
                .hasMessage("expected a string, found the end of the text at offset 2");
    }

    @Test
    void pull_callsThatDoNotFit_areMisuse() {
        assertThatIllegalStateException().isThrownBy(() -> reader("1").hasNext());
        assertThatIllegalStateException().isThrownBy(() -> reader("1").end());
        assertThatIllegalStateException().isThrownBy(() -> reader("1").endArray());
        assertThatIllegalStateException().isThrownBy(() -> reader("1").readName());
        JsonReader object = reader("{\"a\":1}");
        object.beginObject();
        assertThatIllegalStateException().isThrownBy(object::read);
        assertThatIllegalStateException().isThrownBy(object::endArray);
        object.readName();
        assertThatIllegalStateException().isThrownBy(object::readName);
        assertThatIllegalStateException().isThrownBy(object::endObject);
        JsonReader done = reader("1");
        done.skip();
        assertThatIllegalStateException().isThrownBy(done::read);
        assertThatIllegalArgumentException().isThrownBy(() -> new JsonReader("1", Json.MAX_DEPTH + 1));
        assertThatThrownBy(() -> new JsonReader(new byte[2], 1, 3, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void depth_theLimitIsExact_forReadSkipAndPull() {
        for (String[] brackets : new String[][] {{"[", "", "]"}, {"{\"a\":", "1", "}"}}) {
            for (int limit : new int[] {0, 1, 7, 1000}) {
                String fits = nested(brackets, limit);
                String tooDeep = nested(brackets, limit + 1);
                if (!fits.isEmpty()) {
                    assertThat(new JsonReader(fits, limit).read()).hasToString(fits);
                    new JsonReader(fits, limit).skip();
                }
                String message = "expected at most " + limit + " levels of arrays and objects, found more at offset "
                        + brackets[0].length() * limit;
                assertThatThrownBy(() -> new JsonReader(tooDeep, limit).read()).hasMessage(message);
                assertThatThrownBy(() -> new JsonReader(tooDeep, limit).skip()).hasMessage(message);
            }
        }
        JsonReader pulled = new JsonReader("[[[]]]", 2);
        pulled.beginArray();
        pulled.beginArray();
        assertThatThrownBy(pulled::beginArray).isInstanceOf(JsonException.class);
        JsonReader mixed = new JsonReader("[[[]]]", 2);
        mixed.beginArray();
        assertThatThrownBy(mixed::read).isInstanceOf(JsonException.class);
    }

    @Test
    void depth_aHundredThousand_isRefusedAndDoesNotOverflow() {
        for (String open : List.of("[", "{\"a\":", "[{\"a\":")) {
            byte[] bytes = utf8(open.repeat(100_000));
            assertThatThrownBy(() -> new JsonReader(bytes).read()).isInstanceOf(JsonException.class);
            assertThatThrownBy(() -> new JsonReader(bytes).skip()).isInstanceOf(JsonException.class);
        }
    }

    @Test
    void sawMalformedUtf8_onlyForBytesThatAreNot() {
        byte[] overlong = {'[', '"', (byte) 0xC0, (byte) 0x80, '"', ']'};
        JsonReader skipping = new JsonReader(overlong);
        assertThat(skipping.sawMalformedUtf8()).isFalse();
        skipping.skip();
        assertThat(skipping.sawMalformedUtf8()).isTrue();
        JsonReader wellFormed = reader("\"\uFFFD é €\"");
        assertThat(wellFormed.readString()).isEqualTo("\uFFFD é €");
        assertThat(wellFormed.sawMalformedUtf8()).isFalse();
    }

    @Test
    void readString_unpairedSurrogatesInText_survive() {
        for (String value :
                List.of("\ud83d", "\ude00", "\ude00\ud83d", "a\ud83d\"", "\ud83d\ud83d\ude00é", "\udfff€")) {
            String text = "\"" + value.replace("\"", "\\\"") + "\"";
            assertThat(new JsonReader(text).readString()).isEqualTo(value);
        }
        // As bytes they are not UTF-8: three replacement characters each, as in Node.
        JsonReader bytes = new JsonReader(new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0xBD, '"'});
        assertThat(bytes.readString()).isEqualTo("\uFFFD\uFFFD\uFFFD");
    }

    @Test
    void read_sameReaderManyContainers_keepsThemApart() {
        String text = "[[1,[2,{\"a\":[3,4],\"b\":{\"c\":5}}],6],[],{},[[[]]],{\"d\":[{}]},\"x\"]";
        assertThat(Json.parse(text)).hasToString(text);
    }

    @Test
    void read_manyMembersAndDuplicates_lastValueAtFirstPlace() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < 2000; i++) {
            text.append("\"k").append(i % 1000).append("\":").append(i).append(',');
        }
        JsonObject object = Json.parse(text.append("\"z\":0}").toString()).asObject();
        assertThat(object.size()).isEqualTo(1001);
        assertThat(object.keys().get(7)).isEqualTo("k7");
        assertThat(object.get("k7")).isEqualTo(Json.of(1007));
        assertThat(object.keys().get(1000)).isEqualTo("z");
    }

    private static List<Object> list(String text) {
        JsonReader reader = reader(text);
        List<Object> items = new ArrayList<>();
        if (reader.peek() == Kind.ARRAY) {
            reader.beginArray();
            while (reader.hasNext()) {
                items.add(reader.readNumber());
            }
            reader.endArray();
        } else {
            reader.beginObject();
            while (reader.hasNext()) {
                items.add(reader.readName());
                items.add(reader.readNumber());
            }
            reader.endObject();
        }
        return items;
    }

    private static String nested(String[] brackets, int depth) {
        return brackets[0].repeat(depth) + (depth == 0 ? "" : brackets[1]) + brackets[2].repeat(depth);
    }

    private static JsonReader reader(String text) {
        return new JsonReader(utf8(text));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void reset_afterAnything_readsAsANewReaderWould() {
        JsonReader reader = new JsonReader("[[{\"a\":\"\ud800");
        assertThatThrownBy(reader::read).isInstanceOf(JsonException.class);
        byte[] line = utf8("xx[1,{\"b\":[true]}]yy");

        reader.reset(line, 2, line.length - 2);

        assertThat(reader.read()).isEqualTo(Json.parse("[1,{\"b\":[true]}]"));
        reader.end();
        assertThat(reader.offset()).isEqualTo(line.length - 2);
    }

    @Test
    void reset_forgetsThatBytesWereMalformed() {
        JsonReader reader = new JsonReader(new byte[] {'"', (byte) 0xFF, '"'});
        reader.skip();

        reader.reset(utf8("1"), 0, 1);

        assertThat(reader.sawMalformedUtf8()).isFalse();
        assertThat(reader.readNumber()).isEqualTo(1);
    }
}
