package dev.scuttlebutt.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of a Markdown document that a program writes: between two lines that mark it. Everything else is left as it is, so that
 * figures and what is said about them live in one document.
 */
public final class Section {
    /** The line before it. */
    public static final String BEGIN = "<!-- figures -->";
    /** The line behind it. */
    public static final String END = "<!-- end of figures -->";

    private final Path file;
    private final List<String> before;
    private final List<String> after;

    private Section(Path file, List<String> before, List<String> after) {
        this.file = file;
        this.before = before;
        this.after = after;
    }

    /**
     * Finds it in a file, or all of a file that is not there yet.
     *
     * @throws IOException if the file is there and has no such part, or cannot be read
     */
    public static Section in(Path file) throws IOException {
        if (Files.notExists(file)) {
            Section section = new Section(file, List.of(BEGIN, ""), List.of("", END));
            section.write("");
            return section;
        }
        List<String> lines = Files.readAllLines(file);
        int begin = lines.indexOf(BEGIN);
        int end = lines.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(file + " is there and would be lost; put the lines " + BEGIN + " and " + END
                    + " where the table is to go");
        }
        List<String> before = new ArrayList<>(lines.subList(0, begin + 1));
        before.add("");
        List<String> after = new ArrayList<>(List.of(""));
        after.addAll(lines.subList(end, lines.size()));
        return new Section(file, before, after);
    }

    /** Puts this there instead of what was there. */
    public void write(String text) throws IOException {
        List<String> lines = new ArrayList<>(before);
        lines.addAll(text.stripTrailing().lines().toList());
        lines.addAll(after);
        Files.write(file, lines);
    }
}
