package dev.scuttlebutt.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SettableTime;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RStringTest {
    private final SettableTime time = new SettableTime(1000);
    private final RString text = string("A");

    private RString string(String id) {
        return new RString(ReplicaOptions.defaults().id(id).time(time).random(new Random(id.hashCode())));
    }

    @Test
    void eachCall_isOneUpdate_ofSingleUnits() {
        text.insert(0, "hello world");
        assertThat(text.history()).hasSize(1);
        assertThat(text.size()).isEqualTo(11);
        text.insert(5, ",");
        text.delete(7, 5);
        text.append("there");
        text.replace(0, 1, "J");
        assertThat(text.text()).isEqualTo("Jello, there");
        assertThat(text.length()).isEqualTo(12);
        assertThat(text.values()).allMatch(value -> value.asString().length() == 1);
        text.delete(5, 1000);
        text.text("Jelly!");
        assertThat(text.text()).isEqualTo("Jelly!");
    }

    @Test
    void nothingToDo_makesNoUpdate() {
        text.insert(0, "abc");
        text.insert(1, "");
        text.delete(3, 5);
        text.delete(1, 0);
        text.append("");
        text.text("abc");
        assertThat(text.history()).hasSize(1);
    }

    @Test
    void offsetsBeyondTheText_areRefused() {
        text.insert(0, "abc");
        assertThatThrownBy(() -> text.insert(4, "x")).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> text.delete(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> text.delete(0, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(text.history()).hasSize(1);
    }

    @Test
    void surrogatePairs_stayTogether() {
        text.insert(0, "a😀b");
        assertThat(text.size()).isEqualTo(4);
        text.insert(2, "x");
        assertThat(text.text()).isEqualTo("ax😀b");
        text.delete(3, 1);
        assertThat(text.text()).isEqualTo("axb");
        text.text("a😀b");
        text.text("a😁b");
        assertThat(text.text()).isEqualTo("a😁b");
        text.delete(2, 1);
        assertThat(text.text()).isEqualTo("ab");
        for (Update update : text.history()) {
            assertThat(update.toString()).doesNotContain("\ufffd");
        }
    }

    @Test
    void loneSurrogates_areEscapedOnTheWire() {
        text.insert(0, "\ud83d");
        text.insert(1, "\ude00\ude00");
        String wire =
                StandardCharsets.UTF_8.decode(text.history().get(0).bytes()).toString();
        assertThat(wire).contains("\\ud83d");
        RString other = string("B");
        text.history().forEach(update -> other.apply(Update.parse(update.toString())));
        assertThat(other.text()).isEqualTo("\ud83d\ude00\ude00");
    }

    @Test
    void itemsOfAnyLength_countWithTheirText() {
        text.apply(Update.of(Json.object("a", "one", "b", 2, "c", "", "d", "three"), 5, "js"));
        assertThat(text.text()).isEqualTo("one2three");
        assertThat(text.length()).isEqualTo(9);
        text.insert(1, "X");
        assertThat(text.text()).isEqualTo("oXne2three");
        text.delete(4, 2);
        assertThat(text.text()).isEqualTo("oXnehree");
        text.insert(4, "-");
        assertThat(text.text()).isEqualTo("oXne-hree");
        text.replace(0, 9, "new");
        assertThat(text.text()).isEqualTo("new");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void anyCalls_doWhatStringBuilderDoes(int seed) {
        Random random = new Random(seed);
        StringBuilder expected = new StringBuilder();
        RString peer = string("B");
        Pipe.connect(text, peer);
        for (int i = 0; i < 2_000; i++) {
            if (i % 100 == 50) {
                // An item of several units in the middle, as JavaScript may write it.
                int index = random.nextInt(text.size() + 1);
                text.splice(index, 0, "<many>");
                expected = new StringBuilder(text.text());
            }
            int at = random.nextInt(expected.length() + 1);
            int deleted = Math.min(expected.length() - at, random.nextInt(random.nextInt(30) + 1));
            String inserted = "abcdefghijklmnopqrstuvwxyz".substring(random.nextInt(26));
            switch (random.nextInt(4)) {
                case 0 -> {
                    text.insert(at, inserted);
                    expected.insert(at, inserted);
                }
                case 1 -> {
                    text.delete(at, deleted);
                    expected.delete(at, at + deleted);
                }
                case 2 -> {
                    text.replace(at, deleted, inserted);
                    expected.replace(at, at + deleted, inserted);
                }
                default -> {
                    expected.replace(at, at + deleted, inserted);
                    text.text(expected.toString());
                }
            }
            assertThat(text.length()).isEqualTo(expected.length());
            if (i % 20 == 0) {
                assertThat(text.text()).isEqualTo(expected.toString());
                assertThat(peer.text()).isEqualTo(expected.toString());
            }
            if (expected.length() > 500) {
                text.delete(100, 300);
                expected.delete(100, 400);
            }
        }
    }

    /** Where somebody types on is remembered; nothing that others do may make that wrong. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void typing_whileOthersTypeToo_goesWhereItIsTyped(int seed) {
        Random random = new Random(seed);
        RString[] writers = {text, string("B"), string("C")};
        int[] carets = new int[writers.length];
        for (int i = 0; i < 3_000; i++) {
            int who = random.nextInt(writers.length);
            RString writer = writers[who];
            StringBuilder expected = new StringBuilder(writer.text());
            boolean goesOn = random.nextInt(8) > 0 && carets[who] <= expected.length();
            int at = goesOn ? carets[who] : random.nextInt(expected.length() + 1);
            switch (random.nextInt(10)) {
                case 0 -> {
                    int length = Math.min(random.nextInt(4), expected.length() - at);
                    expected.replace(at, at + length, "xy");
                    writer.replace(at, length, "xy");
                    at += 2;
                }
                case 1 -> {
                    int length = Math.min(1, at);
                    expected.delete(at - length, at);
                    writer.delete(at - length, length);
                    at -= length;
                }
                case 2 -> {
                    String strange = seed % 2 == 0 ? "abc" : "\ud83d\ude00";
                    expected.insert(at, strange);
                    writer.insert(at, strange);
                    at += strange.length();
                }
                default -> {
                    expected.insert(at, (char) ('a' + who));
                    writer.insert(at, String.valueOf((char) ('a' + who)));
                    at++;
                }
            }
            // Inside of a pair the place is in front of it.
            if (seed % 2 == 0) {
                assertThat(writer.text()).isEqualTo(expected.toString());
            } else {
                assertThat(writer.length()).isBetween(expected.length() - 2, expected.length());
            }
            carets[who] = at;
            if (random.nextInt(6) == 0) {
                RString other = writers[random.nextInt(writers.length)];
                writer.history(other.clock()).forEach(other::apply);
            }
        }
        for (RString writer : writers) {
            for (RString other : writers) {
                writer.history(other.clock()).forEach(other::apply);
            }
        }
        for (RString writer : writers) {
            for (RString other : writers) {
                writer.history(other.clock()).forEach(other::apply);
            }
            assertThat(writer.text()).isEqualTo(writers[0].text());
        }
    }

    @Test
    void replacedText_isNotTouchedByChangesOfTheOldOne() {
        RString other = string("B");
        text.insert(0, "the cat sat");
        text.history().forEach(other::apply);
        text.replace(4, 3, "dog");
        other.delete(4, 3);
        Pipe.connect(text, other);
        assertThat(text.text()).isEqualTo("the dog sat");
        assertThat(other.text()).isEqualTo(text.text());
    }

    @Test
    void typedAtTheSamePlace_doesNotMix() {
        RString other = string("B");
        text.insert(0, "[]");
        text.history().forEach(other::apply);
        for (int i = 0; i < 10; i++) {
            text.insert(1 + i, "a");
            other.insert(1, "b");
        }
        Pipe.connect(text, other);
        assertThat(text.text()).isIn("[aaaaaaaaaabbbbbbbbbb]", "[bbbbbbbbbbaaaaaaaaaa]");
        assertThat(other.text()).isEqualTo(text.text());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void edits_oneAfterAnother_giveTheNewText(int seed) {
        Random random = new Random(seed);
        StringBuilder follower = new StringBuilder();
        text.on(
                TextChanged.class,
                changed -> changed.edits().forEach(edit -> {
                    int end = edit.at() + edit.removed().length();
                    assertThat(follower.substring(edit.at(), end)).isEqualTo(edit.removed());
                    follower.replace(edit.at(), end, edit.inserted());
                }));
        RString other = string("B");
        Pipe.connect(text, other);
        for (int i = 0; i < 300; i++) {
            RString writer = random.nextBoolean() ? text : other;
            int at = random.nextInt(writer.length() + 1);
            writer.replace(at, random.nextInt(4), "xyz😀".substring(random.nextInt(3)));
            if (i % 50 == 0) {
                text.apply(Update.of(Json.object("V" + i, "several", "W" + i, i), 5 + i, "js"));
            }
            assertThat(follower.toString()).isEqualTo(text.text());
        }
    }

    @Test
    void bulk_isOneUpdateAndOneRun() {
        String many = "0123456789".repeat(3_000);
        text.insert(0, many);
        text.insert(15_000, many);
        assertThat(text.history()).hasSize(2);
        assertThat(text.text()).isEqualTo(many.substring(0, 15_000) + many + many.substring(15_000));
        List<String> keys = new ArrayList<>(text.keys());
        String common = keys.get(20_000).substring(0, keys.get(20_000).length() - 4);
        assertThat(keys.subList(15_000, 45_000)).allMatch(key -> key.startsWith(common.substring(0, 5)));
    }

    @Test
    void textTooLongForAnUpdate_isSeveral() {
        String many = "0123456789abcde😀".repeat(20_000);
        text.insert(0, "[]");
        text.insert(1, many);
        assertThat(text.text()).isEqualTo("[" + many + "]");
        assertThat(text.history()).hasSize(4);
        assertThat(text.history()).allMatch(update -> update.length() < (16 << 20));
        text.apply(Update.of(Json.object("a", "one item"), 5, "js"));
        int at = text.text().indexOf("item");
        text.insert(at, many);
        assertThat(text.text()).contains("one " + many + "item");
    }

    @Test
    void caret_staysWithItsText() {
        List<TextChanged> changes = new ArrayList<>();
        text.on(TextChanged.class, changes::add);
        text.insert(0, "hello world");
        text.insert(0, ">> ");
        TextChanged before = changes.get(1);
        assertThat(before.caret(0)).isZero();
        assertThat(before.caret(5)).isEqualTo(8);
        assertThat(before.selection(new Selection(0, 5))).isEqualTo(new Selection(3, 8));
        text.delete(5, 4);
        TextChanged deletion = changes.get(2);
        assertThat(deletion.caret(4)).isEqualTo(4);
        assertThat(deletion.caret(7)).isEqualTo(5);
        assertThat(deletion.caret(9)).isEqualTo(5);
        assertThat(deletion.caret(10)).isEqualTo(6);
        assertThat(deletion.selection(new Selection(6, 8))).isEqualTo(Selection.caret(5));
        assertThat(deletion.selection(new Selection(4, 11))).isEqualTo(new Selection(4, 7));
        text.insert(2, "x");
        assertThat(changes.get(3).selection(Selection.caret(2))).isEqualTo(Selection.caret(2));
    }
}
