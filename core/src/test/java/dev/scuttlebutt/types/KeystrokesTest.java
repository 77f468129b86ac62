package dev.scuttlebutt.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeystrokesTest {
    private final RString text = new RString("A");
    private final List<Runnable> waiting = new ArrayList<>();
    private final Keystrokes keys = new Keystrokes(text, waiting::add);

    private void passTime() {
        List<Runnable> due = List.copyOf(waiting);
        waiting.clear();
        due.forEach(Runnable::run);
    }

    @Test
    void typing_isOneUpdate_afterAWhile() {
        keys.insert(0, "h");
        keys.insert(1, "e");
        keys.insert(2, "y");
        keys.delete(2, 1);
        keys.insert(2, "llo");
        assertThat(text.text()).isEmpty();
        assertThat(keys.text()).isEqualTo("hello");
        assertThat(waiting).hasSize(1);
        passTime();
        assertThat(text.text()).isEqualTo("hello");
        assertThat(text.history()).hasSize(1);
        passTime();
        assertThat(text.history()).hasSize(1);
    }

    @Test
    void goingBackwards_joinsTheSameUpdate() {
        text.insert(0, "hello world");
        keys.delete(10, 1);
        keys.delete(9, 1);
        keys.insert(9, "m");
        keys.delete(8, 2);
        keys.insert(8, "d");
        assertThat(keys.text()).isEqualTo("hello wod");
        assertThat(text.text()).isEqualTo("hello world");
        keys.flush();
        assertThat(text.text()).isEqualTo("hello wod");
        assertThat(text.history()).hasSize(2);
    }

    @Test
    void typingElsewhere_writesWhatIsPending() {
        text.insert(0, "ab");
        keys.insert(1, "x");
        keys.insert(3, "y");
        assertThat(text.text()).isEqualTo("axb");
        keys.close();
        assertThat(text.text()).isEqualTo("axby");
    }

    @Test
    void whatOthersWrite_doesNotMoveIt() {
        text.insert(0, "one two");
        keys.insert(3, "!");
        text.insert(0, ">>> ");
        keys.insert(8, "?");
        assertThat(keys.text()).isEqualTo(">>> one!? two");
        text.delete(4, 3);
        assertThat(keys.text()).isEqualTo(">>> !? two");
        keys.flush();
        assertThat(text.text()).isEqualTo(">>> !? two");
    }

    @Test
    void pairsAndLongItems_stayWhole() {
        text.apply(Update.of(Json.object("k", "many"), 5, "js"));
        keys.insert(2, "x");
        assertThat(text.text()).isEqualTo("maxny");
        keys.insert(5, "😀");
        keys.delete(6, 1);
        assertThat(keys.text()).isEqualTo("maxny");
        assertThatThrownBy(() -> keys.insert(9, "x")).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(text.text()).isEqualTo("maxny");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void anyKeys_doWhatStringBuilderDoes(int seed) {
        Random random = new Random(seed);
        RString peer = new RString("B");
        Pipe.connect(text, peer);
        StringBuilder expected = new StringBuilder();
        int caret = 0;
        for (int i = 0; i < 1_000; i++) {
            if (random.nextInt(10) == 0) {
                caret = random.nextInt(expected.length() + 1);
            }
            int kind = random.nextInt(10);
            if (kind < 6) {
                String typed = "abcdefgh".substring(random.nextInt(8));
                keys.insert(caret, typed);
                expected.insert(caret, typed);
                caret += typed.length();
            } else if (kind < 9) {
                int back = Math.min(caret, 1 + random.nextInt(5));
                keys.delete(caret - back, back);
                expected.delete(caret - back, caret);
                caret -= back;
            } else {
                keys.delete(caret, 2);
                expected.delete(caret, Math.min(expected.length(), caret + 2));
            }
            if (random.nextInt(20) == 0) {
                passTime();
                assertThat(peer.text()).isEqualTo(expected.toString());
            }
            assertThat(keys.text()).isEqualTo(expected.toString());
        }
        keys.flush();
        assertThat(text.text()).isEqualTo(expected.toString());
        assertThat(text.history().size()).isLessThan(900);
    }

    @Test
    void negativeLength_isRefused_whetherOrNotSomethingIsPending() {
        assertThatThrownBy(() -> keys.delete(0, -1)).hasMessageContaining("must not be negative, was -1");
        keys.insert(0, "hey");

        assertThatThrownBy(() -> keys.delete(2, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must not be negative, was -1");
        assertThat(keys.text()).isEqualTo("hey");
    }
}
