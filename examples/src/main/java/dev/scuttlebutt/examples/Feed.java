package dev.scuttlebutt.examples;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.types.AppendOnly;

/** A feed: items are added and removed, never changed, and are in the same order everywhere. */
public final class Feed {
    private Feed() {}

    /** An item. */
    public record Note(String by, String text) {}

    /** Runs the example. */
    public static void main(String[] arguments) {
        AppendOnly ada = new AppendOnly("ada");
        AppendOnly grace = new AppendOnly("grace");
        grace.on(
                AppendOnly.Removed.class,
                removed -> System.out.println(
                        "grace no longer sees " + removed.item().value()));

        String typo = ada.push(new Note("ada", "the kettel is on"));
        Pipe link = Pipe.connect(ada, grace);
        grace.push(new Note("grace", "coming"));
        link.close();

        ada.remove(typo); // grace is away and learns of it when she is back
        ada.push(new Note("ada", "the kettle is on"));
        Pipe.connect(ada, grace);

        grace.items(Note.class).forEach(note -> System.out.println(note.by() + ": " + note.text()));
        System.out.println("equal: " + ada.toJson().equals(grace.toJson()));
    }
}
