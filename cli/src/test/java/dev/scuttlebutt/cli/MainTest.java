package dev.scuttlebutt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @Test
    void version_namesProgramCommitAndJdk() {
        Cli.Result result = Cli.run("--version");

        assertThat(result.status()).isZero();
        assertThat(result.lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("scuttlebutt "),
                        line -> assertThat(line).startsWith("commit "),
                        line -> assertThat(line).startsWith("jdk " + Runtime.version()));
        assertThat(result.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "node --help",
                "keygen --help",
                "demo --help",
                "hub --help",
                "inspect --help",
                "import --help",
                "bench --help"
            })
    void help_fitsOneScreen(String args) {
        Cli.Result result = Cli.run(args.split(" "));

        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("Usage: scuttlebutt");
        assertThat(result.lines())
                .hasSizeLessThanOrEqualTo(args.startsWith("hub") ? 32 : 25)
                .allMatch(line -> line.length() <= 80);
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "keygen", "demo", "hub", "inspect", "import", "bench"})
    void helpOfACommand_hasAnExample(String command) {
        assertThat(Cli.run(command, "--help").out())
                .containsPattern("Examples?:")
                .contains("  -h, --help");
    }

    @Test
    void help_tellsExitStatus() {
        assertThat(Cli.run("--help").out()).contains("Exit status: 0 done, 1 failed, 2 wrong arguments");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "frobnicate | scuttlebutt: unknown command frobnicate (see",
                "nod | scuttlebutt: unknown command nod; did you mean node? (see",
                "--frob | scuttlebutt: unknown option --frob (see",
                "node | scuttlebutt node: Missing required option: '--type=TYPE' (see",
                "node --type | scuttlebutt node: Missing required parameter for option '--type' (TYPE) (see",
                "node --type mode | scuttlebutt node: --type: unknown type mode; did you mean model? known are model, ",
                "node --type model --lisen a:1 | scuttlebutt node: unknown option --lisen; did you mean --listen? (see",
                "hub --tcp 127.0.0.1:0 | scuttlebutt hub: --tcp: expected HOST:PORT=DOCUMENT, found",
                "hub --schema a=b | scuttlebutt hub: --schema: there is no type b; there are model, ",
                "hub --durability often | scuttlebutt hub: Invalid value for option '--durability': expected one of [none, interval, update]",
                "hub --tls-cert a | scuttlebutt hub: --tls-cert and --tls-key go together",
                "node --type model --max 5 | scuttlebutt node: --max: type model has no such bound",
                "node --type boat --max-age 5 | scuttlebutt node: --max-age: type boat has no such bound",
                "node --type expiry-model --max -1 | scuttlebutt node: --max: expected a number of keys, or 0 for any",
                "node --type expiry-model --max-age 0 | scuttlebutt node: --max-age: expected milliseconds above 0",
                "node --type expiry-model --max many | scuttlebutt node: Invalid value for option '--max': 'many' is not",
                "node --type model extra | scuttlebutt node: unexpected argument extra (see",
                "node --type model --read-only --write-only | scuttlebutt node: --read-only, --write-only are mutually",
                "node --type model --listen 7000 | scuttlebutt node: --listen: expected HOST:PORT, found \"7000\"",
                "node --type model --connect a:0 | scuttlebutt node: --connect: expected HOST:PORT, found \"a:0\"",
                "node --type model --connect a:1 --connect a:1 | scuttlebutt node: --connect: a:1 is given twice",
                "node --type model --meta {\"a\" | scuttlebutt node: --meta: expected ':'",
                "node --type model --meta word | scuttlebutt node: --meta: expected a value",
                "node --type model --id __proto__ | scuttlebutt node: --id: __proto__ cannot be an id",
                "node --type model --id= | scuttlebutt node: --id: an id has at least one character",
                "node --type model --id @file extra | scuttlebutt node: unexpected argument extra",
                "node --type model --fil x | scuttlebutt node: unknown option --fil; did you mean --file? (see",
                "node --type model --private-key x | scuttlebutt node: Missing required argument(s): --public-key=FILE",
                "demo now | scuttlebutt demo: unexpected argument now"
            })
    void wrongArguments_areOneLineAndStatus2(String args, String message) {
        Cli.Result result = Cli.run(args.split(" "));

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.errLines())
                .singleElement()
                .asString()
                .startsWith(message)
                .endsWith("--help)");
    }

    @Test
    void noCommand_isOneLineAndStatus2() {
        Cli.Result result = Cli.run();

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.errLines()).singleElement().asString().contains("no command given");
    }

    @Test
    void portInUse_isOneLineAndStatus1() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            Cli.Result result = Cli.run("node", "--type", "model", "--listen", "127.0.0.1:0", "--listen", address);

            assertThat(result.status()).isEqualTo(1);
            assertThat(result.err())
                    .isEqualToNormalizingNewlines("scuttlebutt node: cannot listen on " + address
                            + ": Address already in use; choose another port, or 0 for any free one\n");
        }
    }

    @Test
    void unknownHostToListenOn_isOneLineAndStatus1() {
        Cli.Result result = Cli.run("node", "--type", "model", "--listen", "no-such-host.invalid:0");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .isEqualToNormalizingNewlines(
                        "scuttlebutt node: cannot listen on no-such-host.invalid:0: the host is not known\n");
    }
}
