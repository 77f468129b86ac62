package dev.scuttlebutt.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.Handshake;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.wire.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalReaderTest {
    private static final String HEADER = "{\"id\":\"A\",\"clock\":{}}";

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("j");
    }

    private static final class Told implements JournalReader.Visitor {
        final List<String> lines = new ArrayList<>();

        @Override
        public void handshake(Handshake handshake, long line, long offset) {
            lines.add(line + "@" + offset + " header of " + handshake.id());
        }

        @Override
        public void update(Update update, long line, long offset) {
            lines.add(line + "@" + offset + " " + update);
        }

        @Override
        public void sync(long line, long offset) {
            lines.add(line + "@" + offset + " sync");
        }

        @Override
        public void bad(BadLine bad, byte[] bytes) {
            lines.add(bad + " | " + new String(bytes, StandardCharsets.UTF_8));
        }

        @Override
        public void torn(BadLine torn, byte[] bytes) {
            lines.add("torn " + torn + " | " + new String(bytes, StandardCharsets.UTF_8));
        }
    }

    private List<String> read(String text, Limits limits) throws IOException {
        Files.writeString(file, text);
        Told told = new Told();
        JournalReader.read(file, limits, told);
        return told.lines;
    }

    private List<String> read(String text) throws IOException {
        return read(text, Limits.defaults());
    }

    @Test
    void everyLine_isToldWithItsNumberAndPlace() throws Exception {
        assertThat(read(HEADER + "\n\n  \n[1,2,\"A\"]\n\"SYNC\"\n [3,4,\"B\"]\r\n" + HEADER + "\n"))
                .containsExactly(
                        "1@0 header of A", "4@26 [1,2,\"A\"]", "5@36 sync", "6@43 [3,4,\"B\"]", "7@55 header of A");
    }

    /** As the originals, which ignore them. */
    @Test
    void scalars_areNoMessages_andNotBad() throws Exception {
        assertThat(read("5\ntrue\n\"other\"\n[1,2,\"A\"]\n")).containsExactly("4@15 [1,2,\"A\"]");
    }

    @Test
    void badLines_areToldWhole_andTheNextOnesToo() throws Exception {
        assertThat(read("[1,2,\"A\"]\nbad\n[]\n  [1]\n[3,4,\"B\"]\n{}\n"))
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("1@0 [1,2,\"A\"]"),
                        line -> assertThat(line)
                                .startsWith("line 2, bytes 10 to 13: ")
                                .endsWith(" | bad"),
                        line -> assertThat(line)
                                .isEqualTo("line 3, bytes 14 to 16: an update is [change, timestamp, source],"
                                        + " with a number and a text | []"),
                        line -> assertThat(line)
                                .startsWith("line 4, bytes 17 to 22: ")
                                .endsWith(" |   [1]"),
                        line -> assertThat(line).isEqualTo("5@23 [3,4,\"B\"]"),
                        line -> assertThat(line)
                                .startsWith("line 6, bytes 33 to 35: ")
                                .endsWith(" | {}"));
    }

    @Test
    void placeWithinABadLine_isCountedFromItsBegin_howeverManyCameBefore() throws Exception {
        assertThat(read("5\nx\n[1,2,\"A\"]\n[1,2,?]\n")).last().asString().contains("(byte 5 of the line)");
    }

    @Test
    void lastLineWithoutLineFeed_isAMessage_orTorn() throws Exception {
        assertThat(read("\"SYNC\"\n[1,2,\"A\"]")).containsExactly("1@0 sync", "2@7 [1,2,\"A\"]");
        assertThat(read("\"SYNC\"\n[1,2,\"A"))
                .containsExactly(
                        "1@0 sync", "torn line 2, bytes 7 to 14: the write of this line was cut off | [1,2,\"A");
        assertThat(read("")).isEmpty();
    }

    @Test
    void lines_mayBeOnTheBordersOfReads_andLongerThanOne() throws Exception {
        StringBuilder text = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= 40; i++) {
            String line = "[\"" + "x".repeat(i * 16_000) + "\"," + i + ",\"A\"]";
            expected.add(i + "@" + text.length() + " " + line);
            text.append(line).append('\n');
        }

        assertThat(read(text.toString())).isEqualTo(expected);
        // Without the last line feed, and as long as the room for it.
        String last = "[\"" + "x".repeat((1 << 18) - 10) + "\",1,\"A\"]";
        assertThat(read(last.substring(0, 2) + last.substring(3))).hasSize(1);
        assertThat(read(last)).containsExactly("1@0 " + last);
        assertThat(read(last.replace("x\"", "xx\""))).hasSize(1);
    }

    @Test
    void lineAsLongAsTheLimit_isRead_andOneByteMoreIsNot() throws Exception {
        String line = "[\"" + "x".repeat(90) + "\",1,\"A\"]";
        Limits exact = Limits.defaults().maxLineBytes(line.length());
        Limits less = Limits.defaults().maxLineBytes(line.length() - 1);

        for (String end : List.of("", "\n")) {
            assertThat(read("\"SYNC\"\n" + line + end, exact)).hasSize(2);
            assertThatThrownBy(() -> read("\"SYNC\"\n" + line + end, less))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("line 2, which begins at byte 7, is longer than 99 bytes");
        }
    }
}
