package dev.scuttlebutt.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SectionTest {
    @TempDir
    Path folder;

    @Test
    void write_betweenTheMarks_leavesTheRest() throws IOException {
        Path file = folder.resolve("performance.md");
        Files.writeString(file, "# Title\n\n<!-- figures -->\nold\n<!-- end of figures -->\n\nThe end.\n");

        Section.in(file).write("new\n\nlines\n");

        String expected = "# Title\n\n<!-- figures -->\n\nnew\n\nlines\n\n<!-- end of figures -->\n\nThe end.\n";
        assertThat(file).hasContent(expected);
        Section.in(file).write("new\n\nlines\n");
        assertThat(file).hasContent(expected);
    }

    @Test
    void write_toAFileThatIsNotThere_makesItWithMarks() throws IOException {
        Path file = folder.resolve("figures.md");

        Section.in(file).write("first\n");
        Section.in(file).write("second\n");

        assertThat(file).hasContent("<!-- figures -->\n\nsecond\n\n<!-- end of figures -->\n");
    }

    @Test
    void in_aFileWithoutMarks_isRefused() throws IOException {
        Path file = folder.resolve("letter.md");
        Files.writeString(file, "Dear reader\n");

        assertThatIOException().isThrownBy(() -> Section.in(file)).withMessageContainingAll("letter.md", Section.BEGIN);
        assertThat(file).hasContent("Dear reader\n");
    }
}
