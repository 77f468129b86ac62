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
import dev.scuttlebutt.types.crdt.Doc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
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

    private static String text(Random random) {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    private static void check(Supplier<Replica> type, long seed) {
        check(type, random -> random(random, 3), seed);
    }

    /** Of two changes one has the form that the type expects, down to some depth. */
    private static void check(Supplier<Replica> type, Function<Random, Json> likely, long seed) {
        Random random = new Random(seed);
        Replica replica = type.get();
        Heard heard = Heard.from(replica);
        int invalid = 0;
        for (int i = 0; i < 5000; i++) {
            String source = "S" + random.nextInt(5);
            Json change = random.nextBoolean() ? random(random, 3) : likely.apply(random);
            Update update = Update.of(change, random.nextInt(i + 10), source);
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

    @Test
    void appendOnly_takesOrReportsAnyChange() {
        check(AppendOnly::new, AnyChangeTest::ofAFeed, 6);
    }

    private static Json ofAFeed(Random random) {
        return random.nextInt(3) > 0
                ? Json.object("push", random(random, 2))
                : Json.object("remove", "S" + random.nextInt(5) + ":" + random.nextInt(5000));
    }

    @Test
    void expiryModel_takesOrReportsAnyChange() {
        check(
                () -> new ExpiryModel(ReplicaOptions.defaults().time(() -> 5000)),
                random -> Json.array(text(random), random(random, 2)),
                7);
        check(
                () -> new ExpiryModel(
                        ReplicaOptions.defaults().time(() -> 5000),
                        ExpiryModel.Bounds.defaults().maxAge(Duration.ofMillis(2000))),
                random -> Json.array(text(random), random(random, 2)),
                8);
    }

    @Test
    void gossipObject_takesOrReportsAnyChange() {
        check(GossipObject::new, AnyChangeTest::ofAnObject, 9);
    }

    private static Json ofAnObject(Random random) {
        List<Json> changes = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            List<String> path = new ArrayList<>();
            for (int length = random.nextInt(4); length > 0; length--) {
                path.add(text(random));
            }
            changes.add(
                    random.nextBoolean()
                            ? Json.array(Json.of(path))
                            : Json.array(Json.of(path), random(random, random.nextInt(2))));
        }
        return JsonArray.of(changes);
    }

    @Test
    void bucket_takesOrReportsAnyChange() {
        check(
                () -> {
                    Scuttlebucket bucket = new Scuttlebucket();
                    bucket.add("feed", AppendOnly::new);
                    bucket.add("object", GossipObject::new);
                    bucket.add("doc", Doc::new);
                    bucket.add("sub", Scuttlebucket::new).add("k", Model::new);
                    return bucket;
                },
                AnyChangeTest::ofABucket,
                10);
    }

    private static Json ofABucket(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> Json.array("feed", ofAFeed(random));
            case 1 -> Json.array("object", ofAnObject(random));
            case 2 -> Json.array("doc", Json.array(text(random), Json.object(text(random), random(random, 1))));
            case 3 -> Json.array("sub", Json.array(text(random), Json.array(text(random), random(random, 1))));
            default -> Json.array(text(random), random(random, 2));
        };
    }

    @Test
    void boat_takesOrReportsAnyChange() {
        check(
                () -> new Scuttleboat()
                        .register("Model", (options, settings) -> new Model(options))
                        .register("constructor", (options, settings) -> new AppendOnly(options)),
                AnyChangeTest::ofABoat,
                11);
    }

    private static Json ofABoat(Random random) {
        String[] types = {"Model", "constructor", "toString", "__proto__"};
        return switch (random.nextInt(4)) {
            case 0 ->
                Json.array(
                        "__manifest__",
                        Json.array(
                                text(random),
                                Json.object("key", text(random), "type", types[random.nextInt(types.length)])));
            case 1 -> Json.array("__manifest__", Json.array(text(random), null));
            case 2 -> Json.array(text(random), ofAFeed(random));
            default -> Json.array(text(random), Json.array(text(random), random(random, 1)));
        };
    }
}
