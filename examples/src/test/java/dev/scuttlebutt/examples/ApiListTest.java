package dev.scuttlebutt.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list of public classes in docs/api.md is complete, and its examples exist. */
final class ApiListTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern PUBLIC = Pattern.compile(
            "^public (?:(?:final|abstract|sealed|non-sealed) )*(?:class|interface|record|enum) (\\w+)",
            Pattern.MULTILINE);
    private static final Pattern PACKAGE = Pattern.compile("^package ([\\w.]+);", Pattern.MULTILINE);
    private static final Pattern EXPORTS = Pattern.compile("^ *exports ([\\w.]+);", Pattern.MULTILINE);
    private static final Pattern LISTED = Pattern.compile("^\\| `(\\w+)` \\|", Pattern.MULTILINE);
    private static final Pattern EXAMPLE = Pattern.compile("\\(\\.\\./(examples/[\\w/]+\\.java)\\)");

    @Test
    void everyPublicClass_isListed_andNothingElse() throws IOException {
        Set<String> expected = new TreeSet<>();
        for (String module : List.of("core", "netty", "store", "hub", "testkit")) {
            Path sources = ROOT.resolve(module).resolve("src/main/java");
            Path descriptor = sources.resolve("module-info.java");
            List<String> exported = Files.exists(descriptor) ? found(EXPORTS, text(descriptor)) : null;
            try (Stream<Path> files = Files.walk(sources)) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .map(ApiListTest::text)
                        .filter(text -> exported == null || exported.containsAll(found(PACKAGE, text)))
                        .flatMap(text -> found(PUBLIC, text).stream())
                        .forEach(expected::add);
            }
        }
        assertThat(new TreeSet<>(found(LISTED, list()))).isEqualTo(expected);
    }

    @Test
    void examplesOfTheList_exist() {
        assertThat(found(EXAMPLE, list()))
                .isNotEmpty()
                .allSatisfy(example -> assertThat(ROOT.resolve(example)).exists());
    }

    private static String list() {
        return text(ROOT.resolve("docs/api.md"));
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(result -> result.group(1)).toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
