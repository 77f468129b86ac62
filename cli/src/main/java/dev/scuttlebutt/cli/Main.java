package dev.scuttlebutt.cli;

import dev.scuttlebutt.cli.command.Nearest;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Entry point of the program {@code scuttlebutt}.
 *
 * <p>Exit status: 0 success, 1 failure at run time, 2 wrong arguments. Both failures print one line on standard error.
 */
@Command(
        name = "scuttlebutt",
        description = "Replicated data structures that speak the protocol of the npm scuttlebutt family.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class Main implements Runnable {
    static final int FAILURE = 1;
    static final int USAGE = 2;

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before run()
    private CommandSpec spec;

    Main() {}

    /** Runs the command named by {@code args} and ends the JVM with its exit status. */
    public static void main(String... args) {
        Logging.quieten();
        Io io = Io.ofProcess();
        io.ending().catchSignals();
        io.ending().exit(commandLine(io).execute(args));
    }

    static CommandLine commandLine(Io io) {
        return new CommandLine(new Main())
                .setExpandAtFiles(false)
                .addSubcommand(new DemoCommand(io))
                .addSubcommand(new HubCommand(io))
                .addSubcommand(new NodeCommand(io))
                .addSubcommand(new KeygenCommand(io))
                .addSubcommand(new InspectCommand(io))
                .addSubcommand(new ImportCommand(io))
                .addSubcommand(new BenchCommand(io))
                .setOut(new PrintWriter(io.out(), true, StandardCharsets.UTF_8))
                .setErr(io.err())
                .setUsageHelpLongOptionsMaxWidth(24)
                .setParameterExceptionHandler(Main::explainUsage)
                .setExecutionExceptionHandler(Main::explainFailure);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    private static int explainUsage(ParameterException mistake, String[] args) {
        CommandLine command = mistake.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + describe(mistake) + " (see " + name + " --help)");
        return USAGE;
    }

    private static String describe(ParameterException mistake) {
        List<String> unmatched =
                mistake instanceof UnmatchedArgumentException unknown ? unknown.getUnmatched() : List.of();
        if (unmatched.isEmpty()) {
            return Failure.text(mistake).replaceFirst("^Error: ", "");
        }
        String word = unmatched.get(0);
        CommandSpec spec = mistake.getCommandLine().getCommandSpec();
        Collection<String> known = word.startsWith("-")
                ? spec.optionsMap().keySet()
                : spec.subcommands().keySet();
        String kind = word.startsWith("-")
                ? "unknown option "
                : known.isEmpty() ? "unexpected argument " : "unknown command ";
        return kind
                + Failure.shorten(word)
                + Nearest.of(word, known)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("");
    }

    private static int explainFailure(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + Failure.text(failure));
        return FAILURE;
    }
}
