package dev.scuttlebutt.examples;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.types.REdit;

/** A text of lines: setting it sends the lines that differ, so that two who save different lines both keep theirs. */
public final class Manuscript {
    private Manuscript() {}

    /** Runs the example. */
    public static void main(String[] arguments) {
        REdit author = new REdit("author");
        REdit editor = new REdit("editor");
        Pipe link = Pipe.connect(author, editor);
        author.text("Bread\n500 g flour\n1 spoon of salt\nBake it.");
        link.close();

        author.text("Bread\n500 g flour\n300 ml water\n1 spoon of salt\nBake it."); // one update: one line more
        editor.text(editor.text().replace("Bake it.", "Bake it for an hour."));
        Pipe.connect(author, editor);

        System.out.println(author.text());
        System.out.println("equal: " + author.text().equals(editor.text()));
    }
}
