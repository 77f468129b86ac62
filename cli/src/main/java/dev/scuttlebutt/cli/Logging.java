package dev.scuttlebutt.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What libraries say, on standard error: all through the log of the JDK. They are quiet unless a command wants to hear them;
 * what goes wrong in a command is told by the program itself.
 */
final class Logging {
    /** One line for each event, its fields as key=value before the words. */
    private static final String FORMAT = "%1$tFT%1$tT.%1$tL%1$tz %4$s %5$s%6$s%n";

    private static final String FORMAT_PROPERTY = "java.util.logging.SimpleFormatter.format";

    private static final Map<String, Level> LEVELS = Map.of(
            "none", Level.OFF, "error", Level.SEVERE, "warn", Level.WARNING, "info", Level.INFO, "debug", Level.FINE);

    /** Held, because a logger that nobody holds forgets its level. */
    private static final List<Logger> QUIET = List.of(Logger.getLogger("io.netty"), Logger.getLogger("org.jline"));

    private static final Logger HUB = Logger.getLogger("dev.scuttlebutt.hub");

    private Logging() {}

    static void quieten() {
        if (System.getProperty(FORMAT_PROPERTY) == null) {
            System.setProperty(FORMAT_PROPERTY, FORMAT);
        }
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        QUIET.forEach(logger -> logger.setLevel(Level.SEVERE));
        HUB.setLevel(Level.WARNING);
    }

    /**
     * Chooses what is heard of a hub.
     *
     * @throws IllegalArgumentException if there is no such level
     */
    static void ofHub(String level) {
        Level chosen = LEVELS.get(level.toLowerCase(Locale.ROOT));
        if (chosen == null) {
            throw new IllegalArgumentException("expected none, error, warn, info or debug, found " + level);
        }
        HUB.setLevel(chosen);
        if (chosen.intValue() < Level.INFO.intValue()) {
            for (var handler : Logger.getLogger("").getHandlers()) {
                handler.setLevel(chosen);
            }
        }
    }
}
