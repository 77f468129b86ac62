package dev.scuttlebutt.cli;

import org.jspecify.annotations.Nullable;

/** What is to be done when the process is told to end: by a signal, or because nobody reads its output any more. */
final class Ending {
    private @Nullable Runnable finish;
    private boolean inOrder;
    private volatile boolean exiting;

    /** Sets what ends the running command in order, within bounded time, from any thread; null when nothing is to be done. */
    synchronized void finishWith(@Nullable Runnable finish) {
        this.finish = finish;
        inOrder |= finish != null;
    }

    /** Ends the process because its command is done. */
    void exit(int status) {
        exiting = true;
        System.exit(status);
    }

    /** Ends the process with status 0, in order, whatever its command is doing. Returns at once. */
    void endProcess() {
        new Thread(
                        () -> {
                            finish();
                            exit(0);
                        },
                        "scuttlebutt-exit")
                .start();
    }

    /** Makes SIGTERM, SIGINT and SIGHUP end the process in order. */
    void catchSignals() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::finishOnSignal, "scuttlebutt-end"));
    }

    private void finishOnSignal() {
        if (!exiting && finish()) {
            // An end in order, not one by force: the status is that of the command "quit".
            Runtime.getRuntime().halt(0);
        }
    }

    /** Tells whether the command is one that can be ended in order. */
    private boolean finish() {
        Runnable last;
        boolean can;
        synchronized (this) {
            last = finish;
            can = inOrder;
        }
        if (last != null) {
            last.run();
        }
        return can;
    }
}
