package dev.scuttlebutt.types.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ItemTreeTest {
    private static final Update UPDATE = Update.of(Json.object("k", 1), 1, "A");

    private final ItemTree tree = new ItemTree(true);

    /** What the tree must show; a tombstone has the empty text. */
    private final TreeMap<String, String> model = new TreeMap<>();

    private void write(String key, String text) {
        if (!tree.find(key)) {
            tree.insert(UPDATE);
        }
        assertThat(tree.key()).isEqualTo(key);
        if (text.isEmpty()) {
            tree.delete();
        } else if (text.length() == 1) {
            tree.setUnit(text.charAt(0));
        } else {
            tree.setValue(Json.of(text));
        }
        model.put(key, text);
    }

    private void check() {
        List<String> keys = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        model.forEach((key, text) -> {
            if (!text.isEmpty()) {
                keys.add(key);
                texts.add(text);
            }
        });
        List<String> found = new ArrayList<>();
        tree.forEachKey(found::add);
        assertThat(found).isEqualTo(keys);
        String all = tree.allText();
        assertThat(all).isEqualTo(String.join("", texts));
        assertThat(tree.size()).isEqualTo(keys.size());
        assertThat(tree.textLength()).isEqualTo(all.length());
        int offset = 0;
        for (int i = 0; i < keys.size(); i++) {
            tree.seek(i);
            assertThat(tree.key()).isEqualTo(keys.get(i));
            assertThat(tree.text()).isEqualTo(texts.get(i));
            assertThat(tree.index()).isEqualTo(i);
            assertThat(tree.offset()).isEqualTo(offset);
            for (int unit = 0; unit < texts.get(i).length(); unit++) {
                assertThat(tree.seekText(offset + unit)).isEqualTo(unit);
                assertThat(tree.key()).isEqualTo(keys.get(i));
            }
            offset += texts.get(i).length();
            assertThat(tree.find(keys.get(i))).isTrue();
            assertThat(tree.index()).isEqualTo(i);
        }
        model.forEach((key, text) -> {
            assertThat(tree.find(key)).isTrue();
            assertThat(tree.value()).isEqualTo(text.isEmpty() ? null : Json.of(text));
            assertThat(tree.find(key + "\u0000")).isEqualTo(model.containsKey(key + "\u0000"));
        });
    }

    private static String text(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> "";
            case 1 -> "long" + random.nextInt(50);
            default -> String.valueOf((char) ('a' + random.nextInt(26)));
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void anyKeysInAnyOrder_areFoundByKeyIndexAndOffset(int seed) {
        Random random = new Random(seed);
        String[] beginnings = {"", "V", "VVV", "common beginning of keys ", "é", "\u0000", "\ud83e", "日本"};
        for (int i = 0; i < 4_000; i++) {
            StringBuilder key = new StringBuilder(beginnings[random.nextInt(beginnings.length)]);
            for (int letters = random.nextInt(4); letters >= 0; letters--) {
                key.append(
                        random.nextInt(40) == 0 ? (char) random.nextInt(1 << 16) : (char) (' ' + random.nextInt(95)));
            }
            write(key.toString(), text(random));
        }
        check();
    }

    @Test
    void ascendingDescendingAndTyping_keepOrder() {
        for (int i = 0; i < 3_000; i++) {
            write(String.format("up%06d", i), "u");
            write(String.format("down%06d", 9_999 - i), "d");
            write(String.format("typed%03d-%06d", (i / 100 * 7) % 31, i), i % 3 == 0 ? "" : "t");
        }
        check();
    }

    @Test
    void longKeys_areTakenApartIntoSmallLeaves() {
        Random random = new Random(3);
        for (int i = 0; i < 300; i++) {
            write("x".repeat(random.nextInt(6_000)) + random.nextInt(1000), text(random));
        }
        write("y".repeat(100_000), "z");
        check();
    }

    @Test
    void next_skipsTombstones() {
        for (int i = 0; i < 500; i++) {
            write(String.format("%04d", i), i % 200 == 7 ? "v" : "");
        }
        tree.seek(0);
        List<String> keys = new ArrayList<>(List.of(tree.key()));
        while (tree.next()) {
            keys.add(tree.key());
        }
        assertThat(keys).containsExactly("0007", "0207", "0407");
    }

    @Test
    void order_isThatOfCodeUnits() {
        List<String> keys =
                List.of("", "\u0000", "a", "a\u0000", "é", "\u07ff", "\u0800", "\ud83d", "\ud83d\ude00", "\uffff");
        for (int i = keys.size() - 1; i >= 0; i--) {
            write(keys.get(i), "x");
        }
        List<String> found = new ArrayList<>();
        tree.forEachKey(found::add);
        assertThat(found).isEqualTo(keys);
    }

    @Test
    void win_givesTheUpdateThatLostItsLastKey() {
        Update two = Update.of(Json.object("a", 1, "b", 1), 1, "A");
        Object shared = ItemTree.shared(two);
        for (String key : List.of("a", "b")) {
            tree.find(key);
            tree.insert(shared);
        }
        tree.find("a");
        assertThat(tree.winner()).isSameAs(two);
        assertThat(tree.win(UPDATE)).isNull();
        tree.find("b");
        assertThat(tree.win(UPDATE)).isSameAs(two);
        assertThat(tree.win(shared)).isSameAs(UPDATE);
    }

    @Test
    void textOfOtherValues_isThatOfJoin() {
        Map.of(
                        Json.of(1.5),
                        "1.5",
                        Json.of(1e21),
                        "1e+21",
                        Json.TRUE,
                        "true",
                        Json.array(1, null, Json.array("a", Json.object())),
                        "1,,a,[object Object]",
                        Json.object("x", 1),
                        "[object Object]",
                        Json.of(""),
                        "")
                .forEach((value, text) -> assertThat(JsText.of(value)).isEqualTo(text));
    }
}
