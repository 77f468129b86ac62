package dev.scuttlebutt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Scenarios;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command line with {@code scuttlebutt} in README, CONTRIBUTING and docs does what it says: it is taken by the program
 * and ends with status 0; what stays, as a hub does, says that it is ready and ends in order. Ports become free ones, and a
 * benchmark only has to know its names. What the examples of {@code docs/cli.md} print is in {@link CliDocsIT}.
 */
class DocsIT {
    private static final Path ROOT = Path.of("..");
    private static final Pattern COMMAND = Pattern.compile("(?:[A-Z_]+=\\S+ )?\\./scuttlebutt(?: [^`\\n]*)?");
    private static final Pattern IN_A_BLOCK = Pattern.compile("^(?:    )?(?:\\$ )?(scuttlebutt .*)$");
    private static final String DOCUMENTED = "127.0.0.1:7000";

    /** Not commands to be given as they stand, and why. */
    private static final Map<String, String> NOT_RUN = Map.of(
            "./scuttlebutt", "the name of the program in a sentence",
            "./scuttlebutt …", "stands for all commands");

    @TempDir
    static Path folder;

    private record Found(String file, String command) {}

    @BeforeAll
    static void install() throws Exception {
        CliDocsIT.installLauncher(folder);
        Files.writeString(folder.resolve("shelf.json"), "[[\"Merlot\",6],1,\"A\"]\n");
        assertThat(shell("./scuttlebutt import --data data --as model/shelf shelf.json")
                        .waitFor())
                .isZero();
    }

    @TestFactory
    Stream<DynamicTest> everyCommand_runs() throws IOException {
        List<Found> all = all();
        assertThat(all).hasSizeGreaterThan(10);
        assertThat(all).extracting(Found::file).contains("README.md", "CONTRIBUTING.md", "hub.md", "performance.md");
        return all.stream()
                .filter(found -> !NOT_RUN.containsKey(found.command()))
                .map(found ->
                        DynamicTest.dynamicTest(found.file() + ": " + found.command(), () -> check(found.command())));
    }

    @Test
    void whatIsNotRun_isStillThere() throws IOException {
        assertThat(all()).extracting(Found::command).containsAll(NOT_RUN.keySet());
    }

    private static List<Found> all() throws IOException {
        List<Path> files = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")));
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(files::add);
        }
        List<Found> all = new ArrayList<>();
        for (Path file : files) {
            collect(file, all);
        }
        return all.stream().distinct().toList();
    }

    private static void collect(Path file, List<Found> all) throws IOException {
        String name = file.getFileName().toString();
        String block = "";
        for (String written : Files.readAllLines(file)) {
            boolean isCode = !block.isEmpty() || written.startsWith("    ");
            String line = isCode ? written.replaceFirst("\\s+# .*", "") : written;
            if (line.startsWith("```")) {
                block = block.isEmpty() ? line : "";
            } else if (line.contains("| ./scuttlebutt ") && (name.equals("cli.md") || name.equals("README.md"))) {
                continue; // CliDocsIT runs these, and looks at what they print.
            } else if (!(name.equals("cli.md") && block.equals("```console"))) {
                Matcher command = COMMAND.matcher(line);
                while (command.find()) {
                    all.add(new Found(name, command.group().strip()));
                }
                Matcher bare = IN_A_BLOCK.matcher(line);
                // Brackets and dots are of a synopsis, which CliDocsTest compares with the options there are.
                if (bare.matches() && !bare.group(1).matches(".*[\\[…].*")) {
                    all.add(new Found(name, "./" + bare.group(1)));
                }
            }
        }
    }

    private static void check(String command) throws Exception {
        List<String> words =
                Arrays.asList(command.replaceFirst("^.*\\./scuttlebutt ", "").split(" +"));
        switch (words.get(0)) {
            case "bench" -> checkBench(command, words.subList(1, words.size()));
            case "hub", "demo" -> checkServer(command, words);
            case "node" -> {
                if (words.contains("--help")) {
                    checkEnd(command);
                } else {
                    checkServer(command, words);
                }
            }
            default -> checkEnd(command);
        }
    }

    private static void checkBench(String command, List<String> words) throws Exception {
        checkEnd(command + " --list");
        List<String> known = Scenarios.all().stream().map(Scenario::name).toList();
        for (int i = 0; i < words.size(); i++) {
            boolean isName = !words.get(i).startsWith("-")
                    && (i == 0
                            || !List.of("--json", "--from", "--markdown", "--repetitions")
                                    .contains(words.get(i - 1)));
            if (isName) {
                String name = words.get(i);
                assertThat(known).anyMatch(scenario -> scenario.startsWith(name));
            }
        }
    }

    private static void checkEnd(String command) throws Exception {
        Process process = shell(command);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    private static void checkServer(String command, List<String> words) throws Exception {
        if (words.contains("--once")) {
            checkEnd(command);
            return;
        }
        String here = command.replaceAll("(--http|--listen) \\S+", "$1 127.0.0.1:0")
                .replaceAll("--tcp [^ =]+=", "--tcp 127.0.0.1:0=");
        boolean needsPort = !words.get(0).equals("node") && !words.contains("--http");
        Process process = shell("exec " + here + (needsPort ? " --http 127.0.0.1:0" : "") + " 2>server.err");
        try {
            String first = process.inputReader().readLine();
            assertThat(first).as(Files.readString(folder.resolve("server.err"))).isNotNull();
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process shell(String command) throws IOException {
        assertThat(command).as("what it connects to is not started here").doesNotContain("--connect " + DOCUMENTED);
        return new ProcessBuilder("sh", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
    }
}
