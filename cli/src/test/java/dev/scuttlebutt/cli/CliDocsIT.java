package dev.scuttlebutt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples of {@code docs/cli.md} and the README with what they print, run by a shell as a reader would. In what is expected, an ellipsis stands for any
 * text; on port 7000 the examples meet a model called ada.
 */
class CliDocsIT {
    private static final String DOCUMENTED = "127.0.0.1:7000";

    @TempDir
    static Path folder;

    private record Example(String command, List<String> expected) {}

    @TestFactory
    Stream<DynamicTest> examples_giveWhatTheDocumentSays() throws IOException {
        installLauncher(folder);
        List<Example> examples = new ArrayList<>(examples(Files.readAllLines(CliDocsTest.DOCS)));
        examples(Files.readAllLines(Path.of("../README.md"))).stream()
                .filter(example -> example.command().contains("| ./scuttlebutt"))
                .forEach(examples::add);
        assertThat(examples).hasSizeGreaterThan(10);
        return examples.stream().map(example -> DynamicTest.dynamicTest(example.command(), () -> check(example)));
    }

    /** What a reader has in a checkout, without the look whether the jar is up to date. */
    static void installLauncher(Path folder) throws IOException {
        Path launcher = folder.resolve("scuttlebutt");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String jar = Path.of("target", "scuttlebutt.jar").toAbsolutePath().toString();
        Files.writeString(
                launcher, "#!/bin/sh\nexec '" + java + "' -XX:TieredStopAtLevel=1 -jar '" + jar + "' \"$@\"\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    }

    private static List<Example> examples(List<String> document) {
        List<Example> examples = new ArrayList<>();
        boolean inside = false;
        for (String line : document) {
            if (line.startsWith("```")) {
                inside = line.equals("```console");
            } else if (inside && line.startsWith("$ ")) {
                examples.add(new Example(line.substring(2), new ArrayList<>()));
            } else if (inside) {
                examples.get(examples.size() - 1).expected().add(line);
            }
        }
        return examples;
    }

    private static void check(Example example) throws Exception {
        if (!example.command().contains(DOCUMENTED)) {
            check(example, DOCUMENTED);
            return;
        }
        try (LiveNode ada = LiveNode.start("--type", "model", "--id", "ada", "--listen", "127.0.0.1:0")) {
            String address = ada.listening();
            ada.ok("set name \"Ada\"");
            if (example.command().contains("greeting")) {
                ada.ok("set greeting \"hello from npm\"");
            }
            check(example, address);
        }
    }

    private static void check(Example example, String address) throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", example.command().replace(DOCUMENTED, address))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        shell.getOutputStream().close();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String pattern = example.expected().stream()
                .map(line -> Stream.of(line.replace(DOCUMENTED, address).split("…", -1))
                                .map(Pattern::quote)
                                .collect(Collectors.joining(".*"))
                        + "\n")
                .collect(Collectors.joining());
        assertThat(output).matches(pattern);
    }
}
