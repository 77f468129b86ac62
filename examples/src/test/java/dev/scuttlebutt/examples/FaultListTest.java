package dev.scuttlebutt.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that docs/testing.md names beside each fault of the originals exist. */
final class FaultListTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern ROW =
            Pattern.compile("^\\| [^|]+ \\| [^|]+ \\| `(\\w+)\\.(\\w+)` \\|$", Pattern.MULTILINE);

    @Test
    void everyTestOfTheList_exists() throws IOException {
        Map<String, List<Path>> classes;
        try (Stream<Path> files = Files.find(ROOT, 20, (file, is) -> isTest(file))) {
            classes = files.collect(Collectors.groupingBy(
                    file -> file.getFileName().toString().replace(".java", ""), Collectors.toList()));
        }
        List<String[]> rows = ROW.matcher(Files.readString(ROOT.resolve("docs/testing.md")))
                .results()
                .map(row -> new String[] {row.group(1), row.group(2)})
                .toList();

        assertThat(rows)
                .hasSizeGreaterThan(90)
                .allSatisfy(row -> assertThat(classes.getOrDefault(row[0], List.of()))
                        .as(row[0])
                        .anySatisfy(file -> assertThat(text(file)).contains("void " + row[1] + "(")));
    }

    private static boolean isTest(Path file) {
        String path = file.toString();
        return path.endsWith(".java") && path.contains("src/test/java") && !path.contains("node_modules");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
