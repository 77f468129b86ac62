package dev.scuttlebutt.testkit;

import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonString;
import dev.scuttlebutt.types.AppendOnly;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.ExpiryModel;
import dev.scuttlebutt.types.GossipObject;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.types.RArray;
import dev.scuttlebutt.types.REdit;
import dev.scuttlebutt.types.RString;
import dev.scuttlebutt.types.Scuttleboat;
import dev.scuttlebutt.types.Scuttlebucket;
import dev.scuttlebutt.types.Value;
import dev.scuttlebutt.types.crdt.Doc;
import java.time.Duration;
import java.util.ArrayList;
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

    /** Inserts, changes and deletes items of an array. Half of the replicas make keys as JavaScript does. */
    public static Workload<RArray> array() {
        return new SequenceWorkloads.Arrays();
    }

    /** Types into a text and deletes from it. Half of the replicas make keys as JavaScript does. */
    public static Workload<RString> string() {
        return new SequenceWorkloads.Strings();
    }

    /** Changes a text of lines. Half of the replicas make keys as JavaScript does. */
    public static Workload<REdit> edit() {
        return new SequenceWorkloads.Edits();
    }

    /** Writes and deletes the keys of a model that forgets, with an age that no run reaches. */
    public static Workload<ExpiryModel> expiryModel() {
        return new ExpiryModels();
    }

    /** Writes and deletes paths of a nested object. */
    public static Workload<GossipObject> gossipObject() {
        return new Objects();
    }

    /** Changes the parts of a bucket, a nested one among them. */
    public static Workload<Scuttlebucket> scuttlebucket() {
        return new Buckets();
    }

    /** Adds documents to a boat and changes them. A key has the same type wherever it is added. */
    public static Workload<Scuttleboat> scuttleboat() {
        return new Boats();
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

    private record ExpiryModels() implements Workload<ExpiryModel> {
        private static final Duration LONG = Duration.ofDays(100 * 365);

        @Override
        public ExpiryModel create(ReplicaOptions options) {
            return new ExpiryModel(options, new ExpiryModel.Bounds(LONG, 0, LONG));
        }

        @Override
        public String step(Gen random, ExpiryModel model) {
            String key = random.modelChange().asArray().get(0).asString();
            Json value = value(random);
            model.set(key, value);
            return "set " + Json.of(key) + " " + value;
        }

        private static Json value(Gen random) {
            if (random.percent(30)) {
                return random.oneIn(3) ? Json.NULL : big(random, random.valueChange());
            }
            JsonObject.Builder object = JsonObject.builder();
            for (int i = random.below(4); i > 0; i--) {
                object.put("field" + random.below(5), big(random, random.valueChange()));
            }
            return object.build();
        }

        @Override
        public List<Json> malformed() {
            return List.of(
                    Json.NULL,
                    Json.TRUE,
                    Json.of("hello"),
                    Json.array(),
                    Json.object(),
                    Json.array(1, 2),
                    Json.array(null, 2),
                    Json.array(Json.object(), 2),
                    Json.array("__proto__", 1));
        }

        @Override
        public NaiveReplica naive() {
            return NaiveReplica.expiryModel();
        }
    }

    private record Objects() implements Workload<GossipObject> {
        @Override
        public GossipObject create(ReplicaOptions options) {
            return new GossipObject(options);
        }

        @Override
        public String step(Gen random, GossipObject object) {
            GossipObject.Transaction transaction = object.transact();
            StringBuilder did = new StringBuilder();
            // Each change of a transaction has its own first key, so that none contradicts another.
            for (int i = random.oneIn(4) ? random.between(2, 3) : 1; i > 0; i--) {
                List<String> path = new ArrayList<>(List.of("root" + (3 * random.below(2) + i)));
                for (int length = random.lowBetween(0, 4); length > 0; length--) {
                    path.add(random.oneIn(20) ? "constructor" : "k" + random.below(3));
                }
                if (random.percent(25)) {
                    transaction.delete(path);
                    did.append(" delete ").append(path);
                } else {
                    Json value = scalar(random);
                    transaction.set(path, value);
                    did.append(" set ").append(path).append(' ').append(value);
                }
            }
            transaction.execute();
            return did.toString();
        }

        private static Json scalar(Gen random) {
            Json value = random.valueChange();
            return value.depth() == 0 ? value : Json.of(value.toString());
        }

        @Override
        public List<Json> malformed() {
            return List.of(
                    Json.NULL,
                    Json.array(),
                    Json.object(),
                    Json.array(1),
                    Json.array(Json.array()),
                    Json.array(Json.array(Json.array())),
                    Json.array(Json.array(Json.array(""), 1)),
                    Json.array(Json.array(Json.array("__proto__"), 1)),
                    Json.array(Json.array(Json.array("a"), Json.object())),
                    Json.array(Json.array(Json.array("a"), "ref", 1)));
        }

        @Override
        public NaiveReplica naive() {
            return NaivePaths.replica();
        }
    }

    private record Buckets() implements Workload<Scuttlebucket> {
        @Override
        public Scuttlebucket create(ReplicaOptions options) {
            Scuttlebucket bucket = new Scuttlebucket(options);
            bucket.add("model", model()::create);
            bucket.add("value", value(2)::create);
            bucket.add("feed", appendOnly()::create);
            bucket.add("expiry", expiryModel()::create);
            bucket.add("array", array()::create);
            Scuttlebucket nested = bucket.add("nested", Scuttlebucket::new);
            nested.add("object", gossipObject()::create);
            nested.add("events", events()::create);
            nested.add("string", string()::create);
            return bucket;
        }

        @Override
        public String step(Gen random, Scuttlebucket bucket) {
            Scuttlebucket nested = bucket.part("nested", Scuttlebucket.class);
            return switch (random.below(8)) {
                case 0 -> model().step(random, bucket.part("model", Model.class));
                case 1 -> value(2).step(random, bucket.part("value", Value.class));
                case 2 -> appendOnly().step(random, bucket.part("feed", AppendOnly.class));
                case 3 -> expiryModel().step(random, bucket.part("expiry", ExpiryModel.class));
                case 4 -> gossipObject().step(random, nested.part("object", GossipObject.class));
                case 5 -> array().step(random, bucket.part("array", RArray.class));
                case 6 -> string().step(random, nested.part("string", RString.class));
                default -> events().step(random, nested.part("events", Events.class));
            };
        }

        @Override
        public List<Json> malformed() {
            return List.of(
                    Json.NULL,
                    Json.array(),
                    Json.array("model"),
                    Json.array("model", Json.array("k", 1), 2),
                    Json.array(1, Json.array("k", 1)),
                    Json.array("model", 5),
                    Json.array("nested", 5),
                    Json.array("nested", Json.array("object", Json.array())),
                    Json.array("__proto__", 1));
        }
    }

    private record Boats() implements Workload<Scuttleboat> {
        private static final List<String> TYPES = List.of("Model", "Value", "List");

        @Override
        public Scuttleboat create(ReplicaOptions options) {
            return new Scuttleboat(options)
                    .register("Model", (inner, settings) -> model().create(inner))
                    .register("Value", (inner, settings) -> value(2).create(inner))
                    .register("List", (inner, settings) -> appendOnly().create(inner));
        }

        @Override
        public String step(Gen random, Scuttleboat boat) {
            String key = "key" + random.below(9);
            String type = type(key);
            if (!boat.documents().containsKey(key)) {
                boat.add(key, type, null);
                return "add " + key;
            }
            return switch (type) {
                case "Model" -> model().step(random, boat.document(key, Model.class));
                case "Value" -> value(2).step(random, boat.document(key, Value.class));
                default -> appendOnly().step(random, boat.document(key, AppendOnly.class));
            };
        }

        private static String type(String key) {
            return TYPES.get((key.length() < 4 ? key.length() : key.charAt(3)) % TYPES.size());
        }

        /** A key that is given several types has one of them everywhere, but what fits both may differ. */
        @Override
        public boolean converges(Json change) {
            return !(change instanceof JsonArray parts
                            && parts.size() == 2
                            && parts.get(0).equals(Json.of("__manifest__"))
                            && parts.get(1) instanceof JsonArray row
                            && row.size() == 2
                            && row.get(1) instanceof JsonObject fields
                            && fields.get("key") instanceof JsonString key
                            && fields.get("type") instanceof JsonString type)
                    || type.value().equals(type(key.value()));
        }

        @Override
        public List<Json> malformed() {
            return List.of(
                    Json.NULL,
                    Json.array(),
                    Json.array("key"),
                    Json.array("key", 1, 2),
                    Json.array("__proto__", 1),
                    Json.array("__manifest__", 1),
                    Json.array("__manifest__", Json.array(7, Json.object())));
        }
    }
}
