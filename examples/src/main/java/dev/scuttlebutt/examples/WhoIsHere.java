package dev.scuttlebutt.examples;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.types.Presence;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Who is here now. Those who say good-bye leave at once; those whose link broke, after a time-out. */
public final class WhoIsHere {
    private WhoIsHere() {}

    /** Runs the example. */
    public static void main(String[] arguments) {
        AtomicLong millis = new AtomicLong(1_800_000_000_000L);
        ReplicaOptions options = ReplicaOptions.defaults().time(millis::get);
        Duration timeout = Duration.ofSeconds(6);
        Presence ada = new Presence(options.id("ada"), timeout);
        Presence grace = new Presence(options.id("grace"), timeout);
        Presence alan = new Presence(options.id("alan"), timeout);
        ada.replica().on(Presence.Joined.class, joined -> System.out.println(joined.id() + " is here"));
        ada.replica().on(Presence.Left.class, left -> System.out.println(left.id() + " has left"));
        Pipe toGrace = Pipe.connect(ada.replica(), grace.replica());
        Pipe.connect(ada.replica(), alan.replica());

        ada.here(Map.of("cursor", 0));
        grace.here(Map.of("cursor", 12));
        alan.here(Map.of("cursor", 40));

        alan.close(); // says good-bye
        toGrace.close(); // the cable is cut
        for (int second = 0; second < 8; second++) { // a program of yours calls tick from a timer
            millis.addAndGet(1000);
            ada.tick();
        }
        System.out.println("here: " + ada.present());
    }
}
