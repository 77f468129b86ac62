package dev.scuttlebutt.examples;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.types.Value;

/** One value that everybody can replace; the latest wins. Here it is a record. */
public final class Setting {
    private Setting() {}

    /** What is replicated. */
    public record Theme(String name, boolean dark) {}

    /** Runs the example. */
    public static void main(String[] arguments) {
        Value desk = new Value("desk");
        Value phone = new Value("phone");
        desk.set(new Theme("sand", false));
        phone.set(new Theme("sea", true)); // later, while the two are apart

        Pipe.connect(desk, phone);
        System.out.println("desk  " + desk.get(Theme.class));
        System.out.println("phone " + phone.get(Theme.class));
    }
}
