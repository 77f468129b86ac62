package dev.scuttlebutt.examples;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.types.Model;

/** Two replicas of one map, changed apart, joined, changed together. */
public final class HelloReplication {
    private HelloReplication() {}

    /** Runs the example. */
    public static void main(String[] arguments) {
        Model kitchen = new Model("kitchen");
        Model cellar = new Model("cellar");
        kitchen.set("bread", 2);
        cellar.set("wine", "red");

        try (Pipe link = Pipe.connect(kitchen, cellar)) {
            kitchen.onChange("wine", value -> System.out.println("kitchen hears of the wine: " + value));
            cellar.set("wine", "white");
        }
        // The link is cut; both go on, and meet again.
        kitchen.delete("bread");
        cellar.set("cheese", 1);
        Pipe.connect(kitchen, cellar);

        System.out.println("kitchen " + kitchen.toJson());
        System.out.println("cellar  " + cellar.toJson());
    }
}
