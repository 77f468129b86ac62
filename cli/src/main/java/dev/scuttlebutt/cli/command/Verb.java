package dev.scuttlebutt.cli.command;

import dev.scuttlebutt.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One command.
 *
 * @param name the word that calls it
 * @param usage its arguments, see {@link Usage}
 * @param help what it does, in a few words
 * @param <T> what it acts on
 */
public record Verb<T>(
        String name, String usage, String help, Action<? super T> action, Completion<? super T> completion) {

    /** What a command does. */
    @FunctionalInterface
    public interface Action<T> {
        /**
         * Runs the command.
         *
         * @return the result, null when there is none
         * @throws CommandException if it cannot be done; then nothing was changed
         * @throws IllegalArgumentException if the target refuses; then nothing was changed
         */
        @Nullable
        Json run(T target, Arguments arguments) throws CommandException;
    }

    /** What can stand for an argument. */
    @FunctionalInterface
    public interface Completion<T> {
        /** Returns the words that are offered at a position, from 0. */
        List<String> words(T target, int index);
    }

    /** Makes a command whose arguments are not completed. */
    public static <T> Verb<T> of(String name, String usage, String help, Action<? super T> action) {
        return new Verb<>(name, usage, help, action, (target, index) -> List.of());
    }

    /** Adds what completes its arguments. */
    public Verb<T> completing(Completion<? super T> completion) {
        return new Verb<>(name, usage, help, action, completion);
    }

    @Nullable
    Json run(T target, Words words) throws CommandException {
        Usage parsed = Usage.of(usage);
        parsed.check(name, words.size());
        return action.run(target, new Arguments(parsed, words));
    }
}
