package dev.scuttlebutt.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The house is built as docs/ARCHITECTURE.md says. */
final class HouseTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern MODULE = Pattern.compile("<module>(\\w+)</module>");
    private static final Pattern DEPENDENCY = Pattern.compile(
            "<artifactId>scuttlebutt(?:-(\\w+))?</artifactId>(?:\\s*<[^s/]\\w+>[^<]*</\\w+>)*(\\s*<scope>)?");
    private static final Pattern TREE = Pattern.compile("^[├└]── (\\w+)/ ", Pattern.MULTILINE);
    private static final Pattern CLASS = Pattern.compile("\\b[A-Z][a-z]+[A-Za-z]*\\b");
    private static final Pattern LINK = Pattern.compile("\\]\\(((?:\\.\\./)?[\\w./-]+)(?:#[\\w-]+)?\\)");

    /** What each module may be built on, tests apart. */
    private static final Map<String, Set<String>> MODULES = Map.of(
            "core", Set.of(),
            "netty", Set.of("core"),
            "testkit", Set.of("core"),
            "store", Set.of("core"),
            "hub", Set.of("core", "netty", "store"),
            "bench", Set.of("core", "netty", "store", "hub"),
            "cli", Set.of("core", "netty", "store", "hub", "bench"),
            "examples", Set.of("core", "netty", "store"),
            "interop", Set.of());

    @Test
    void modulesOfThePage_areThoseOfTheBuild() {
        Set<String> built = new TreeSet<>(found(MODULE, text(ROOT.resolve("pom.xml"))));

        assertThat(new TreeSet<>(found(TREE, page()))).isEqualTo(built);
        assertThat(MODULES.keySet()).isEqualTo(built);
    }

    @Test
    void modules_dependOneWay() {
        MODULES.forEach((module, allowed) -> {
            String build = text(ROOT.resolve(module).resolve("pom.xml"));
            Set<String> used = DEPENDENCY
                    .matcher(build.substring(
                            build.indexOf("<dependencies>") < 0 ? build.length() : build.indexOf("<dependencies>")))
                    .results()
                    .filter(dependency -> dependency.group(2) == null)
                    .map(dependency -> dependency.group(1) == null ? "core" : dependency.group(1))
                    .collect(Collectors.toSet());
            assertThat(used).as(module).isEqualTo(allowed);
        });
    }

    @Test
    void classesOfTheTree_exist() throws IOException {
        String page = page();
        String tree = page.substring(page.indexOf("├── core/"), page.indexOf("└── examples/"));
        Set<String> words = Set.of("JMH", "SQLite", "HTTP", "WebSocket");
        Set<String> classes = sources(ROOT).stream()
                .map(file -> file.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());

        assertThat(new TreeSet<>(all(CLASS, tree)))
                .hasSizeGreaterThan(50)
                .allSatisfy(name -> assertThat(classes.contains(name) || words.contains(name))
                        .as(name)
                        .isTrue());
    }

    @Test
    void linksOfAllPages_leadSomewhere() throws IOException {
        try (Stream<Path> pages = Stream.concat(Files.list(ROOT), Files.list(ROOT.resolve("docs")))) {
            pages.filter(page -> page.toString().endsWith(".md"))
                    .forEach(page -> assertThat(found(LINK, text(page)))
                            .as("links of %s", page)
                            .allSatisfy(link ->
                                    assertThat(page.resolveSibling(link)).exists()));
        }
    }

    private static List<Path> sources(Path root) throws IOException {
        try (Stream<Path> files = Files.find(root, 20, (file, is) -> isSource(file))) {
            return files.toList();
        }
    }

    private static boolean isSource(Path file) {
        String name = file.getFileName().toString();
        return file.toString().contains("src/main/java") && name.endsWith(".java") && !name.contains("-info");
    }

    private static String page() {
        return text(ROOT.resolve("docs/ARCHITECTURE.md"));
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(result -> result.group(1)).toList();
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(result -> result.group()).toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
