package dev.scuttlebutt.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The client for browsers, in Node, against the recordings of the originals. */
class BrowserClientTest {
    @Test
    void inNode_itDoesWhatTheRecordingsSay() throws Exception {
        File output = File.createTempFile("client-test", ".tap");
        Process process;
        try {
            process = new ProcessBuilder("node", "--test", "client.test.mjs", "edit.test.mjs")
                    .directory(Path.of("src", "test", "js").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output)
                    .start();
        } catch (IOException missing) {
            if ("true".equals(System.getenv("CI"))) {
                fail("node is not on the PATH");
            }
            abort("node is not on the PATH");
            return;
        }
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        String told = Files.readString(output.toPath());
        assertThat(process.exitValue()).as(told).isZero();
        assertThat(told).contains("# fail 0").doesNotContain("# pass 0");
        assertThat(output.delete()).isTrue();
    }
}
