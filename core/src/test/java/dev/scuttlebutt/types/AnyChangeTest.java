package dev.scuttlebutt.types;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Heard;
import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Whatever a peer sends as a change, a type takes it or reports it. */
class AnyChangeTest {
    private static final String[] TEXTS = {"k", "", "__proto__", "constructor", "é😀", "10", "\ud800"};

    private static Json random(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> Json.NULL;
            case 1 -> Json.of(random.nextBoolean());
            case 2 -> Json.of(random.nextGaussian() * 1e6);
            case 3, 4, 5 -> Json.of(TEXTS[random.nextInt(TEXTS.length)]);
            case 6 -> {
                List<Json> items = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    items.add(random(random, depth - 1));
                }
                yield JsonArray.of(items);
            }
            default -> Json.object(TEXTS[random.nextInt(TEXTS.length)], random(random, depth - 1));
        };
    }

    private static void check(Supplier<Replica> type, long seed) {
        Random random = new Random(seed);
        Replica replica = type.get();
        Heard heard = Heard.from(replica);
        int invalid = 0;
        for (int i = 0; i < 5000; i++) {
            String source = "S" + random.nextInt(5);
            Update update = Update.of(random(random, 3), random.nextInt(i + 10), source);
            Clock before = replica.clock();
            Outcome outcome = replica.apply(update);
            boolean moves = outcome == Outcome.APPLIED || outcome == Outcome.IGNORED;
            assertThat(replica.clock().latest(source))
                    .as("%s %s", outcome, update)
                    .isEqualTo(moves ? update.timestamp() : before.latest(source));
            invalid += outcome == Outcome.INVALID ? 1 : 0;
        }
        assertThat(heard.all(ReplicaEvent.Invalid.class)).hasSize(invalid);
        Replica copy = type.get();
        replica.history().forEach(copy::apply);

        assertThat(copy.toJson()).as("the history is enough to rebuild it").isEqualTo(replica.toJson());
        assertThat(copy.history()).isEqualTo(replica.history());
    }

    @Test
    void model_takesOrReportsAnyChange() {
        check(Model::new, 1);
    }

    @Test
    void events_takeOrReportAnyChange() {
        check(Events::new, 2);
        check(() -> new Events(ReplicaOptions.defaults(), 10), 3);
    }

    @Test
    void value_takesAnyChange() {
        check(Value::new, 4);
        check(() -> new Value(ReplicaOptions.defaults(), 5), 5);
    }
}
