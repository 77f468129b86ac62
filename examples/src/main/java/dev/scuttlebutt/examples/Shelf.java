package dev.scuttlebutt.examples;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.types.Scuttleboat;

/** Documents that are created over the wire: what one adds is there for all, if they know its type. */
public final class Shelf {
    private Shelf() {}

    /** Runs the example. */
    public static void main(String[] arguments) {
        Scuttleboat desk = shelf("desk");
        Scuttleboat phone = shelf("phone");
        phone.on(
                Scuttleboat.Created.class,
                created -> System.out.println("the phone has " + created.key() + ", a "
                        + created.document().getClass().getSimpleName()));
        phone.on(
                Scuttleboat.NotCreated.class,
                missing -> System.out.println("the phone cannot show " + missing.key() + ", but passes it on"));
        desk.register("Log", (options, settings) -> new Events(options)); // the phone has no such type

        Pipe.connect(desk, phone);
        desk.add("recipes", "Model", null, Model.class).set("bread", "flour, water, salt");
        desk.add("history", "Log", null);
        System.out.println("bread: " + phone.document("recipes", Model.class).get("bread"));
    }

    private static Scuttleboat shelf(String id) {
        return new Scuttleboat(id).register("Model", (options, settings) -> new Model(options));
    }
}
