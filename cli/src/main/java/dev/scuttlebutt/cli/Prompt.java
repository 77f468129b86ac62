package dev.scuttlebutt.cli;

import dev.scuttlebutt.cli.command.CommandException;
import dev.scuttlebutt.cli.command.EventSink;
import dev.scuttlebutt.cli.command.Words;
import dev.scuttlebutt.json.Json;
import java.io.IOError;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/** The dialogue with a person at a terminal: history, completion, readable answers, events above the prompt. */
final class Prompt implements AutoCloseable {
    private static final String SIGN = "> ";

    private final Terminal terminal;
    private final Style style;
    private final Readable readable;
    private final PromptCompleter completer = new PromptCompleter();
    private final LineReader reader;

    /**
     * Takes a terminal over.
     *
     * @param history file of the lines entered, or null to forget them
     */
    Prompt(Terminal terminal, Style style, @Nullable Path history) {
        this.terminal = terminal;
        this.style = style;
        this.readable = new Readable(style);
        LineReaderBuilder builder = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("scuttlebutt")
                .parser(new PromptParser())
                .completer(completer)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true);
        if (history != null) {
            builder.variable(LineReader.HISTORY_FILE, history);
        }
        this.reader = builder.build();
    }

    /** Takes over the terminal of the process. */
    static Prompt onTerminal(Io io) throws IOException {
        Terminal terminal = TerminalBuilder.builder().system(true).build();
        // A shutdown hook would come too late: the terminal has one of its own, which closes it under the line editor.
        Signals.register("TERM", io.ending()::endProcess);
        Signals.register("HUP", io.ending()::endProcess);
        return new Prompt(terminal, new Style(io.colours()), historyFile(io.environment()));
    }

    /** The place for such files by the XDG base directory specification. */
    private static @Nullable Path historyFile(Map<String, String> environment) throws IOException {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        String home = environment.getOrDefault("HOME", "");
        if (state.isEmpty() && home.isEmpty()) {
            return null;
        }
        Path folder = (state.isEmpty() ? Path.of(home, ".local", "state") : Path.of(state)).resolve("scuttlebutt");
        Files.createDirectories(folder);
        return folder.resolve("history");
    }

    /** Shows an event above the prompt, from any thread. */
    EventSink events() {
        return (name, data) -> reader.printAbove(readable.event(name, data));
    }

    /** Shows a line, above the prompt if there is one; from any thread. */
    void say(String line) {
        reader.printAbove(line);
    }

    /** Reads and runs commands until {@code quit} or the end of input. */
    void run(Node node) {
        completer.complete(node.scope());
        terminal.handle(Terminal.Signal.INT, signal -> node.waiting().cancel());
        say(style.faint("help lists the commands, Tab completes, Ctrl-D ends"));
        while (!node.isEnding()) {
            try {
                answer(node, reader.readLine(SIGN));
            } catch (UserInterruptException lineGivenUp) {
                // Ctrl-C: a new line.
            } catch (EndOfFileException ended) {
                return;
            } catch (IOError | IllegalStateException broken) {
                if (!node.isEnding()) {
                    throw broken;
                }
                // The terminal was closed by whoever ends the program.
            }
        }
    }

    private void answer(Node node, String line) {
        PrintWriter out = terminal.writer();
        try {
            Words words = Words.of(line);
            if (words.isEmpty()) {
                return;
            }
            if (words.get(0).equals("help")) {
                out.print(readable.help(node.scope()));
            } else {
                Json result = node.run(words);
                out.print(result == null ? "" : readable.result(result));
            }
        } catch (CommandException wrong) {
            out.println(style.bad(Style.harmless(Failure.text(wrong))));
        }
        out.flush();
    }

    /** Gives the terminal back as it was. From any thread. */
    @Override
    public void close() {
        if (reader.isReading()) {
            terminal.writer().println();
        }
        try {
            terminal.close();
        } catch (IOException lost) {
            throw new UncheckedIOException("cannot give the terminal back", lost);
        }
    }
}
