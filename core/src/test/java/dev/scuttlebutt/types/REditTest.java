package dev.scuttlebutt.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SettableTime;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class REditTest {
    private final SettableTime time = new SettableTime(1000);
    private final REdit edit = edit("A");

    private REdit edit(String id) {
        return new REdit(ReplicaOptions.defaults().id(id).time(time).random(new Random(id.hashCode())));
    }

    @Test
    void text_isLines() {
        edit.text("one\ntwo\n");
        assertThat(edit.asList(String.class)).containsExactly("one\n", "two\n", "");
        edit.text("");
        assertThat(edit.asList(String.class)).containsExactly("");
        edit.text("\n");
        assertThat(edit.asList(String.class)).containsExactly("\n", "");
        edit.text("a\r\nb");
        assertThat(edit.asList(String.class)).containsExactly("a\r\n", "b");
        assertThat(edit.text()).isEqualTo("a\r\nb");
        assertThat(edit.length()).isEqualTo(4);
    }

    @Test
    void allHunks_areOneUpdate_andOtherLinesKeepTheirKeys() {
        edit.text("a\nb\nc\nd\ne\nf\n");
        List<String> keys = edit.keys();
        edit.text("A\nb\nc\nx\ny\nd\nf\ng\n");
        assertThat(edit.text()).isEqualTo("A\nb\nc\nx\ny\nd\nf\ng\n");
        assertThat(edit.history()).hasSize(2);
        assertThat(edit.keys()).contains(keys.get(0), keys.get(1), keys.get(2), keys.get(3), keys.get(5), keys.get(6));
        edit.text(edit.text());
        assertThat(edit.history()).hasSize(2);
    }

    @Test
    void originalsWrongPatch_isRightHere() {
        edit.text("b\nc\na\nc\nc\nb\n");
        edit.text("c\na\na\nc\nc\na\nc\na\n");
        assertThat(edit.text()).isEqualTo("c\na\na\nc\nc\na\nc\na\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void anyCalls_doWhatStringBuilderDoes(int seed) {
        Random random = new Random(seed);
        String[] pieces = {"a\n", "b\n", "\n", "c", "\n\n", "dd\nee\nff", "a\nb\n", ""};
        StringBuilder expected = new StringBuilder();
        REdit peer = edit("B");
        Pipe.connect(edit, peer);
        for (int i = 0; i < 1_500; i++) {
            if (i % 100 == 50) {
                // Items that are no lines, as JavaScript may write them.
                edit.splice(random.nextInt(edit.size() + 1), 0, "no line", "two\nlines\n", 7);
                expected = new StringBuilder(edit.text());
            }
            int at = random.nextInt(expected.length() + 1);
            int deleted = Math.min(expected.length() - at, random.nextInt(random.nextInt(30) + 1));
            String inserted = pieces[random.nextInt(pieces.length)];
            expected.replace(at, at + deleted, inserted);
            switch (random.nextInt(3)) {
                case 0 -> edit.text(expected.toString());
                case 1 -> {
                    edit.delete(at, deleted);
                    edit.insert(at, inserted);
                }
                default -> edit.replace(at, deleted, inserted);
            }
            assertThat(edit.text()).isEqualTo(expected.toString());
            assertThat(peer.text()).isEqualTo(expected.toString());
            assertThat(edit.length()).isEqualTo(expected.length());
            if (expected.length() > 400) {
                edit.delete(100, 250);
                expected.delete(100, 350);
            }
        }
    }

    @Test
    void replace_touchesTheLinesOfThePartOnly() {
        edit.text("one\ntwo\nthree\nfour\n");
        List<String> keys = edit.keys();
        edit.replace(5, 1, "W");
        assertThat(edit.asList(String.class)).containsExactly("one\n", "tWo\n", "three\n", "four\n", "");
        assertThat(edit.keys()).isEqualTo(keys);
        edit.insert(5, "x\ny");
        assertThat(edit.asList(String.class)).containsExactly("one\n", "tx\n", "yWo\n", "three\n", "four\n", "");
        edit.delete(6, 1);
        assertThat(edit.asList(String.class)).containsExactly("one\n", "txyWo\n", "three\n", "four\n", "");
        assertThat(edit.keys()).containsSubsequence(keys.get(0), keys.get(1), keys.get(2), keys.get(3), keys.get(4));
        edit.insert(edit.length(), "end");
        assertThat(edit.text()).isEqualTo("one\ntxyWo\nthree\nfour\nend");
        assertThatThrownBy(() -> edit.insert(1000, "x")).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> edit.delete(0, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void differentLines_changedAtOnce_areBothKept() {
        REdit other = edit("B");
        edit.text("one\ntwo\nthree\n");
        edit.history().forEach(other::apply);
        edit.text("ONE\ntwo\nthree\n");
        other.text("one\ntwo\nTHREE\nfour\n");
        Pipe.connect(edit, other);
        assertThat(edit.text()).isEqualTo("ONE\ntwo\nTHREE\nfour\n");
        assertThat(other.text()).isEqualTo(edit.text());
    }

    @Test
    void keysThatLeaveNoRoom_doNotKeepTheTextFromBeingSet() {
        edit.apply(Update.of(Json.object("k", "a\n", "k\u0000", "b\n", "k\u0000\u0000", "c\n", "l", "d"), 5, "q"));
        edit.text("a\n1\n2\nb\n3\nC\n4\nd");
        assertThat(edit.text()).isEqualTo("a\n1\n2\nb\n3\nC\n4\nd");
    }

    @Test
    void caret_staysInItsLine() {
        edit.text("hello\nworld\n");
        List<TextChanged> changes = new ArrayList<>();
        edit.on(TextChanged.class, changes::add);
        REdit other = edit("B");
        Pipe.connect(edit, other);
        other.text("big\nhello\nwOrld\n");
        assertThat(changes).hasSize(1);
        assertThat(changes.get(0).caret(2)).isEqualTo(6);
        assertThat(changes.get(0).caret(9)).isEqualTo(13);
    }
}
