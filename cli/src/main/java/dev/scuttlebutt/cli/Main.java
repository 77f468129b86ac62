package dev.scuttlebutt.cli;

import dev.scuttlebutt.cli.command.Nearest;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
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
        footer = {
            "",
            "scuttlebutt COMMAND --help shows the options of a command, with an example.",
            "Exit status: 0 done, 1 failed, 2 wrong arguments; one line says why."
        },
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
        command.getErr().println(name + ": " + describe(mistake, args) + " (see " + name + " --help)");
        return USAGE;
    }

    private static String describe(ParameterException mistake, String[] args) {
        List<String> unmatched = mistake instanceof UnmatchedArgumentException unknown
                ? unknown.getUnmatched()
                : mistake instanceof MissingParameterException ? unknownOptions(mistake, args) : List.of();
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

    /** What is missing may be there under a name that nobody knows, and that is the better thing to say. */
    private static List<String> unknownOptions(ParameterException mistake, String[] args) {
        CommandSpec spec = mistake.getCommandLine().getCommandSpec();
        List<String> unknown = new ArrayList<>();
        for (int i = 1; i < args.length; i++) {
            String name = args[i].split("=", 2)[0];
            OptionSpec before = spec.optionsMap().get(args[i - 1]);
            boolean isValue = before != null && before.arity().max() > 0;
            if (name.startsWith("-") && !isValue && !spec.optionsMap().containsKey(name)) {
                unknown.add(name);
            }
        }
        return unknown;
    }

    private static int explainFailure(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + Failure.text(failure));
        return FAILURE;
    }
}
