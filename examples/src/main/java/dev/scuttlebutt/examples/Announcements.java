package dev.scuttlebutt.examples;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.types.Events;

/** Events that everybody hears once, those too who come later. */
public final class Announcements {
    private Announcements() {}

    /** Runs the example. */
    public static void main(String[] arguments) {
        Events harbour = new Events("harbour");
        harbour.emit("arrived", "Dorothea", 3);

        Events lighthouse = new Events("lighthouse");
        lighthouse.on("arrived", call -> System.out.println("the lighthouse hears: arrived " + call));
        Pipe.connect(harbour, lighthouse);

        harbour.on("fog", call -> System.out.println("the harbour hears: fog " + call));
        lighthouse.emit("fog", "from the north");
        harbour.emit("arrived", "Annegret", 4);
    }
}
