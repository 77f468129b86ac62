package dev.scuttlebutt.cli.command;

import dev.scuttlebutt.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commands that can be given at some place, together with what they act on. */
public interface Scope {

    /** One line of help. */
    record Help(String call, String meaning) {}

    /** Tells whether a command of this name is here. */
    boolean knows(String command);

    /**
     * Runs a command.
     *
     * @param words the command, which is known here, and its arguments
     * @return the result, null when there is none
     * @throws CommandException if it cannot be done; then nothing was changed
     */
    @Nullable
    Json run(Words words) throws CommandException;

    /** Returns the names of the commands. */
    List<String> names();

    /** Returns a line for each command. */
    List<Help> help();

    /**
     * Returns what can stand for an argument.
     *
     * @param before the words in front of it: the command, which is known here, and arguments
     */
    List<String> complete(Words before);

    /** Returns the commands of a table, acting on this target. */
    static <T> Scope of(List<Verb<T>> verbs, T target) {
        return new BoundVerbs<>(verbs, target);
    }

    /** Returns the commands of several scopes; of two with the same name the first counts. */
    static Scope of(Scope... scopes) {
        return new ScopeChain(List.of(scopes));
    }
}
