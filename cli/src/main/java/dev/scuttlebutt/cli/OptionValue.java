package dev.scuttlebutt.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What an option says, read as something. Mistakes are told with its name. */
final class OptionValue {
    private OptionValue() {}

    /** Looks at what options say. */
    @FunctionalInterface
    interface Check {
        void run() throws Exception;
    }

    /**
     * Reads it.
     *
     * @param option its name
     * @throws ParameterException if that fails
     */
    static <T> T of(CommandSpec command, String option, Callable<T> read) {
        return prefixed(command, option + ": ", read);
    }

    /** Reads what names the option by itself when it fails. Otherwise as {@link #of(CommandSpec, String, Callable)}. */
    static <T> T of(CommandSpec command, Callable<T> read) {
        return prefixed(command, "", read);
    }

    /** Checks it. Otherwise as {@link #of(CommandSpec, String, Callable)}. */
    static void check(CommandSpec command, String option, Check check) {
        of(command, option, () -> done(check));
    }

    /** Checks what names the option by itself when it fails. */
    static void check(CommandSpec command, Check check) {
        of(command, () -> done(check));
    }

    private static boolean done(Check check) throws Exception {
        check.run();
        return true;
    }

    private static <T> T prefixed(CommandSpec command, String prefix, Callable<T> read) {
        try {
            return read.call();
        } catch (Exception mistake) {
            throw new ParameterException(command.commandLine(), prefix + Failure.text(mistake), mistake);
        }
    }
}
