package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpdateTableTest {
    private final UpdateTable table = new UpdateTable("a test");

    private static Update update(String key, int value) {
        return Update.of(List.of(key, value), value, "s");
    }

    /** As a peer may spell it: nothing is changed on the way. */
    private static Update arrived(String json) {
        byte[] line = json.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Update update = new Update.Parser(10).parse(line, 0, line.length);
        if (update == null) {
            throw new AssertionError(json);
        }
        return update;
    }

    @Test
    void placeOf_isTheOrderOfAdding() {
        table.add(update("b", 1));
        table.add(update("a", 2));

        assertThat(table.placeOf(update("b", 3))).isZero();
        assertThat(table.placeOf(update("a", 4))).isEqualTo(1);
        assertThat(table.placeOf(update("c", 5))).isEqualTo(UpdateTable.ABSENT);
        assertThat(table.placeOf("a")).isEqualTo(1);
        assertThat(table.placeOf("c")).isEqualTo(UpdateTable.ABSENT);
        assertThat(table.size()).isEqualTo(2);
    }

    @Test
    void set_replacesTheUpdate() {
        Update newer = update("a", 2);
        table.add(update("a", 1));
        table.set(0, newer);

        assertThat(table.get(0)).isSameAs(newer);
        assertThat(table.placeOf(update("a", 3))).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[[\"ab\",1],1,\"s\"]",
                "[[\"\\u0061b\",1],1,\"s\"]",
                "[[\"a\\u0062\",1],1,\"s\"]",
                "[[ \"ab\" ,1],1,\"s\"]",
                "[ [\"ab\"],1,\"s\"]"
            })
    void placeOf_oneKeyHoweverItIsSpelled_isFound(String json) {
        Update stored = arrived(json);
        table.add(update("x", 1));
        table.add(stored);

        for (String other :
                List.of("[[\"ab\",2],2,\"s\"]", "[[\"\\u0061\\u0062\",2],2,\"s\"]", "[[\t\"ab\",2],2,\"s\"]")) {
            assertThat(table.placeOf(arrived(other))).as(other).isEqualTo(1);
        }
        assertThat(table.placeOf("ab")).isEqualTo(1);
        assertThat(table.placeOf("a")).isEqualTo(UpdateTable.ABSENT);
        assertThat(table.placeOf("ab\",1")).isEqualTo(UpdateTable.ABSENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1234567",
                "12345678",
                "123456789",
                "1234567890123456",
                "\u0000",
                "\u0000\u0000",
                "1234567\u0000",
                "a\"b",
                "a\\",
                "\\",
                "\"",
                "é",
                "日本語のとても長いキー",
                "😀",
                "\uD83D",
                "\uDE00\uD83D",
                "?",
                "\uFFFD",
                "constructor"
            })
    void keysOfEveryKind_areToldApart(String key) {
        List<String> others =
                List.of("", "1", "123456", "12345678\u0000", "a\"", "\uD83E", "\uDA3D", "\uDE00", "??", "\uFFFD\uFFFD");
        others.forEach(other -> table.add(update(other, 1)));
        int known = others.indexOf(key);

        assertThat(table.placeOf(key)).isEqualTo(known);
        assertThat(table.placeOf(update(key, 1))).isEqualTo(known);
        if (known < 0) {
            table.add(update(key, 2));
            assertThat(table.placeOf(key)).isEqualTo(others.size());
            assertThat(table.placeOf(update(key, 3))).isEqualTo(others.size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1,1,\"s\"]", "[[],1,\"s\"]", "[[1,2],1,\"s\"]", "[{\"a\":1},1,\"s\"]", "[null,1,\"s\"]"})
    void changesWithoutAKey_areRefused(String json) {
        Update update = arrived(json);

        assertThatIllegalArgumentException().isThrownBy(() -> table.placeOf(update));
        assertThatIllegalArgumentException().isThrownBy(() -> table.add(update));
        assertThat(table.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[[\"__proto__\",1],1,\"s\"]",
                "[[\"\\u005f_proto__\",1],1,\"s\"]",
                "[[ \"__proto__\",1],1,\"s\"]"
            })
    void proto_isRefused(String json) {
        assertThatIllegalArgumentException().isThrownBy(() -> table.add(arrived(json)));
        assertThat(table.size()).isZero();
    }

    @Test
    void get_ofNoPlace_isRefused() {
        table.add(update("a", 1));

        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> table.get(1));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> table.set(1, update("b", 1)));
    }

    @Test
    void manyKeys_areFoundAsInAMap() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Map<String, Integer> places = new LinkedHashMap<>();
        List<String> alphabet = List.of("a", "b", "\\", "\"", "é", "\uD83D", "\uDE00", "\n", "key");
        for (int i = 0; i < 50_000; i++) {
            StringBuilder key = new StringBuilder();
            for (int length = random.nextInt(6); length > 0; length--) {
                key.append(alphabet.get(random.nextInt(alphabet.size())));
            }
            if (random.nextBoolean()) {
                key.append(random.nextInt(20_000));
            }
            Update update = update(key.toString(), i);
            int place = table.placeOf(update);
            assertThat(place).as("%s, seed %d", key, seed).isEqualTo(places.getOrDefault(key.toString(), -1));
            if (place == UpdateTable.ABSENT) {
                places.put(key.toString(), table.size());
                table.add(update);
            } else {
                table.set(place, update);
            }
        }
        List<String> keys = new ArrayList<>();
        for (int place = 0; place < table.size(); place++) {
            keys.add(table.get(place).firstText());
        }
        assertThat(keys).as("seed %d", seed).containsExactlyElementsOf(places.keySet());
        places.forEach((key, place) -> assertThat(table.placeOf(key)).as(key).isEqualTo(place));
    }
}
