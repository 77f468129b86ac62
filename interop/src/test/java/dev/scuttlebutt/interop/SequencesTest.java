package dev.scuttlebutt.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.netty.LinkOptions;
import dev.scuttlebutt.netty.TcpClient;
import dev.scuttlebutt.types.RArray;
import dev.scuttlebutt.types.REdit;
import dev.scuttlebutt.types.RString;
import dev.scuttlebutt.types.position.PositionKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Arrays and texts here and in the npm packages {@code r-array} and {@code r-edit}, live. They bring the older
 * scuttlebutt, which loses what it writes between connecting and the other side's handshake; so it writes when both have
 * said hello.
 */
final class SequencesTest {
    private static final LinkOptions LINKS =
            LinkOptions.defaults().backOff(Duration.ofMillis(5), Duration.ofMillis(40));

    private static RArray java(String type, String id) {
        return switch (type) {
            case "array" -> new RArray(id);
            case "edit" -> new REdit(id);
            default -> new RString(id);
        };
    }

    private static NodePeer node(String type, String id) throws Exception {
        return NodePeer.start("scuttlebutt", type, id);
    }

    private static void make(RArray java, Object... call) {
        SequenceOperations.apply(java, List.of(call));
    }

    private static void make(NodePeer node, Object... call) throws Exception {
        node.many(List.of(List.of(call)));
    }

    private static void awaitSame(RArray java, NodePeer node) throws Exception {
        Meeting.awaitEqual(java, node);
        // What a third one made may still arrive, here first.
        Meeting.patiently().untilAsserted(() -> {
            assertThat(node.json()).isEqualTo(java.toJson());
            assertThat(node.keys()).isEqualTo(java.keys());
        });
    }

    /** Until then an original that changes what it has seen would lose against it, and not notice. */
    private static void awaitClock(NodePeer node, RArray... seen) throws Exception {
        double latest = 0;
        for (RArray array : seen) {
            for (double timestamp : array.clock().toMap().values()) {
                latest = Math.max(latest, timestamp);
            }
        }
        node.after(latest);
    }

    @ParameterizedTest
    @EnumSource
    void itemsOfBoth_areOnBoth(Meeting meeting) throws Exception {
        RArray java = new RArray("java");
        java.push("held here");
        try (NodePeer node = node("array", "node")) {
            make(node, "push", "held there");
            try (AutoCloseable link = meeting.link(java, node)) {
                awaitSame(java, node);
                assertThat(java.size()).isEqualTo(2);
                java.unshift("é€😀");
                java.push(List.of(1, Map.of()));
                awaitSame(java, node);
                awaitClock(node, java);
                make(node, "splice", 1, 2, "in place", 0.1, true);
                make(node, "unshift", "first");
                awaitSame(java, node);
                java.splice(1, 1, "again", "and more");
                assertThat(java.pop()).hasToString("[1,{}]");
                awaitSame(java, node);

                assertThat(java.toJson()).hasToString("[\"first\",\"again\",\"and more\",\"in place\",0.1,true]");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void linesOfBoth_areOnBoth(Meeting meeting) throws Exception {
        REdit java = new REdit("java");
        java.text("one\ntwo\nthree\n");
        try (NodePeer node = node("edit", "node");
                AutoCloseable link = meeting.link(java, node)) {
            awaitSame(java, node);
            awaitClock(node, java);
            make(node, "text", 4, 3, "zwei");
            java.text(java.text().replace("three", "drei"));
            awaitSame(java, node);
            assertThat(java.text()).isEqualTo("one\nzwei\ndrei\n");
            assertThat(node.text()).isEqualTo(java.text());

            java.text("😀\n" + java.text() + "end");
            awaitSame(java, node);
            awaitClock(node, java);
            make(node, "text", 0, 3, "");
            awaitSame(java, node);
            assertThat(node.text()).isEqualTo("one\nzwei\ndrei\nend").isEqualTo(java.text());
        }
    }

    @ParameterizedTest
    @EnumSource
    void lettersOfBoth_areOnBoth(Meeting meeting) throws Exception {
        RString java = new RString("java");
        java.insert(0, "Hello 😀");
        try (NodePeer node = node("string", "node");
                AutoCloseable link = meeting.link(java, node)) {
            awaitSame(java, node);
            awaitClock(node, java);
            make(node, "type", 5, ", dear");
            make(node, "erase", 0, 1);
            java.append("!😀");
            awaitSame(java, node);
            assertThat(node.text()).isEqualTo("ello, dear 😀!😀").isEqualTo(java.text());

            // The original deletes half of a pair; the other half is an item like any other.
            awaitClock(node, java);
            make(node, "erase", 11, 1);
            awaitSame(java, node);
            assertThat(java.text()).isEqualTo("ello, dear \ude00!😀");
            java.delete(11, 1);
            awaitSame(java, node);
            assertThat(node.text()).isEqualTo("ello, dear !😀");
        }
    }

    /** Three originals around two of ours, each pair apart and together again several times. */
    @ParameterizedTest
    @CsvSource({
        "array, 1",
        "array, 2",
        "array, 3",
        "edit, 4",
        "edit, 5",
        "edit, 6",
        "string, 7",
        "string, 8",
        "string, 9"
    })
    void partitions_ofFivePeers_heal(String type, long seed) throws Exception {
        SplittableRandom dice = new SplittableRandom(seed);
        RArray one = java(type, "java-one");
        RArray two = java(type, "java-two");
        try (NodePeer a = node(type, "node-a");
                NodePeer b = node(type, "node-b");
                NodePeer c = node(type, "node-c")) {
            List<NodePeer> nodes = List.of(a, b, c);
            for (int round = 0; round < 4; round++) {
                for (NodePeer node : nodes) {
                    awaitClock(node, one, two);
                    node.many(draw(type, dice, 12));
                }
                draw(type, dice, 12).forEach(call -> SequenceOperations.apply(one, call));
                draw(type, dice, 12).forEach(call -> SequenceOperations.apply(two, call));
                meet(type, dice, one, two, nodes, round % 2 == 0);
            }
            assertThat(one.keys()).hasSizeGreaterThan(10).allMatch(PositionKeys::isJsSafe);
        }
    }

    private static List<List<Object>> draw(String type, SplittableRandom dice, int count) {
        List<List<Object>> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            calls.add(SequenceOperations.draw(type, dice));
        }
        return calls;
    }

    /**
     * a - one - b - two - c, who listens changing. When all have the same, one writes at either end and one in between. One
     * link after the other, as an original passes on what it hears while it connects ahead of what it had.
     */
    private static void meet(
            String type, SplittableRandom dice, RArray one, RArray two, List<NodePeer> nodes, boolean nodesListen)
            throws Exception {
        Meeting way = nodesListen ? Meeting.NODE_LISTENS : Meeting.JAVA_LISTENS;
        try (AutoCloseable first = linked(way, one, nodes.get(0));
                AutoCloseable second = linked(way, one, nodes.get(1));
                AutoCloseable third = linked(way, two, nodes.get(1));
                AutoCloseable fourth = linked(way, two, nodes.get(2))) {
            awaitSame(one, two, nodes);
            awaitClock(nodes.get(0), one, two);
            nodes.get(0).many(draw(type, dice, 3));
            awaitSame(one, two, nodes);
            awaitClock(nodes.get(2), one, two);
            nodes.get(2).many(draw(type, dice, 3));
            draw(type, dice, 3).forEach(call -> SequenceOperations.apply(two, call));
            awaitSame(one, two, nodes);
        }
    }

    private static AutoCloseable linked(Meeting way, RArray java, NodePeer node) throws Exception {
        AutoCloseable link = way.link(java, node);
        Meeting.awaitEqual(java, node);
        return link;
    }

    private static void awaitSame(RArray one, RArray two, List<NodePeer> nodes) throws Exception {
        for (NodePeer node : nodes) {
            Meeting.awaitEqual(one, node);
            Meeting.awaitEqual(two, node);
        }
        for (NodePeer node : nodes) {
            awaitSame(two, node);
        }
        assertThat(one.toJson()).isEqualTo(two.toJson());
        assertThat(one.keys()).isEqualTo(two.keys());
    }

    /** Two originals that only a replica of ours connects; the connections to it are cut in the middle of lines. */
    @ParameterizedTest
    @CsvSource({"array, 21", "array, 22", "string, 23"})
    void javaRelay_writesThroughCuts_originalsOnBothSidesConverge(String type, long seed) throws Exception {
        SplittableRandom dice = new SplittableRandom(seed);
        RArray relay = java(type, "java");
        try (NodePeer left = node(type, "node-left");
                NodePeer right = node(type, "node-right")) {
            left.many(draw(type, dice, 40));
            right.many(draw(type, dice, 40));
            try (CuttingProxy toLeft = new CuttingProxy(left.listen(Map.of()), seed, 3_000);
                    CuttingProxy toRight = new CuttingProxy(right.listen(Map.of()), seed + 1, 3_000);
                    TcpClient first = TcpClient.connect(relay, "127.0.0.1", toLeft.port(), LINKS);
                    TcpClient second = TcpClient.connect(relay, "127.0.0.1", toRight.port(), LINKS)) {
                while (toLeft.cuts() < 5 || toRight.cuts() < 5) {
                    draw(type, dice, 20).forEach(call -> SequenceOperations.apply(relay, call));
                    int cuts = toLeft.cuts() + toRight.cuts();
                    Meeting.patiently()
                            .until(() -> toLeft.cuts() + toRight.cuts() > cuts
                                    || Meeting.history(relay).equals(left.history()));
                }
                toLeft.stopCutting();
                toRight.stopCutting();
                awaitSame(relay, left);
                awaitSame(relay, right);
                for (int i = 0; i < 10; i++) {
                    left.many(List.of(SequenceOperations.drawInsertion(type, dice)));
                    right.many(List.of(SequenceOperations.drawInsertion(type, dice)));
                }
                Meeting.awaitEqual(relay, left);
                Meeting.awaitEqual(relay, right);
                awaitSame(relay, left);
                awaitSame(relay, right);
                assertThat(right.json()).isEqualTo(left.json());
            }
        }
    }

    /**
     * An original takes any key, and many of these make it loop for ever once it inserts beside them. Here they are keys
     * like others, and what is inserted beside them reaches everybody.
     */
    @Test
    void unsafeKeysOfAnOriginal_freezeNothing() throws Exception {
        List<String> unsafe = List.of(
                "A-",
                "A0",
                "A0 ",
                "A ",
                "é",
                "\ud83d",
                "~",
                "~~",
                "~A",
                "!",
                "!!",
                "A!",
                "A!!",
                "zzzz~",
                " ",
                "7656",
                "",
                "\u0000",
                "A\u0000",
                "k".repeat(3_000));
        RArray java = new RArray("java");
        try (NodePeer node = node("array", "node");
                NodePeer other = node("array", "other");
                AutoCloseable link = Meeting.NODE_LISTENS.link(java, node);
                AutoCloseable otherLink = Meeting.NODE_LISTENS.link(java, other)) {
            awaitSame(java, node);
            awaitSame(java, other);
            for (String key : unsafe) {
                node.call("set", key, "unsafe " + key.length());
            }
            awaitSame(java, node);
            assertThat(java.size()).isEqualTo(unsafe.size());

            for (int i = java.size(); i >= 0; i--) {
                java.splice(i, 0, "beside " + i);
            }
            java.push("last");
            java.unshift("first");
            awaitSame(java, node);
            awaitSame(java, other);
            assertThat(java.size()).isEqualTo(2 * unsafe.size() + 3);
            awaitClock(other, java);
            make(other, "set", 5, "changed");
            make(other, "unset", 7);
            // First whoever made it: until Java has it, the two that lack it are the same.
            awaitSame(java, other);
            awaitSame(java, node);
        }
    }
}
