package dev.scuttlebutt.cli;

import dev.scuttlebutt.cli.command.CommandException;
import dev.scuttlebutt.cli.command.Scope;
import dev.scuttlebutt.cli.command.Words;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jspecify.annotations.Nullable;

/** Offers commands, and what a command says can stand for its arguments. */
final class PromptCompleter implements Completer {
    /** So many are of no help any more. */
    private static final int MAX_CANDIDATES = 200;

    private volatile @Nullable Scope scope;

    /** Sets what is completed. */
    void complete(Scope scope) {
        this.scope = scope;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        Scope known = scope;
        if (known == null) {
            return;
        }
        if (line.wordIndex() == 0) {
            known.names().forEach(name -> candidates.add(new Candidate(name)));
            candidates.add(new Candidate("help"));
            return;
        }
        try {
            Words before = Words.of(String.join(" ", line.words().subList(0, line.wordIndex())));
            known.complete(before).stream()
                    .map(Words::quote)
                    .map(Style::harmless)
                    .filter(word -> word.startsWith(line.word()))
                    .limit(MAX_CANDIDATES)
                    .forEach(word -> candidates.add(new Candidate(word)));
        } catch (CommandException notYetALine) {
            // Half of a JSON argument: nothing to offer.
        }
    }
}
