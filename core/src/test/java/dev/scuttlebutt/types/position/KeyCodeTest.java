package dev.scuttlebutt.types.position;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyCodeTest {

    @ParameterizedTest
    @CsvSource({"0,V", "15,j", "16,k0", "78,kz", "79,l00", "10000,m1VU", "-1,U", "-15,G", "-16,Fz"})
    void text_ofNumbersInTheSpecification(long number, String text) {
        assertThat(KeyCode.of(number)).isEqualTo(text);
    }

    @Test
    void texts_sortAsTheNumbersAndNoneStartsAnother() {
        String last = KeyCode.of(-300_001);
        for (long number = -300_000; number <= 300_000; number++) {
            String text = KeyCode.of(number);
            assertThat(text.compareTo(last) > 0 && !text.startsWith(last) && !last.startsWith(text))
                    .as("%s after %s", text, last)
                    .isTrue();
            last = text;
        }
    }

    @Test
    void read_returnsTheNumberWhateverFollows() {
        for (long number = -300_000; number <= 300_000; number += 7) {
            assertThat(KeyCode.read("ab" + KeyCode.of(number) + "~x", 2, false)).isEqualTo(number);
            assertThat(KeyCode.read(KeyCode.of(number), 0, true)).isEqualTo(number);
        }
    }

    @Test
    void read_sevenDigits_leavesRoomForOneMore() {
        long highest = KeyCode.read(Alphabet.letter(KeyCode.HIGHEST_RANK) + "zzzzzzz", 0, true);
        long lowest = KeyCode.read(Alphabet.letter(KeyCode.LOWEST_RANK) + "0000000", 0, false);
        assertThat(KeyCode.of(highest + 1)).hasSize(9).isGreaterThan(KeyCode.of(highest));
        assertThat(KeyCode.of(lowest - 1)).hasSize(9).isLessThan(KeyCode.of(lowest));
    }

    @Test
    void read_ofBrokenTexts_saysWhatLiesAboveOrBelowThem() {
        for (String broken : new String[] {"k", "k!", "l0!z", "k~", "l~0", "l", "Fz!", "F", "F~"}) {
            assertThat(KeyCode.of(KeyCode.read(broken, 0, true) + 1)).isGreaterThan(broken);
            assertThat(KeyCode.of(KeyCode.read(broken, 0, false) - 1)).isLessThan(broken);
        }
    }
}
