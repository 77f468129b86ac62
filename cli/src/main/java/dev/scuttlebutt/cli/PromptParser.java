package dev.scuttlebutt.cli;

import java.util.ArrayList;
import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** Tells the line editor which word the cursor is in. A line is cut for good only when it is run. */
final class PromptParser implements Parser {

    /** A line up to the cursor; completion does not look behind it. */
    private record Line(String line, int cursor, List<String> words) implements CompletingParsedLine {
        @Override
        public String word() {
            return words.get(wordIndex());
        }

        @Override
        public int wordCursor() {
            return word().length();
        }

        @Override
        public int wordIndex() {
            return words.size() - 1;
        }

        /** Candidates come quoted where they need it. */
        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            return candidate;
        }

        @Override
        public int rawWordCursor() {
            return wordCursor();
        }

        @Override
        public int rawWordLength() {
            return wordCursor();
        }
    }

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        return new Line(line, cursor, cut(line.substring(0, cursor)));
    }

    /** The last word is the one the cursor is in; it may be empty. */
    private static List<String> cut(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit == ' ' && !quoted) {
                if (word.length() > 0) {
                    words.add(word.toString());
                }
                word.setLength(0);
            } else {
                boolean escaped = i > 0 && text.charAt(i - 1) == '\\';
                quoted ^= unit == '"' && (quoted ? !escaped : word.length() == 0);
                word.append(unit);
            }
        }
        words.add(word.toString());
        return words;
    }
}
