package dev.scuttlebutt.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.cli.command.CommandException;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class InputLinesTest {
    private static final int MAX = 10;

    @Test
    void lines_areReadWhateverTheCut() throws Exception {
        InputLines lines = new InputLines(byteByByte("ä\n\n😀 b\nlast"), MAX);

        assertThat(lines.next()).isEqualTo("ä");
        assertThat(lines.next()).isEmpty();
        assertThat(lines.next()).isEqualTo("😀 b");
        assertThat(lines.next()).isEqualTo("last");
        assertThat(lines.next()).isNull();
        assertThat(lines.next()).isNull();
    }

    @Test
    void lineOfTheLimit_isRead() throws Exception {
        assertThat(lines("x".repeat(MAX) + "\n").next()).hasSize(MAX);
    }

    @Test
    void longerLine_isRefusedAndTheNextRead() throws Exception {
        InputLines lines = lines("x".repeat(200_000) + "\nok\n" + "y".repeat(MAX + 1));

        assertThatThrownBy(lines::next)
                .isInstanceOf(CommandException.class)
                .hasMessage("line 1 is longer than 10 bytes");
        assertThat(lines.next()).isEqualTo("ok");
        assertThatThrownBy(lines::next).hasMessage("line 3 is longer than 10 bytes");
        assertThat(lines.next()).isNull();
    }

    @Test
    void malformedUtf8_isRefusedAndTheNextRead() throws Exception {
        InputLines lines = new InputLines(
                new ByteArrayInputStream(
                        new byte[] {'a', (byte) 0xC3, '(', '\n', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '\n', 'b', '\n'
                        }),
                MAX);

        assertThatThrownBy(lines::next)
                .isInstanceOf(CommandException.class)
                .hasMessage("line 1 is not UTF-8 from byte 2 on");
        assertThatThrownBy(lines::next).hasMessage("line 2 is not UTF-8 from byte 1 on");
        assertThat(lines.next()).isEqualTo("b");
    }

    private static InputLines lines(String text) {
        return new InputLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), MAX);
    }

    private static InputStream byteByByte(String text) {
        return new FilterInputStream(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return super.read(bytes, offset, Math.min(length, 1));
            }
        };
    }
}
