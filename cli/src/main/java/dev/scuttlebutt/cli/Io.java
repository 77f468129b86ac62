package dev.scuttlebutt.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds a run of the program.
 *
 * @param err for whole lines
 * @param terminal whether a person sits at both {@code in} and {@code out}
 */
record Io(
        InputStream in,
        OutputStream out,
        PrintWriter err,
        boolean terminal,
        Map<String, String> environment,
        Ending ending) {

    /** That of this process. */
    static Io ofProcess() {
        return new Io(
                System.in,
                new FileOutputStream(FileDescriptor.out),
                new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                isTerminal(System.console()),
                System.getenv(),
                new Ending());
    }

    /** Newer JDKs hand out a console without a terminal, and have a method that tells. */
    private static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException before22) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Tells whether colours are welcome. See no-color.org. */
    boolean colours() {
        return terminal
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(environment.get("TERM"));
    }
}
