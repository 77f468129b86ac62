package dev.scuttlebutt.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.netty.LinkOptions;
import dev.scuttlebutt.netty.TcpClient;
import dev.scuttlebutt.netty.TcpServer;
import dev.scuttlebutt.types.crdt.Doc;
import dev.scuttlebutt.types.crdt.RowSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents here and in the npm package {@code crdt}, live: where they agree, and what happens where they cannot. */
final class DocExchangeTest {
    /**
     * A clock that is behind that of the originals. They stamp with whole milliseconds, so that otherwise the answer to a
     * deletion may be older than the deletion, and then the original itself drops it.
     */
    private static final ReplicaOptions BEHIND =
            ReplicaOptions.defaults().time(() -> System.currentTimeMillis() - 1_000.0);

    private static final List<String> LISTS = List.of("todo", "done");

    private static void make(Doc doc, Object... call) {
        DocOperations.apply(doc, List.of(call));
    }

    private static void make(NodePeer node, Object... call) throws Exception {
        node.many(List.of(List.of(call)));
    }

    private static void awaitSameRows(Doc java, NodePeer node) {
        Meeting.patiently().untilAsserted(() -> assertThat(node.json()).isEqualTo(java.toJson()));
        for (String list : LISTS) {
            Meeting.patiently()
                    .untilAsserted(() -> assertThat(node.ids("list", list))
                            .isEqualTo(java.createSequence("list", list).ids()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void rowsOfBoth_areOnBoth(Meeting meeting) throws Exception {
        Doc java = new Doc("java");
        make(java, "add", Map.of("id", "j", "title", "é😀", "list", "todo"));
        make(java, "push", "list", "done", Map.of("id", "k"));
        try (NodePeer node = NodePeer.start("scuttlebutt", "doc", "node")) {
            make(node, "add", Map.of("id", "n", "title", 1.5));
            make(node, "push", "list", "done", Map.of("id", "m"));
            try (AutoCloseable link = meeting.link(java, node)) {
                Meeting.awaitEqual(java, node);
                make(java, "set", "n", Map.of("title", List.of(1, Map.of())));
                make(node, "set", "j", Map.of("list", "done", "more", true));
                make(node, "after", "list", "done", "k", "m");
                Meeting.awaitEqual(java, node);
                awaitSameRows(java, node);
                assertThat(java.row("n").get("title")).hasToString("[1,{}]");
                assertThat(java.createSequence("list", "done").ids()).endsWith("m", "k", "j");
            }
        }
    }

    /** Two here and two originals; connections are cut in the middle of lines, so everybody is away at times. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomCalls_cutsEverywhere_converge(long seed) throws Exception {
        Doc one = new Doc("java-one");
        Doc two = new Doc("java-two");
        RowSequence todo = one.createSequence("list", "todo");
        RandomOperationsTest.run(
                "doc",
                seed,
                one,
                two,
                (writer, dice) -> DocOperations.draw(dice, writer),
                change -> DocOperations.apply(change.javaFirst() ? one : two, change.update()));
        assertThat(one.toJson()).isEqualTo(two.toJson());
        assertThat(todo.ids()).isEqualTo(two.createSequence("list", "todo").ids());
    }

    /** Three originals around two of ours, each pair apart and together again several times; rows and order compared. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void partitions_ofFivePeers_heal(long seed) throws Exception {
        SplittableRandom dice = new SplittableRandom(seed);
        Doc one = new Doc("java-one");
        Doc two = new Doc("java-two");
        try (NodePeer a = NodePeer.start("scuttlebutt", "doc", "node-a");
                NodePeer b = NodePeer.start("scuttlebutt", "doc", "node-b");
                NodePeer c = NodePeer.start("scuttlebutt", "doc", "node-c")) {
            List<NodePeer> nodes = List.of(a, b, c);
            for (int round = 0; round < 4; round++) {
                for (NodePeer node : nodes) {
                    node.many(draw(dice, nodes.indexOf(node), 15));
                }
                draw(dice, 3, 15).forEach(call -> DocOperations.apply(one, call));
                draw(dice, 4, 15).forEach(call -> DocOperations.apply(two, call));
                meet(one, two, nodes, round % 2 == 0);
            }
        }
    }

    private static List<List<Object>> draw(SplittableRandom dice, int writer, int count) {
        List<List<Object>> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            calls.add(DocOperations.draw(dice, writer));
        }
        return calls;
    }

    /** a - one - b - two - c, who listens changing; all writing on. */
    private static void meet(Doc one, Doc two, List<NodePeer> nodes, boolean nodesListen) throws Exception {
        Meeting way = nodesListen ? Meeting.NODE_LISTENS : Meeting.JAVA_LISTENS;
        try (AutoCloseable first = way.link(one, nodes.get(0));
                AutoCloseable second = way.link(one, nodes.get(1));
                AutoCloseable third = way.link(two, nodes.get(1));
                AutoCloseable fourth = way.link(two, nodes.get(2))) {
            make(nodes.get(0), "push", "list", "todo", Map.of("title", "while meeting"));
            make(two, "push", "list", "todo", Map.of("title", "while meeting"));
            for (NodePeer node : nodes) {
                Meeting.awaitEqual(one, node);
                Meeting.awaitEqual(two, node);
            }
            for (NodePeer node : nodes) {
                awaitSameRows(two, node);
            }
            assertThat(one.toJson()).isEqualTo(two.toJson());
        }
    }

    /** Each original that sees two rows of one sort key moves one of them. That must come to an end. */
    @ParameterizedTest
    @EnumSource
    void levelSortKeys_madeAtOnce_settle(Meeting meeting) throws Exception {
        Doc java = new Doc("java");
        java.createSequence("list", "todo");
        try (NodePeer node = NodePeer.start("scuttlebutt", "doc", "node");
                NodePeer other = NodePeer.start("scuttlebutt", "doc", "other")) {
            for (int i = 0; i < 5; i++) {
                make(java, "set", "j" + i, Map.of("list", "todo", "_sort", "V"));
                make(node, "set", "n" + i, Map.of("list", "todo", "_sort", "V"));
                make(other, "set", "o" + i, Map.of("list", "todo", "_sort", "V"));
            }
            try (AutoCloseable link = meeting.link(java, node);
                    AutoCloseable second = meeting.link(java, other)) {
                Meeting.awaitEqual(java, node);
                Meeting.awaitEqual(java, other);
                make(java, "after", "list", "todo", Map.of("id", "x"), "j0");
                Meeting.awaitEqual(java, node);
                Meeting.awaitEqual(java, other);
                awaitSameRows(java, node);
                awaitSameRows(java, other);
                List<String> order = java.createSequence("list", "todo").ids();
                assertThat(order.get(order.indexOf("j0") + 1)).isEqualTo("x");
                assertThat(java.history().size()).isLessThan(100);
            }
        }
    }

    @Test
    void deletions_whileEverybodyListens_areSeenByAll() throws Exception {
        Doc java = new Doc("java");
        Doc second = new Doc("second");
        try (NodePeer node = NodePeer.start("scuttlebutt", "doc", "node");
                TcpServer server = TcpServer.listen(java, "127.0.0.1", 0, LinkOptions.defaults());
                TcpClient client =
                        TcpClient.connect(second, "127.0.0.1", server.address().getPort(), LinkOptions.defaults());
                AutoCloseable link = Meeting.NODE_LISTENS.link(java, node)) {
            make(java, "add", Map.of("id", "mine", "x", 1));
            make(node, "add", Map.of("id", "yours", "x", 1));
            make(node, "add", Map.of("id", "third", "x", 1));
            Meeting.awaitEqual(java, node);

            make(java, "rm", "yours");
            make(node, "rm", "mine");
            awaitSameRows(java, node);
            Meeting.patiently().untilAsserted(() -> assertThat(second.toJson()).isEqualTo(java.toJson()));
            assertThat(java.rows()).containsExactly(java.row("third"));

            make(node, "set", "mine", Map.of("x", 2));
            make(java, "set", "yours", Map.of("x", 2));
            awaitSameRows(java, node);
            assertThat(java.row("mine").toJson()).hasToString("{\"id\":\"mine\",\"x\":2}");
        }
    }

    /** The original forgets which row was deleted. Whoever has heard the deletion itself still passes it on. */
    @Test
    void deletionThatAnOriginalForgot_comesFromAReplicaThatHeardIt() throws Exception {
        Doc witness = new Doc("witness");
        Doc late = new Doc("late");
        try (NodePeer node = NodePeer.start("scuttlebutt", "doc", "node")) {
            int port = node.listen(Map.of());
            make(node, "add", Map.of("id", "r", "x", 1));
            LinkOptions options = LinkOptions.defaults();
            try (TcpClient first = TcpClient.connect(witness, "127.0.0.1", port, options)) {
                try (TcpClient before = TcpClient.connect(late, "127.0.0.1", port, options)) {
                    Meeting.awaitEqual(late, node);
                }
                Meeting.awaitEqual(witness, node);
                make(node, "rm", "r");
                Meeting.patiently().until(() -> !witness.has("r"));
            }
            List<Update> remnants = new CopyOnWriteArrayList<>();
            late.on(ReplicaEvent.Invalid.class, invalid -> remnants.add(invalid.update()));
            try (TcpClient again = TcpClient.connect(late, "127.0.0.1", port, options)) {
                Meeting.patiently().until(() -> !remnants.isEmpty());
                assertThat(remnants).allMatch(remnant -> remnant.change().isNull());
                assertThat(late.has("r")).isTrue();
                assertThat(late.clock()).isNotEqualTo(witness.clock());
            }
            try (TcpServer server = TcpServer.listen(witness, "127.0.0.1", 0, options);
                    TcpClient client = TcpClient.connect(
                            late, "127.0.0.1", server.address().getPort(), options)) {
                Meeting.patiently().until(() -> !late.has("r"));
            }
        }
    }

    /** Whoever listens, an original by itself answers the deletion of a member, and its answer brings nothing back here. */
    @ParameterizedTest
    @EnumSource
    void deletionOfAMember_isAnsweredByAnOriginal_andStaysDeletedHere(Meeting meeting) throws Exception {
        Doc java = new Doc(BEHIND.id("java"));
        try (NodePeer node = NodePeer.start("scuttlebutt", "doc", "node");
                AutoCloseable link = meeting.link(java, node)) {
            make(java, "push", "list", "todo", Map.of("id", "r"));
            Meeting.awaitEqual(java, node);
            make(java, "rm", "r");

            Meeting.patiently()
                    .untilAsserted(() -> assertThat(java.clock().sources()).containsExactlyInAnyOrder("java", "node"));
            assertThat(java.has("r")).isFalse();
            assertThat(java.toJson()).isEqualTo(Json.object());
        }
    }

    /**
     * An original that keeps the deleted row in a sequence answers the deletion by writing null into its field, which
     * brings the row back at others. Here it stays deleted.
     */
    @Test
    void deletionOfAMember_staysDeletedHere() throws Exception {
        Doc java = new Doc(BEHIND.id("java"));
        Doc second = new Doc("second");
        try (NodePeer node = NodePeer.start("scuttlebutt", "doc", "node");
                NodePeer other = NodePeer.start("scuttlebutt", "doc", "other");
                TcpServer server = TcpServer.listen(java, "127.0.0.1", 0, LinkOptions.defaults());
                TcpClient client =
                        TcpClient.connect(second, "127.0.0.1", server.address().getPort(), LinkOptions.defaults());
                AutoCloseable link = Meeting.NODE_LISTENS.link(java, node);
                AutoCloseable otherLink = Meeting.NODE_LISTENS.link(java, other)) {
            make(java, "push", "list", "todo", Map.of("id", "r"));
            Meeting.awaitEqual(java, node);
            Meeting.awaitEqual(java, other);
            make(java, "rm", "r");

            // Each answers, as the test above shows; of two answers the later may overtake the other before that was
            // sent.
            Meeting.patiently()
                    .untilAsserted(() -> assertThat(java.clock().sources()).containsAnyOf("node", "other"));
            // Not the clocks: of the two answers the later may overtake the other before that was sent on.
            Meeting.patiently().untilAsserted(() -> assertThat(second.history()).isEqualTo(java.history()));
            Json ghost = Json.object("r", Json.object("id", "r", "list", null));
            Meeting.patiently()
                    .untilAsserted(
                            () -> assertThat(List.of(node.json(), other.json())).contains(ghost));
            assertThat(java.has("r")).isFalse();
            assertThat(second.has("r")).isFalse();
        }
    }
}
