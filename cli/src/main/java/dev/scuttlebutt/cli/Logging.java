package dev.scuttlebutt.cli;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps libraries from talking between the lines of the program; what goes wrong is told by the program itself. */
final class Logging {
    /** Held, because a logger that nobody holds forgets its level. */
    private static final List<Logger> QUIET = List.of(Logger.getLogger("io.netty"), Logger.getLogger("org.jline"));

    private Logging() {}

    static void quieten() {
        // sshd-common logs through an interface to which nothing is bound here, and which would say so.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        QUIET.forEach(logger -> logger.setLevel(Level.SEVERE));
    }
}
