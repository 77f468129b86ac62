package dev.scuttlebutt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SessionOptions;
import dev.scuttlebutt.cli.command.Types;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jline.reader.Candidate;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The prompt on a terminal made of streams. */
class PromptTest {
    private final PipedOutputStream keys = new PipedOutputStream();
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    private Path history;
    private Prompt prompt;
    private Node node;
    private CompletableFuture<Void> run;

    @BeforeEach
    void start() throws Exception {
        Logging.quieten();
        history = folder.resolve("history");
        Terminal terminal = TerminalBuilder.builder()
                .system(false)
                .streams(new PipedInputStream(keys, 1 << 16), screen)
                .type("xterm")
                .encoding(StandardCharsets.UTF_8)
                .build();
        terminal.setSize(new Size(120, 40));
        prompt = new Prompt(terminal, new Style(false), history);
        node = Node.create(
                Types.named("model"), ReplicaOptions.defaults().id("me"), SessionOptions.twoWay(), prompt.events());
        run = CompletableFuture.runAsync(() -> prompt.run(node), action -> new Thread(action, "prompt").start());
        awaitScreen("> ");
    }

    @AfterEach
    void stop() throws Exception {
        keys.close();
        run.orTimeout(30, TimeUnit.SECONDS).join();
        node.close();
        prompt.close();
    }

    @Test
    void answers_areReadable() throws Exception {
        type("set name \"Ada\"\r");
        type("json\r");
        awaitScreen("name  \"Ada\"");
        type("get nothing\r");
        awaitScreen("null");
        type("st a b\r");
        awaitScreen("unknown command st; did you mean set?");
    }

    @Test
    void help_listsTheCommands() throws Exception {
        type("help\r");

        awaitScreen("set KEY VALUE");
        awaitScreen("connect HOST:PORT");
    }

    @Test
    void tab_completesCommandsAndKeys() throws Exception {
        type("set naïve 1\r");
        awaitScreen("change [\"naïve\",1]");
        type("ge\tna\t\r");

        awaitScreen("> get naïve");
    }

    @Test
    void interrupt_givesUpTheLineAndNotTheProgram() throws Exception {
        type("set half");
        awaitScreen("set half");
        type("\u0003");
        type("id\r");

        awaitScreen("\"me\"");
    }

    @Test
    void endOfInput_ends() throws Exception {
        type("\u0004");

        run.get(30, TimeUnit.SECONDS);
    }

    @Test
    void quit_ends() throws Exception {
        type("quit\r");

        run.get(30, TimeUnit.SECONDS);
    }

    @Test
    void lines_areRemembered() throws Exception {
        type("set remembered 1\r");
        type("quit\r");
        run.get(30, TimeUnit.SECONDS);

        assertThat(Files.readString(history)).contains("set remembered 1");
    }

    @Test
    void keysThatNeedQuotes_areOfferedQuoted() throws Exception {
        type("set \"two words\" 1\r");
        awaitScreen("change [\"two words\",1]");
        PromptCompleter completer = new PromptCompleter();
        completer.complete(node.scope());
        List<Candidate> candidates = new ArrayList<>();
        String line = "get \"two";
        completer.complete(null, new PromptParser().parse(line, line.length(), null), candidates);

        assertThat(candidates).extracting(Candidate::value).containsExactly("\"two words\"");
    }

    private void type(String text) throws IOException {
        keys.write(text.getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }

    private void awaitScreen(String text) {
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() ->
                        assertThat(screen.toString(StandardCharsets.UTF_8)).contains(text));
    }
}
