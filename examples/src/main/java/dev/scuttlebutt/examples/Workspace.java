package dev.scuttlebutt.examples;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.types.AppendOnly;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.types.Scuttlebucket;
import java.util.Map;

/** Several data types behind one link, one clock and one journal. */
public final class Workspace {
    private Workspace() {}

    /** Runs the example. */
    public static void main(String[] arguments) {
        Scuttlebucket desk = workspace("desk");
        Scuttlebucket phone = workspace("phone");
        desk.part("settings", Model.class).set("theme", "sand");
        phone.part("feed", AppendOnly.class).push(Map.of("text", "hello from the phone"));

        Pipe.connect(desk, phone); // one link for all parts
        System.out.println("phone " + phone.toJson());
        System.out.println("equal: " + desk.toJson().equals(phone.toJson()));
    }

    private static Scuttlebucket workspace(String id) {
        Scuttlebucket bucket = new Scuttlebucket(id);
        bucket.add("settings", Model::new);
        bucket.add("feed", AppendOnly::new);
        return bucket;
    }
}
