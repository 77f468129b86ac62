package dev.scuttlebutt.bench;

import java.io.PrintWriter;

/** One line of a terminal that says how far it is. Not for pipes. */
public final class ProgressBar implements Bench.Progress, AutoCloseable {
    private static final int WIDTH = 30;
    private static final String START_OF_LINE = "\r\u001b[K";

    private final PrintWriter terminal;
    private final long since = System.nanoTime();

    /** Draws on this terminal. */
    public ProgressBar(PrintWriter terminal) {
        this.terminal = terminal;
    }

    @Override
    public void next(String what, int done, int total) {
        int filled = done * WIDTH / total;
        long seconds = (System.nanoTime() - since) / 1_000_000_000;
        String left = done == 0 ? "" : ", " + Math.max(1, seconds * (total - done) / done) + " s left";
        terminal.print(START_OF_LINE + "█".repeat(filled) + "░".repeat(WIDTH - filled) + " " + done + "/" + total + left
                + "  " + what);
        terminal.flush();
    }

    /** Clears the line. */
    @Override
    public void close() {
        terminal.print(START_OF_LINE);
        terminal.flush();
    }
}
