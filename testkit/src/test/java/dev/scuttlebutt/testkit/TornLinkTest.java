package dev.scuttlebutt.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.testkit.Operation.Break;
import dev.scuttlebutt.testkit.Operation.Ends;
import dev.scuttlebutt.testkit.Operation.LinkOptions;
import dev.scuttlebutt.testkit.Schedule.Shape;
import dev.scuttlebutt.types.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A stream may break behind any byte, and the simulation must know what the receiver makes of that. */
class TornLinkTest {

    @Test
    void everyPlaceOfALineToBreakBehind_isUnderstood() {
        int arrived = 0;
        int lost = 0;
        for (int millis = 0; millis < 100; millis++) {
            for (long seed = 1; seed <= 4; seed++) {
                Network<Value> network = new Network<>(
                        Workloads.value(1),
                        new Schedule(1, 2, 0, 1, List.of(0, 0), Shape.CHAIN, "scripted", List.of()),
                        Trace.none());
                Value reader = network.nodes().get(1).replica();
                Link link = network.link(0, 1, new LinkOptions(true, Ends.TWO_WAY, 1, 1, 0, 1, 1));
                network.runUntilQuiet();
                network.nodes().get(0).replica().set("torn");
                network.runFor(millis);
                link.cut(Break.TORN, Gen.seeded(seed));
                new Inspection<>(network).checkOne(network.nodes().get(1), reader.clock());
                if (reader.get() == null) {
                    lost++;
                } else {
                    arrived++;
                }
            }
        }
        assertThat(arrived).isPositive();
        assertThat(lost).isPositive();
    }
}
