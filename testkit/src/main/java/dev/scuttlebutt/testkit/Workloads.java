package dev.scuttlebutt.testkit;

import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.types.AppendOnly;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.types.Value;
import dev.scuttlebutt.types.crdt.Doc;
import java.util.List;

/** Workloads of the types that come with the library. */
public final class Workloads {
    private Workloads() {}

    /** Writes and deletes the keys of a model. */
    public static Workload<Model> model() {
        return new Models();
    }

    /** Emits events. */
    public static Workload<Events> events() {
        return new Emitters();
    }

    /** Writes a value of which the latest {@code length} writes are kept. */
    public static Workload<Value> value(int length) {
        return new Values(length);
    }

    /** Adds items to a feed and removes them. */
    public static Workload<AppendOnly> appendOnly() {
        return new Feeds();
    }

    /**
     * Adds, changes, moves and deletes rows of a document, in sequences, sets and by themselves. Now and then it compares
     * what those show with new ones.
     */
    public static Workload<Doc> doc() {
        return new DocWorkload();
    }

    static Json big(Gen random, Json usual) {
        if (random.oneIn(400)) {
            return random.nested(random.between(100, Json.MAX_DEPTH - 10));
        }
        return random.oneIn(200) ? Json.of("x".repeat(random.between(1, 20_000))) : usual;
    }

    private record Models() implements Workload<Model> {
        @Override
        public Model create(ReplicaOptions options) {
            return new Model(options);
        }

        @Override
        public String step(Gen random, Model model) {
            JsonArray change = random.modelChange().asArray();
            String key = change.get(0).asString();
            Json value = big(random, change.get(1));
            model.set(key, value);
            return "set " + Json.of(key) + " " + value;
        }

        @Override
        public List<Json> malformed() {
            return List.of(
                    Json.NULL,
                    Json.TRUE,
                    Json.of(5),
                    Json.of("hello"),
                    Json.array(),
                    Json.object(),
                    Json.object("0", "key", "1", 1),
                    Json.array(1, 2),
                    Json.array(null, 2),
                    Json.array(Json.array("key"), 2),
                    Json.array("__proto__", 1));
        }

        @Override
        public NaiveReplica naive() {
            return NaiveReplica.model();
        }
    }

    private record Emitters() implements Workload<Events> {
        @Override
        public Events create(ReplicaOptions options) {
            return new Events(options);
        }

        @Override
        public String step(Gen random, Events events) {
            List<Json> change = random.eventsChange().asArray().toList();
            String name = change.get(0).asString();
            Object[] arguments = change.subList(1, change.size()).toArray();
            if (arguments.length > 0) {
                arguments[0] = big(random, change.get(1));
            }
            events.emit(name, arguments);
            return "emit " + Json.of(name) + " " + Json.array(arguments);
        }

        @Override
        public List<Json> malformed() {
            return List.of(
                    Json.NULL,
                    Json.of(5),
                    Json.of("hello"),
                    Json.array(),
                    Json.object(),
                    Json.array(1, 2),
                    Json.array(Json.NULL),
                    Json.array("__proto__", 1));
        }

        @Override
        public NaiveReplica naive() {
            return NaiveReplica.events();
        }
    }

    private record Values(int length) implements Workload<Value> {
        @Override
        public Value create(ReplicaOptions options) {
            return new Value(options, length);
        }

        @Override
        public String step(Gen random, Value value) {
            Json next = big(random, random.valueChange());
            value.set(next);
            return "set " + next;
        }

        @Override
        public NaiveReplica naive() {
            return NaiveReplica.value(length);
        }
    }

    private record Feeds() implements Workload<AppendOnly> {
        @Override
        public AppendOnly create(ReplicaOptions options) {
            return new AppendOnly(options);
        }

        @Override
        public String step(Gen random, AppendOnly feed) {
            List<AppendOnly.Item> items = feed.arrivals();
            if (!items.isEmpty() && random.percent(45)) {
                return remove(feed, random.pick(items).id());
            }
            if (random.oneIn(20)) {
                // Of something that may come later, or never.
                return remove(feed, random.key() + ":" + (long) (ManualTime.START + random.between(-5, 40)));
            }
            Json value = big(random, random.valueChange());
            Json item = random.percent(70) ? Json.object("n", value) : Json.array(value);
            feed.push(item);
            return "push " + item;
        }

        private static String remove(AppendOnly feed, String id) {
            return feed.remove(id) ? "remove " + Json.of(id) : "";
        }

        @Override
        public List<Json> malformed() {
            return List.of(
                    Json.NULL,
                    Json.of(5),
                    Json.of("hello"),
                    Json.array(),
                    Json.array("push"),
                    Json.object(),
                    Json.object("push", 1),
                    Json.object("push", null),
                    Json.object("push", "text"),
                    Json.object("remove", 7),
                    Json.object("remove", null),
                    Json.object("remove", Json.array("a:1")));
        }

        @Override
        public NaiveReplica naive() {
            return NaiveReplica.appendOnly();
        }
    }
}
