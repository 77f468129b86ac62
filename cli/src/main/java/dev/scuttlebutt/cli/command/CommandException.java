package dev.scuttlebutt.cli.command;

/** A command was wrong or did not succeed. The message is the answer to the user: one line, nothing was changed. */
public final class CommandException extends Exception {
    private static final long serialVersionUID = 1;

    /** Describes what is wrong and, where it helps, what to do. */
    public CommandException(String message) {
        super(message);
    }
}
