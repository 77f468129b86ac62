package dev.scuttlebutt.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.types.GossipObject;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** GossipObject with the npm package gossip-object, whoever listens, in what both resolve alike. */
final class GossipObjectTest {

    @ParameterizedTest
    @EnumSource(Meeting.class)
    void heldAndLive_bothDirections(Meeting meeting) throws Exception {
        GossipObject java = new GossipObject("java");
        try (NodePeer node = NodePeer.start("scuttlebutt", "object", "node")) {
            java.set(List.of("java", "text"), "é€😀");
            java.transact()
                    .set(List.of("both", "j"), 1)
                    .set(List.of("flag"), true)
                    .execute();
            node.call("set", List.of("both", "n"), 2);
            node.call("set", "null", null);
            try (AutoCloseable link = meeting.link(java, node)) {
                awaitEqual(java, node);
                assertThat(java.toJson().keys()).containsExactlyInAnyOrder("java", "both", "flag", "null");
                assertThat(java.get("both"))
                        .hasToString(node.json().asObject().get("both").toString());

                java.delete("both");
                node.call("set", List.of("java", "text", "below"), 3);
                awaitEqual(java, node);
                node.call("delete", "java");
                java.set(List.of("both", "again"), 4);
                awaitEqual(java, node);
                assertThat(java.get("java")).isNull();
            }
        }
    }

    /** One writes after the other, so that the original, which goes by arrival, sees them in the order of their stamps. */
    @ParameterizedTest
    @EnumSource(Meeting.class)
    void hundredsOfWrites_inTurns_endEqual(Meeting meeting) throws Exception {
        SplittableRandom dice = new SplittableRandom(7);
        GossipObject java = new GossipObject("java");
        try (NodePeer node = NodePeer.start("scuttlebutt", "object", "node");
                AutoCloseable link = meeting.link(java, node)) {
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < 20; i++) {
                    List<String> path = path(dice);
                    boolean deletes = dice.nextInt(4) == 0;
                    if (round % 2 == 1) {
                        node.call(deletes ? "delete" : "set", deletes ? new Object[] {path} : new Object[] {path, i});
                    } else if (deletes) {
                        java.delete(path);
                    } else {
                        java.set(path, i);
                    }
                }
                awaitEqual(java, node);
            }
        }
    }

    private static List<String> path(SplittableRandom dice) {
        List<String> path = new ArrayList<>();
        for (int length = 1 + dice.nextInt(4); length > 0; length--) {
            path.add("k" + dice.nextInt(3));
        }
        return path;
    }

    private static void awaitEqual(GossipObject java, NodePeer node) {
        Meeting.patiently().untilAsserted(() -> assertThat(node.json()).isEqualTo(java.toJson()));
    }
}
