package dev.scuttlebutt.hub;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.store.Schema;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The data types a hub knows, and which document is of which. */
public final class DocumentTypes {
    private static final Map<String, Function<ReplicaOptions, ? extends Replica>> MAKERS = makers();

    private DocumentTypes() {}

    private static Map<String, Function<ReplicaOptions, ? extends Replica>> makers() {
        Map<String, Function<ReplicaOptions, ? extends Replica>> makers = new LinkedHashMap<>();
        makers.put("model", Model::new);
        makers.put("events", Events::new);
        makers.put("value", Value::new);
        makers.put("append-only", AppendOnly::new);
        makers.put("expiry-model", ExpiryModel::new);
        makers.put("object", GossipObject::new);
        makers.put("doc", Doc::new);
        makers.put("bucket", DocumentTypes::bucket);
        makers.put("boat", DocumentTypes::boat);
        makers.put("array", RArray::new);
        makers.put("edit", REdit::new);
        makers.put("string", RString::new);
        return makers;
    }

    /** Its parts are known to its peers alone. The greatest size of a document bounds what waits for them here. */
    private static Scuttlebucket bucket(ReplicaOptions options) {
        return new Scuttlebucket(options, Integer.MAX_VALUE);
    }

    /** The types have the names that applications of the original give them. Documents of others are carried. */
    private static Scuttleboat boat(ReplicaOptions options) {
        return new Scuttleboat(options, Integer.MAX_VALUE)
                .register("Model", (inner, settings) -> new Model(inner))
                .register("Events", (inner, settings) -> new Events(inner))
                .register("Value", (inner, settings) -> new Value(inner))
                .register("AppendOnly", (inner, settings) -> new AppendOnly(inner))
                .register("ExpiryModel", (inner, settings) -> new ExpiryModel(inner))
                .register("GossipObject", (inner, settings) -> new GossipObject(inner))
                .register("Doc", (inner, settings) -> new Doc(inner))
                .register("RArray", (inner, settings) -> new RArray(inner))
                .register("REdit", (inner, settings) -> new REdit(inner))
                .register("RString", (inner, settings) -> new RString(inner));
    }

    /** Returns the names of all. */
    public static List<String> names() {
        return List.copyOf(MAKERS.keySet());
    }

    /** Returns the schema in which the first part of a name is the name of the type: {@code model/notes} is a model. */
    public static Schema schema() {
        return schema(Map.of());
    }

    /**
     * Returns a schema in which these rules go before the names of the types.
     *
     * @param rules pattern → name of a type, in the order in which they are tried. A pattern is a name, or with {@code *}
     *     at its end the beginning of names.
     * @throws IllegalArgumentException if there is no such type
     */
    public static Schema schema(Map<String, String> rules) {
        Schema.Builder schema = Schema.builder();
        rules.forEach((pattern, type) -> {
            Function<ReplicaOptions, ? extends Replica> maker = maker(type);
            if (pattern.endsWith("*")) {
                schema.prefix(pattern.substring(0, pattern.length() - 1), type, maker);
            } else {
                schema.pattern(Pattern.quote(pattern) + "$", type, maker);
            }
        });
        MAKERS.forEach((type, maker) -> schema.prefix(type + "/", type, maker));
        return schema.build();
    }

    private static Function<ReplicaOptions, ? extends Replica> maker(String type) {
        Function<ReplicaOptions, ? extends Replica> maker = MAKERS.get(type);
        if (maker == null) {
            throw new IllegalArgumentException(
                    "there is no type " + type + "; there are " + String.join(", ", names()));
        }
        return maker;
    }
}
