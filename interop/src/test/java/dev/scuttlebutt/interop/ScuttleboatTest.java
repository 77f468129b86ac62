package dev.scuttlebutt.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.types.Scuttleboat;
import dev.scuttlebutt.types.Value;
import dev.scuttlebutt.types.crdt.Doc;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Scuttleboat with the npm package scuttleboat, whoever listens. */
final class ScuttleboatTest {

    @ParameterizedTest
    @EnumSource(Meeting.class)
    void documents_areCreatedOverTheWire_bothDirections(Meeting meeting) throws Exception {
        Scuttleboat java = new Scuttleboat("java")
                .register("Model", (options, settings) -> new Model(options))
                .register("Value", (options, settings) -> new Value(options))
                .register("Doc", (options, settings) -> new Doc(options));
        try (NodePeer node = NodePeer.start("scuttlebutt", "boat", "node")) {
            java.add("java held", "Model", null, Model.class).set("k", "é€😀");
            node.call("add", "node held", "Value");
            node.callPart(List.of("node held"), "set", 7);
            try (AutoCloseable link = meeting.link(java, node)) {
                Meeting.awaitEqual(java, node);
                assertThat(java.document("node held", Value.class).get()).hasToString("7");
                java.add("java live", "Doc", null, Doc.class).add(Map.of("id", "row", "n", 1));
                node.call("add", "node live", "Model");
                node.callPart(List.of("node live"), "set", "deep", Map.of("list", List.of(1)));
                java.document("java held", Model.class).set("k", 2);
                Meeting.awaitEqual(java, node);

                assertThat(node.json()).isEqualTo(java.toJson());
                assertThat(java.documents()).containsOnlyKeys("java held", "node held", "java live", "node live");
            }
        }
    }
}
