package dev.scuttlebutt.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.types.ExpiryModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** ExpiryModel with the npm package expiry-model, whoever listens, in what both resolve alike. */
final class ExpiryModelTest {

    @ParameterizedTest
    @EnumSource(Meeting.class)
    void objects_areMergedAlike_andDeletionsArrive(Meeting meeting) throws Exception {
        ExpiryModel java = new ExpiryModel("java");
        try (NodePeer node = NodePeer.start("scuttlebutt", "expiry-model", "node")) {
            java.set("both", Map.of("fromJava", 1, "text", "é€😀"));
            node.set("both", Map.of("fromNode", 2));
            node.set("node's", List.of(1, "two"));
            try (AutoCloseable link = meeting.link(java, node)) {
                awaitEqual(java, node);
                assertThat(java.get("both").asObject().keys())
                        .containsExactlyInAnyOrder("fromJava", "text", "fromNode");

                java.delete("node's");
                node.set("both", "whole");
                awaitEqual(java, node);
                java.set("both", Map.of("object", "again"));
                node.set("gone", 1);
                awaitEqual(java, node);
                node.call("set", "gone", null);
                awaitEqual(java, node);
                assertThat(java.keys()).containsExactlyInAnyOrder("both");
            }
        }
    }

    /**
     * One writes after the other, so that the original, which goes by arrival, sees them in the order of their stamps. It
     * stamps with whole milliseconds and forgets deletions (EM-4): what it writes in the millisecond of a deletion here
     * would be older than that, and stay there alone. So each turn begins in a millisecond of its own.
     */
    @ParameterizedTest
    @EnumSource(Meeting.class)
    void hundredsOfWrites_inTurns_endEqual(Meeting meeting) throws Exception {
        SplittableRandom dice = new SplittableRandom(7);
        ExpiryModel java = new ExpiryModel("java");
        try (NodePeer node = NodePeer.start("scuttlebutt", "expiry-model", "node");
                AutoCloseable link = meeting.link(java, node)) {
            for (int round = 0; round < 20; round++) {
                long turn = System.currentTimeMillis() + 1;
                Meeting.patiently().until(() -> System.currentTimeMillis() > turn);
                List<Object[]> writes = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    writes.add(new Object[] {"key" + dice.nextInt(12), value(dice)});
                }
                for (Object[] write : writes) {
                    if (round % 2 == 0) {
                        java.set((String) write[0], write[1]);
                    } else {
                        node.call("set", write);
                    }
                }
                awaitEqual(java, node);
            }
        }
    }

    private static Object value(SplittableRandom dice) {
        return switch (dice.nextInt(5)) {
            case 0 -> dice.nextInt(100);
            case 1 -> null;
            default -> Map.of("field" + dice.nextInt(4), dice.nextInt(100));
        };
    }

    /** A merged record of the original stands for several updates, so it is the states that are compared. */
    private static void awaitEqual(ExpiryModel java, NodePeer node) {
        Meeting.patiently().untilAsserted(() -> assertThat(node.json()).isEqualTo(java.toJson()));
    }
}
