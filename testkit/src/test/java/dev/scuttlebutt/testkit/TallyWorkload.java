package dev.scuttlebutt.testkit;

import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.json.Json;
import java.util.List;

/** Public, with a public constructor, so that {@link Replay} can make one by its name. */
public class TallyWorkload implements Workload<Tally> {
    @Override
    public Tally create(ReplicaOptions options) {
        return new Tally(options);
    }

    @Override
    public String step(Gen random, Tally tally) {
        int number = random.between(-100, 100);
        tally.add(number);
        return "add " + number;
    }

    @Override
    public List<Json> malformed() {
        return List.of(Json.NULL, Json.of(1.5), Json.of("7"), Json.array(1), Json.of(1e10));
    }
}
