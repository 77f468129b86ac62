package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonException;
import dev.scuttlebutt.json.JsonWriter;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpdateTest {
    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Update received(String line) {
        return received(utf8(line));
    }

    private static Update received(byte[] line) {
        Update update = new Update.Parser(Json.MAX_DEPTH).parse(line, 0, line.length);
        assertThat(update).isNotNull();
        return update;
    }

    private static String line(Update update) {
        ByteBuffer bytes = update.bytes();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return new String(copy, StandardCharsets.UTF_8);
    }

    @Test
    void compose_writesTheLineOfTheOriginal() {
        Update update = Update.of(List.of("k", "é"), 1700000000000.001, "A");

        assertThat(line(update)).isEqualTo("[[\"k\",\"é\"],1700000000000.001,\"A\"]\n");
        assertThat(update.length()).isEqualTo(utf8(line(update)).length);
        assertThat(update.change()).isEqualTo(Json.array("k", "é"));
        assertThat(update.timestamp()).isEqualTo(1700000000000.001);
        assertThat(update.source()).isEqualTo("A");
        assertThat(update.signature()).isNull();
    }

    @Test
    void compose_withSignature_appendsIt() {
        byte[] change = JsonWriter.encode(Json.array("k", 1));

        Update update = Update.compose(change, 5, "A", "c2ln");

        assertThat(line(update)).isEqualTo("[[\"k\",1],5,\"A\",\"c2ln\"]\n");
        assertThat(update.signature()).isEqualTo("c2ln");
        assertThat(new String(Update.signedText(change, 5, "A"), StandardCharsets.UTF_8))
                .isEqualTo("[[\"k\",1],5,\"A\"]");
    }

    @Test
    void of_copiesTheChange() {
        List<Object> change = new ArrayList<>(List.of("k", 1));

        Update update = Update.of(change, 5, "A");
        change.set(1, 2);

        assertThat(update.change()).isEqualTo(Json.array("k", 1));
    }

    @Test
    void of_refusesWhatNoPeerWouldTake() {
        assertThatIllegalArgumentException().isThrownBy(() -> Update.of(1, Double.NaN, "A"));
        assertThatIllegalArgumentException().isThrownBy(() -> Update.of(1, Double.POSITIVE_INFINITY, "A"));
        assertThatIllegalArgumentException().isThrownBy(() -> Update.of(1, 5, "__proto__"));
    }

    @Test
    void parseText_readsAndNormalisesSpelling() {
        Update update = Update.parse(" [ [\"k\", 1.0] , 5e0 , \"\\u0041\" ] ");

        assertThat(line(update)).isEqualTo("[[\"k\",1],5,\"A\"]\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "[1,2]",
                "[1,\"2\",\"A\"]",
                "[1,2,3]",
                "[1,null,\"A\"]",
                "[1,2,\"__proto__\"]",
                "\"SYNC\"",
                "5"
            })
    void parseText_ofOtherJson_saysWhatAnUpdateIs(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Update.parse(text))
                .withMessageContaining("[change, timestamp, source]");
    }

    @Test
    void parser_ofOtherJson_returnsNull() {
        Update.Parser parser = new Update.Parser(Json.MAX_DEPTH);
        for (String text : List.of("{}", "[]", "[1,2]", "[1,\"2\",\"A\"]", "[1,2,null]", "null", "\"x\"", " 5 ")) {
            byte[] bytes = utf8(text);
            assertThat(parser.parse(bytes, 0, bytes.length)).as(text).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[",
                "[1,2,\"A\"",
                "[1,2,\"A\"],",
                "[1,2,\"A\"] []",
                "[1 2,\"A\"]",
                "[1,2,\"A\",]",
                "{",
                "nul"
            })
    void parser_ofNoJson_throws(String text) {
        byte[] bytes = utf8(text);
        Assertions.assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> new Update.Parser(Json.MAX_DEPTH).parse(bytes, 0, bytes.length));
    }

    @Test
    void parser_keepsTheBytesThatArrived() {
        String line = "[ {\"b\":1,\"1\":[ ],\"b\":2.50} ,17e11,\"\\u0041\", \"sig\" , {\"more\":1.0} ]";

        Update update = received("  \t" + line + " \r");

        assertThat(line(update)).isEqualTo(line + "\n");
        assertThat(update.timestamp()).isEqualTo(1.7e12);
        assertThat(update.source()).isEqualTo("A");
        assertThat(update.toString())
                .as("canonical text")
                .isEqualTo("[{\"1\":[],\"b\":2.5},1700000000000,\"A\",\"sig\",{\"more\":1}]");
    }

    @Test
    void parser_readsOnlyTheRangeItIsGiven() {
        byte[] bytes = utf8("x[[\"k\",1],5,\"A\"]y");

        Update update = new Update.Parser(Json.MAX_DEPTH).parse(bytes, 1, bytes.length - 1);

        assertThat(update).hasToString("[[\"k\",1],5,\"A\"]");
    }

    @Test
    void parser_copiesTheBytes() {
        byte[] bytes = utf8("[[\"k\",1],5,\"A\"]");
        Update update = received(bytes);

        java.util.Arrays.fill(bytes, (byte) 'x');

        assertThat(update.change()).isEqualTo(Json.array("k", 1));
    }

    @Test
    void parser_ofMalformedUtf8_mendsTheLine() {
        byte[] bytes = "[[\"k\",\"\u00ff\u00c3\"] ,5,\"x\u00ff\",\"s\"]".getBytes(StandardCharsets.ISO_8859_1);

        Update update = received(bytes);

        assertThat(line(update)).isEqualTo("[[\"k\",\"\ufffd\ufffd\"],5,\"x\ufffd\",\"s\"]\n");
        assertThat(update.change()).isEqualTo(Json.array("k", "\ufffd\ufffd"));
        assertThat(update.source()).isEqualTo("x\ufffd");
        assertThat(update.signature()).isEqualTo("s");
    }

    @Test
    void parser_givesEqualSourcesOneString() {
        Update.Parser parser = new Update.Parser(Json.MAX_DEPTH);
        byte[] one = utf8("[1,1,\"source\"]");
        byte[] two = utf8("[[2] ,2, \"source\"]");

        assertThat(parser.parse(one, 0, one.length).source())
                .isSameAs(parser.parse(two, 0, two.length).source());
    }

    @Test
    void parser_ofMoreSourcesThanItRemembers_readsEveryOne() {
        Update.Parser parser = new Update.Parser(Json.MAX_DEPTH);
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 2000; i++) {
                byte[] line = utf8("[0," + i + ",\"source-" + i + "\"]");
                assertThat(parser.parse(line, 0, line.length).source()).isEqualTo("source-" + i);
            }
        }
    }

    @Test
    void parser_refusesDeeperNestingThanItIsGiven() {
        byte[] two = utf8("[[1],5,\"A\"]");
        byte[] three = utf8("[[[1]],5,\"A\"]");
        Update.Parser parser = new Update.Parser(2);

        assertThat(parser.parse(two, 0, two.length)).isNotNull();
        Assertions.assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> parser.parse(three, 0, three.length));
    }

    @Test
    void signature_isTheLastElementWhenThatIsAText() {
        assertThat(received("[1,2,\"A\"]").signature()).isNull();
        assertThat(received("[1,2,\"A\",\"s\"]").signature()).isEqualTo("s");
        assertThat(received("[1,2,\"A\",\"s\",\"t\"]").signature()).isEqualTo("t");
        assertThat(received("[1,2,\"A\",5]").signature()).isNull();
        assertThat(received("[1,2,\"A\",\"s\",null]").signature()).isNull();
    }

    @Test
    void change_isReadOnce() {
        Update update = received("[{\"a\":[1,2,3]},5,\"A\"]");

        assertThat(update.change()).isSameAs(update.change());
    }

    @Test
    void changeReader_stopsBehindTheChange() {
        var reader = received("[ [\"k\",1] ,5,\"A\"]").changeReader();

        assertThat(reader.read()).isEqualTo(Json.array("k", 1));
        reader.end();
    }

    @Test
    void copyTo_anyRoom_givesTheWholeLineInTheEnd() {
        Update update = received("[[\"k\",\"é€😀\"],5,\"A\"]");
        for (int room = 1; room < update.length() + 2; room++) {
            ByteBuffer all = ByteBuffer.allocate(update.length());
            int at = 0;
            while (at < update.length()) {
                ByteBuffer some = ByteBuffer.allocate(room);
                int count = update.copyTo(some, at);
                assertThat(count).isEqualTo(Math.min(room, update.length() - at));
                assertThat(some.position()).isEqualTo(count);
                all.put(some.flip());
                at += count;
            }
            assertThat(all.array()).isEqualTo(utf8(line(update)));
        }
    }

    @Test
    void bytes_cannotBeChanged() {
        ByteBuffer bytes = received("[1,2,\"A\"]").bytes();

        Assertions.assertThatExceptionOfType(ReadOnlyBufferException.class).isThrownBy(() -> bytes.put(0, (byte) 'x'));
    }

    @Test
    void equals_isByMeaningNotSpelling() {
        Update plain = received("[{\"1\":2,\"b\":\"é\"},17,\"A\"]");

        assertThat(received("[ {\"b\":\"\\u00e9\",\"1\":2.0}, 1.7e1 ,\"\\u0041\"]"))
                .isEqualTo(plain)
                .hasSameHashCodeAs(plain);
        assertThat(received("[{\"1\":2,\"b\":\"é\"},17,\"A\",\"s\"]")).isNotEqualTo(plain);
        assertThat(received("[{\"1\":2,\"b\":\"é\"},18,\"A\"]")).isNotEqualTo(plain);
        assertThat(received("[{\"1\":2,\"b\":\"é\"},17,\"B\"]")).isNotEqualTo(plain);
        assertThat(received("[{\"1\":3,\"b\":\"é\"},17,\"A\"]")).isNotEqualTo(plain);
        assertThat(plain).isNotEqualTo("[{\"1\":2,\"b\":\"é\"},17,\"A\"]");
    }

    @Test
    void minusZero_isZeroInEveryRespect() {
        Update minus = received("[1,-0,\"B\"]");
        Update plus = received("[1,0,\"B\"]");

        assertThat(minus).isEqualTo(plus).hasSameHashCodeAs(plus);
        assertThat(Double.doubleToRawLongBits(minus.timestamp())).isZero();
        assertThat(minus.isAfter(received("[1,0,\"A\"]"))).isTrue();
        assertThat(Update.STAMP_ORDER.compare(minus, received("[1,0,\"A\"]"))).isPositive();
    }

    @Test
    void firstText_isTheTextThatTheChangeBeginsWith() {
        assertThat(received("[[\"key\",1],1,\"A\"]").firstText()).isEqualTo("key");
        assertThat(received("[[\"\"],1,\"A\"]").firstText()).isEmpty();
        assertThat(received("[[ \"spaced\" , 1],1,\"A\"]").firstText()).isEqualTo("spaced");
        assertThat(received("[[\"a\\\"b\\u0041\"],1,\"A\"]").firstText()).isEqualTo("a\"bA");
        assertThat(received("[[\"é😀\",1],1,\"A\"]").firstText()).isEqualTo("é😀");
        assertThat(Update.of(List.of("own", 1), 1, "A").firstText()).isEqualTo("own");
    }

    @Test
    void firstText_ofAnyLengthWithAnythingAnywhere_isRead() {
        for (String odd : List.of("", "\"", "\\", "é", "😀", "\u0007", "~", "\u007f", " ", "]")) {
            for (int length = 0; length < 20; length++) {
                for (int at = 0; at <= length; at++) {
                    String name = "n".repeat(at) + odd + "n".repeat(length - at);
                    assertThat(Update.of(List.of(name), 0, "").firstText()).isEqualTo(name);
                    assertThat(Update.of(List.of(name, List.of(name, 1)), 0, "").firstText())
                            .isEqualTo(name);
                }
            }
        }
    }

    @Test
    void firstText_ofAChangeThatBeginsOtherwise_isNull() {
        for (String change : List.of("[]", "[1,\"key\"]", "[[\"key\"]]", "{\"key\":1}", "\"key\"", "null", "5")) {
            assertThat(received("[" + change + ",1,\"A\"]").firstText())
                    .as(change)
                    .isNull();
        }
    }

    @Test
    void stampOrder_isByTimestampThenUtf16UnitsOfTheSource() {
        List<Update> ordered = List.of(
                Update.of(0, -1.5, "Z"),
                Update.of(0, 0, ""),
                Update.of(0, 5, "A"),
                Update.of(0, 5, "AA"),
                Update.of(0, 5, "B"),
                Update.of(0, 5, "a"),
                Update.of(0, 5, "😀"),
                // One unit, and greater than the first unit of a pair although the character is smaller.
                Update.of(0, 5, "\uff5e"),
                Update.of(0, 5.0000001, "A"));
        List<Update> shuffled = new ArrayList<>(ordered);
        Collections.reverse(shuffled);
        shuffled.sort(Update.STAMP_ORDER);

        assertThat(shuffled).isEqualTo(ordered);
        for (int i = 0; i < ordered.size(); i++) {
            for (int j = 0; j < ordered.size(); j++) {
                assertThat(ordered.get(i).isAfter(ordered.get(j))).isEqualTo(i > j);
            }
        }
    }
}
