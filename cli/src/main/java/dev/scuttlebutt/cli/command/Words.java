package dev.scuttlebutt.cli.command;

import dev.scuttlebutt.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * One line of input, cut at its blanks. A word that starts with {@code "}, <code>{</code> or {@code [} is JSON and ends
 * where that ends; it may contain blanks. Any other word ends before the next blank.
 *
 * @see "cli, section 1"
 */
public final class Words {
    private final List<String> words;

    private Words(List<String> words) {
        this.words = words;
    }

    /**
     * Cuts a line. O(length).
     *
     * @throws CommandException if JSON has no end, or something follows it without a blank
     */
    public static Words of(String line) throws CommandException {
        List<String> words = new ArrayList<>();
        int at = skipBlanks(line, 0);
        while (at < line.length()) {
            int end = opensJson(line.charAt(at)) ? endOfJson(line, at) : endOfWord(line, at);
            words.add(line.substring(at, end));
            at = skipBlanks(line, end);
        }
        return new Words(words);
    }

    /** Tells whether the line is blank. */
    public boolean isEmpty() {
        return words.isEmpty();
    }

    /** Returns how many words there are. */
    public int size() {
        return words.size();
    }

    /** Returns a word as it stands in the line. */
    public String get(int index) {
        return words.get(index);
    }

    /** Returns the words behind the first. */
    public Words rest() {
        return new Words(words.subList(1, words.size()));
    }

    /** Returns the word that stands for a text: the text itself where that can be, otherwise JSON. */
    public static String quote(String text) {
        boolean plain = !text.isEmpty()
                && !startsLikeJson(text)
                && text.chars().noneMatch(unit -> unit <= ' ' || Character.isISOControl(unit));
        return plain ? text : Json.of(text).toString();
    }

    static boolean startsLikeJson(String word) {
        char first = word.charAt(0);
        return opensJson(first)
                || first == '-'
                || (first >= '0' && first <= '9')
                || word.equals("true")
                || word.equals("false")
                || word.equals("null");
    }

    private static boolean opensJson(char first) {
        return first == '"' || first == '{' || first == '[';
    }

    private static int endOfJson(String line, int from) throws CommandException {
        boolean quoted = false;
        int depth = 0;
        int at = from;
        do {
            if (at >= line.length()) {
                throw new CommandException("the JSON that starts at column " + (from + 1) + " has no end");
            }
            char unit = line.charAt(at);
            if (unit == '"') {
                quoted = !quoted;
            } else if (quoted && unit == '\\') {
                at++;
            } else if (!quoted && (unit == '{' || unit == '[')) {
                depth++;
            } else if (!quoted && (unit == '}' || unit == ']')) {
                depth--;
            }
            at++;
        } while (quoted || depth > 0);
        if (at < line.length() && !isBlank(line.charAt(at))) {
            throw new CommandException("expected a blank behind the JSON that ends at column " + at + ", found '"
                    + Character.toString(line.codePointAt(at)) + "'");
        }
        return at;
    }

    private static int endOfWord(String line, int from) {
        int at = from;
        while (at < line.length() && !isBlank(line.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int skipBlanks(String line, int from) {
        int at = from;
        while (at < line.length() && isBlank(line.charAt(at))) {
            at++;
        }
        return at;
    }

    /** A carriage return counts, for lines that end as those of Windows do. */
    private static boolean isBlank(char unit) {
        return unit == ' ' || unit == '\t' || unit == '\r';
    }
}
