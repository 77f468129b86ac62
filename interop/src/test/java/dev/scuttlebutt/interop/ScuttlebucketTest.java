package dev.scuttlebutt.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.types.GossipObject;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.types.Scuttlebucket;
import dev.scuttlebutt.types.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Scuttlebucket with the npm package scuttlebucket, whoever listens. */
final class ScuttlebucketTest {
    private static final List<String> MODEL = List.of("model");
    private static final List<String> VALUE = List.of("value");
    private static final List<String> SUB_MODEL = List.of("sub", "model");
    private static final List<String> SUB_OBJECT = List.of("sub", "object");

    @ParameterizedTest
    @EnumSource(Meeting.class)
    void partsOfSeveralTypes_nestedOnesToo_heldAndLive_bothDirections(Meeting meeting) throws Exception {
        Scuttlebucket java = new Scuttlebucket("java");
        Model model = java.add("model", Model::new);
        Value value = java.add("value", Value::new);
        Scuttlebucket sub = java.add("sub", Scuttlebucket::new);
        Model subModel = sub.add("model", Model::new);
        GossipObject object = sub.add("object", GossipObject::new);
        try (NodePeer node = NodePeer.start("scuttlebutt", "bucket", "node")) {
            model.set("java", "é€😀");
            subModel.set("java", 1);
            node.callPart(MODEL, "set", "node", Map.of("deep", List.of(1)));
            node.callPart(SUB_OBJECT, "set", List.of("a", "b"), 1);
            try (AutoCloseable link = meeting.link(java, node)) {
                Meeting.awaitEqual(java, node);
                assertThat(node.json()).isEqualTo(java.toJson());
                for (int i = 0; i < 20; i++) {
                    value.set(i);
                    node.callPart(SUB_MODEL, "set", "key" + i % 3, i);
                    object.set(List.of("a", "c" + i), i);
                    node.callPart(VALUE, "set", "node's " + i);
                    model.set("key" + i % 3, i);
                }
                Meeting.awaitEqual(java, node);
                assertThat(node.json()).isEqualTo(java.toJson());
                assertThat(object.get("a").asObject().size()).isEqualTo(21);
            }
            model.delete("java");
            node.callPart(MODEL, "set", "node", null);
            try (AutoCloseable link = meeting.link(java, node)) {
                Meeting.awaitEqual(java, node);
                assertThat(model.toJson().keys()).containsExactlyInAnyOrder("key0", "key1", "key2");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Meeting.class)
    void partAddedLate_getsWhatTheOriginalSentBefore(Meeting meeting) throws Exception {
        Scuttlebucket java = new Scuttlebucket("java");
        try (NodePeer node = NodePeer.start("scuttlebutt", "bucket", "node")) {
            node.callPart(SUB_MODEL, "set", "k", 1);
            try (AutoCloseable link = meeting.link(java, node)) {
                Meeting.awaitEqual(java, node);
                Model late = java.add("sub", Scuttlebucket::new).add("model", Model::new);
                assertThat(late.get("k")).hasToString("1");
            }
        }
    }
}
