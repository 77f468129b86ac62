package dev.scuttlebutt.examples;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.types.RString;
import dev.scuttlebutt.types.Selection;
import dev.scuttlebutt.types.TextChanged;
import dev.scuttlebutt.types.TextEdit;
import dev.scuttlebutt.types.UndoStack;

/**
 * Two people write one text. Each sees it in a window of their own, which follows by the events alone, with a caret that
 * stays with its text; and each undoes what they did themselves.
 */
public final class SharedText {
    private final RString text;
    private final UndoStack undo;
    private final StringBuilder window = new StringBuilder();
    private Selection caret = Selection.caret(0);

    private SharedText(String name) {
        text = new RString(name);
        undo = text.undoStack();
        text.on(TextChanged.class, this::follow);
    }

    private void follow(TextChanged changed) {
        for (TextEdit edit : changed.edits()) {
            window.replace(edit.at(), edit.at() + edit.removed().length(), edit.inserted());
        }
        caret = changed.selection(caret);
    }

    private void type(String typed) {
        int at = caret.end();
        text.insert(at, typed);
        caret = Selection.caret(at + typed.length());
    }

    private void show() {
        System.out.println(text.id() + " sees " + new StringBuilder(window).insert(caret.end(), '|'));
    }

    /** Runs the example. */
    public static void main(String[] arguments) {
        SharedText ada = new SharedText("ada");
        SharedText grace = new SharedText("grace");
        Pipe link = Pipe.connect(ada.text, grace.text);
        ada.type("Dear Bela, see you on Sunday.");
        grace.caret = Selection.caret("Dear Bela".length());
        grace.type(" and Cleo");
        ada.show();
        grace.show();

        // Apart, both go on.
        link.close();
        ada.type(" Bring plates!");
        ada.undo.separate();
        ada.text.delete(0, 5);
        grace.type(" and all the others");
        Pipe.connect(ada.text, grace.text);
        ada.show();
        grace.show();

        // What grace wrote in between stays.
        ada.undo.undo();
        ada.show();
        grace.show();
    }
}
