package dev.scuttlebutt.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Java in README and docs compiles, and the JavaScript there parses.
 *
 * <p>A block that begins with a class stands in a file as it is, all blocks of classes of one document together. Any other is
 * the body of a method of a subclass of {@link Surroundings}. All packages are imported, and {@code -> …} is an empty body.
 */
final class SnippetsTest {
    private static final Path ROOT = Path.of("..");

    /** Blocks that are no Java to be compiled, by their first line, and why. */
    private static final Map<String, String> SKETCHES = Map.of(
            "public abstract class Replica implements AutoCloseable {",
            "signatures without bodies; sketches_nameMethodsThatExist looks at them");

    private static final String IMPORTS = Stream.of(
                    "java.io.*",
                    "java.net.Socket",
                    "java.net.URI",
                    "java.nio.file.*",
                    "java.time.Duration",
                    "java.util.*",
                    "java.util.concurrent.*",
                    "dev.scuttlebutt.*",
                    "dev.scuttlebutt.hub.*",
                    "dev.scuttlebutt.journal.*",
                    "dev.scuttlebutt.json.*",
                    "dev.scuttlebutt.link.*",
                    "dev.scuttlebutt.netty.*",
                    "dev.scuttlebutt.security.*",
                    "dev.scuttlebutt.store.*",
                    "dev.scuttlebutt.store.Replication",
                    "dev.scuttlebutt.testkit.*",
                    "dev.scuttlebutt.types.*",
                    "dev.scuttlebutt.types.crdt.*",
                    "org.jspecify.annotations.Nullable",
                    "org.junit.jupiter.api.Test")
            .map(name -> "import " + name + "; ")
            .collect(Collectors.joining());

    @TempDir
    Path folder;

    private record Snippet(Path file, int line, String language, List<String> lines) {
        String place() {
            return file.getFileName() + ":" + line;
        }

        String text() {
            return String.join("\n", lines);
        }

        boolean isClass() {
            return Pattern.compile("^(?:public |final |abstract )*class ", Pattern.MULTILINE)
                    .matcher(text())
                    .find();
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignored) {
            return text;
        }
    }

    @Test
    void java_compiles() throws IOException {
        List<Source> sources = new ArrayList<>();
        List<Snippet> fragments = snippets("java");
        assertThat(fragments).hasSizeGreaterThan(20);
        for (Snippet snippet : fragments) {
            if (SKETCHES.containsKey(snippet.lines().get(0))) {
                continue;
            }
            String name = snippet.file().getFileName().toString().replaceAll("\\W", "_") + "_" + snippet.line();
            String head = "package dev.scuttlebutt.examples; " + IMPORTS;
            // Lines stay where they are, so that a complaint names the line of the block.
            if (snippet.isClass()) {
                String text = snippet.text().replaceAll("(?m)^public ", "");
                sources.add(new Source(name, "package snippets." + document(snippet) + "; " + IMPORTS + "\n" + text));
            } else {
                String text = snippet.text().replaceAll("-> …", "-> {}");
                sources.add(new Source(
                        name,
                        head + "abstract class " + name + " extends Surroundings { void run() throws Exception {\n"
                                + text + "\n}}"));
            }
        }
        assertThat(complaints(sources)).isEmpty();
    }

    private static String document(Snippet snippet) {
        return snippet.file().getFileName().toString().replaceAll("\\W", "_").toLowerCase(Locale.ROOT);
    }

    private List<String> complaints(List<Source> sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertThat(compiler).as("a JDK runs this").isNotNull();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        List<String> options = List.of(
                "-proc:none",
                "-nowarn",
                "--release",
                "17",
                "-d",
                folder.toString(),
                "-classpath",
                System.getProperty("java.class.path"));
        compiler.getTask(null, null, found, options, null, sources).call();
        return found.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .map(diagnostic -> (diagnostic.getSource() == null
                                ? ""
                                : diagnostic.getSource().getName()) + " + " + (diagnostic.getLineNumber() - 1) + ": "
                        + diagnostic.getMessage(Locale.ROOT))
                .toList();
    }

    @Test
    void sketches_nameMethodsThatExist() throws Exception {
        List<Snippet> sketches = snippets("java").stream()
                .filter(snippet -> SKETCHES.containsKey(snippet.lines().get(0)))
                .toList();
        assertThat(sketches).hasSize(SKETCHES.size());
        Pattern method = Pattern.compile("(?:public|protected) .*?(\\w+)\\([^)]*\\)");
        for (Snippet sketch : sketches) {
            Class<?> type = null;
            for (String line : sketch.lines()) {
                Matcher opening = Pattern.compile("class (\\w+) ").matcher(line);
                Matcher call = method.matcher(line);
                if (opening.find()) {
                    String name = opening.group(1);
                    type = Class.forName("dev.scuttlebutt." + (name.equals("WireSession") ? "wire." : "") + name);
                } else if (call.find() && type != null) {
                    String name = call.group(1);
                    assertThat(type.getDeclaredMethods())
                            .as(line)
                            .anyMatch(found -> found.getName().equals(name));
                }
            }
        }
    }

    @Test
    void javaScript_parses() throws Exception {
        if (!"true".equals(System.getenv("CI"))) {
            assumeTrue(hasNode(), "there is no node on the PATH");
        }
        List<Snippet> scripts = snippets("js");
        assertThat(scripts).hasSizeGreaterThan(3);
        for (Snippet script : scripts) {
            boolean isModule = script.text().contains("import ");
            Path file = folder.resolve("script" + script.line() + (isModule ? ".mjs" : ".cjs"));
            Files.writeString(file, script.text());
            Process check = new ProcessBuilder("node", "--check", file.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(check.waitFor()).as(script.place() + " " + said).isZero();
        }
    }

    private static boolean hasNode() throws InterruptedException {
        try {
            return new ProcessBuilder("node", "--version").start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    private static List<Snippet> snippets(String language) throws IOException {
        List<Path> files = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(files::add);
        }
        List<Snippet> snippets = new ArrayList<>();
        for (Path file : files) {
            Snippet open = null;
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                if (open != null && line.equals("```")) {
                    snippets.add(open);
                    open = null;
                } else if (open != null) {
                    open.lines().add(line);
                } else if (line.equals("```" + language)) {
                    open = new Snippet(file, number, language, new ArrayList<>());
                }
            }
        }
        return snippets;
    }
}
