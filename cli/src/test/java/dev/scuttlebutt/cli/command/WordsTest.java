package dev.scuttlebutt.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
    @Test
    void words_areCutAtBlanks() throws CommandException {
        assertThat(cut("  set\tname   Ada \r")).containsExactly("set", "name", "Ada");
    }

    @Test
    void json_mayContainBlanks() throws CommandException {
        assertThat(cut("set k {\"a b\": [1, \"] }\"]} \"x \\\" y\" [ ]"))
                .containsExactly("set", "k", "{\"a b\": [1, \"] }\"]}", "\"x \\\" y\"", "[ ]");
    }

    @Test
    void bracketsInsideAWord_areOrdinary() throws CommandException {
        assertThat(cut("a{b c}d e\"f g")).containsExactly("a{b", "c}d", "e\"f", "g");
    }

    @Test
    void blankLine_isEmpty() throws CommandException {
        assertThat(Words.of(" \t ").isEmpty()).isTrue();
        assertThat(Words.of("").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"set k {\"a\":1", "set k [", "set k \"", "set k \"\\", "set k \"abc\\\""})
    void jsonWithoutEnd_isRefusedWithItsColumn(String line) {
        assertThatThrownBy(() -> Words.of(line))
                .isInstanceOf(CommandException.class)
                .hasMessage("the JSON that starts at column 7 has no end");
    }

    @Test
    void jsonFollowedByText_isRefused() {
        assertThatThrownBy(() -> Words.of("set \"a\"😀"))
                .hasMessage("expected a blank behind the JSON that ends at column 7, found '😀'");
    }

    @Test
    void manyWords_takeLinearTime() throws CommandException {
        assertThat(Words.of("\"\" ".repeat(1_000_000)).size()).isEqualTo(1_000_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a b", "\"", "1", "-", "true", "null", "tab\there", "line\nfeed", "plain", "{", "a\"b", "ä"})
    void quotedText_isOneWordThatReadsAsTheText(String text) throws CommandException {
        Words words = Words.of("x " + Words.quote(text));

        assertThat(words.size()).isEqualTo(2);
        assertThat(new Arguments(Usage.of("KEY"), words.rest()).text(0)).isEqualTo(text);
    }

    private static List<String> cut(String line) throws CommandException {
        Words words = Words.of(line);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            all.add(words.get(i));
        }
        return all;
    }
}
