package dev.scuttlebutt.testkit;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;

/** A number that everybody adds to: how little a type of one's own takes. */
public class Tally extends Replica {
    private long total;

    public Tally(ReplicaOptions options) {
        super(options);
    }

    public void add(int number) {
        localUpdate(Json.of(number));
    }

    @Override
    public Json toJson() {
        return Json.of(read(() -> total));
    }

    @Override
    protected boolean applyUpdate(Update update) {
        Integer number = update.change().as(Integer.class);
        if (number == null) {
            throw new IllegalArgumentException("a change of a tally is a whole number");
        }
        total += number;
        return true;
    }
}
