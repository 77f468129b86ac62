package dev.scuttlebutt.interop;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The npm packages and the node that runs them. Where they are missing CI fails and everybody else skips. */
final class Originals {
    static final Path FOLDER = Path.of("src", "test", "js").toAbsolutePath();

    private static final boolean IN_CI = "true".equals(System.getenv("CI"));

    private Originals() {}

    /** Skips the test, or fails it in CI, unless a node process can be started with the packages. */
    static void need() {
        if (!runs("node", "--version")) {
            missing("node is not on the PATH");
        }
        if (!Files.isDirectory(FOLDER.resolve("node_modules").resolve("scuttlebutt"))) {
            missing("the npm packages are not installed: run 'npm ci' in interop/src/test/js");
        }
    }

    private static void missing(String what) {
        if (IN_CI) {
            fail(what);
        }
        abort(what);
    }

    private static boolean runs(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException notThere) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
