package dev.scuttlebutt.bench;

import java.io.PrintWriter;

/** A line for each process that is started, for whoever keeps what is printed. */
public final class ProgressLines implements Bench.Progress {
    private final PrintWriter out;
    private final long since = System.nanoTime();

    /** Prints there. */
    public ProgressLines(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void next(String what, int done, int total) {
        long seconds = (System.nanoTime() - since) / 1_000_000_000;
        out.println((done + 1) + "/" + total + " after " + seconds + " s: " + what);
    }
}
