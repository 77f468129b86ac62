package dev.scuttlebutt.examples;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.types.ExpiryModel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A map that forgets what is old, everywhere at the same age. Time is given, so that a day passes at once. */
public final class Visitors {
    private Visitors() {}

    /** Runs the example. */
    public static void main(String[] arguments) {
        AtomicLong millis = new AtomicLong(1_800_000_000_000L);
        ReplicaOptions options = ReplicaOptions.defaults().time(millis::get);
        ExpiryModel.Bounds bounds = ExpiryModel.Bounds.defaults().maxAge(Duration.ofHours(1));
        ExpiryModel door = new ExpiryModel(options.id("door"), bounds);
        ExpiryModel desk = new ExpiryModel(options.id("desk"), bounds);
        Pipe.connect(door, desk);

        door.set("badge 7", Map.of("name", "Ada"));
        millis.addAndGet(Duration.ofMinutes(40).toMillis());
        desk.set("badge 7", Map.of("floor", 3)); // merged with what is there
        door.set("badge 8", Map.of("name", "Alan"));
        System.out.println("desk sees " + desk.toJson());

        millis.addAndGet(Duration.ofMinutes(30).toMillis());
        System.out.println("half an hour later: " + desk.toJson());
        millis.addAndGet(Duration.ofHours(1).toMillis());
        System.out.println("and at the end: " + door.toJson());
    }
}
