package dev.scuttlebutt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SessionOptions;
import dev.scuttlebutt.cli.command.Scope;
import dev.scuttlebutt.cli.command.Types;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** {@code docs/cli.md} names all there is. */
class CliDocsTest {
    static final Path DOCS = Path.of("../docs/cli.md");

    static List<String> types() {
        return Types.names();
    }

    @Test
    void everyCommandAndOption_isDescribed() throws Exception {
        String docs = Files.readString(DOCS);
        CommandLine program = Main.commandLine(
                Cli.io(InputStream.nullInputStream(), OutputStream.nullOutputStream(), new StringWriter()));

        program.getSubcommands().forEach((name, command) -> {
            assertThat(docs).contains("\n## " + name + "\n");
            command.getCommandSpec()
                    .options()
                    .forEach(option -> assertThat(docs).contains(option.longestName()));
        });
    }

    @ParameterizedTest
    @MethodSource("types")
    void everyCommandOfAType_isDescribed(String type) throws Exception {
        String docs = Files.readString(DOCS);
        Node node = Node.create(Types.named(type), ReplicaOptions.defaults(), SessionOptions.twoWay(), null);
        List<String> calls = node.scope().help().stream().map(Scope.Help::call).toList();

        assertThat(docs).contains("\n### " + type + "\n").contains("`" + type + "`");
        assertThat(calls).isNotEmpty().allSatisfy(call -> assertThat(docs).contains("| `" + call + "` |"));
    }
}
