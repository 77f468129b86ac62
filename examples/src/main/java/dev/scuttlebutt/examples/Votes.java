package dev.scuttlebutt.examples;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A data type of one's own: a poll in which every replica has one vote, which it may change. Little more than
 * {@code applyUpdate}; clocks, sessions, signatures and links come with {@link Replica}.
 */
public final class Votes extends Replica {
    private final Map<String, Update> votes = new HashMap<>();

    /** Creates a poll in which this id votes. */
    public Votes(String id) {
        super(id);
    }

    /** Votes, instead of any vote before. */
    public void vote(String choice) {
        localUpdate(Json.of(choice));
    }

    /** Returns how many votes each choice has. */
    public Map<String, Integer> count() {
        return read(() -> {
            Map<String, Integer> count = new TreeMap<>();
            votes.values().forEach(vote -> count.merge(vote.change().asString(), 1, Integer::sum));
            return count;
        });
    }

    @Override
    protected boolean applyUpdate(Update update) {
        // Throws for anything but a text, before anything is changed: such an update is reported and dropped.
        update.change().asString();
        // Updates of one source come in order, so the latest is the one that counts.
        Update before = votes.put(update.source(), update);
        if (before != null) {
            forget(before);
        }
        return true;
    }

    /** Runs the example. */
    public static void main(String[] arguments) {
        Votes ada = new Votes("ada");
        Votes grace = new Votes("grace");
        Votes alan = new Votes("alan");
        Pipe.connect(ada, grace);
        Pipe.connect(grace, alan);
        ada.vote("tea");
        grace.vote("coffee");
        alan.vote("coffee");
        ada.vote("coffee");
        System.out.println("alan counts " + alan.count());
    }
}
