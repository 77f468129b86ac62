package dev.scuttlebutt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void version_namesProgramCommitAndJdk() {
        assertThat(run("--version")).isZero();

        assertThat(out.toString().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("scuttlebutt "),
                        line -> assertThat(line).startsWith("commit "),
                        line -> assertThat(line).startsWith("jdk " + Runtime.version()));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void help_fitsOneScreen() {
        assertThat(run("--help")).isZero();

        assertThat(out.toString()).startsWith("Usage: scuttlebutt ");
        assertThat(out.toString().lines()).hasSizeLessThanOrEqualTo(24);
    }

    @Test
    void unknownArgument_isOneLineAndStatus2() {
        assertThat(run("no-such-command")).isEqualTo(2);

        assertThat(err.toString().lines()).singleElement().asString().contains("no-such-command");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void noCommand_isOneLineAndStatus2() {
        assertThat(run()).isEqualTo(2);

        assertThat(err.toString().lines()).singleElement().asString().contains("no command given");
    }

    private int run(String... args) {
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(args);
    }
}
