package dev.scuttlebutt.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.netty.LinkOptions;
import dev.scuttlebutt.netty.TcpClient;
import dev.scuttlebutt.netty.TcpServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.awaitility.core.ConditionFactory;

/** A Java replica and an original, and which of them listens. */
enum Meeting {
    JAVA_LISTENS {
        @Override
        AutoCloseable link(Replica java, NodePeer node, LinkOptions javaOptions, Map<String, Object> nodeOptions)
                throws Exception {
            TcpServer server = TcpServer.listen(java, "127.0.0.1", 0, javaOptions);
            node.connect(server.address().getPort(), nodeOptions);
            return server;
        }
    },
    NODE_LISTENS {
        @Override
        AutoCloseable link(Replica java, NodePeer node, LinkOptions javaOptions, Map<String, Object> nodeOptions)
                throws Exception {
            return TcpClient.connect(java, "127.0.0.1", node.listen(nodeOptions), javaOptions.reconnect(false));
        }
    };

    /** Waits long before it gives up and looks often. */
    static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(30)).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }

    abstract AutoCloseable link(Replica java, NodePeer node, LinkOptions javaOptions, Map<String, Object> nodeOptions)
            throws Exception;

    AutoCloseable link(Replica java, NodePeer node) throws Exception {
        return link(java, node, LinkOptions.defaults(), Map.of());
    }

    /**
     * Waits until both hold the same updates; the failure names what is missing where. Clocks may differ: an update that
     * was superseded before it could be sent is never seen by the other side.
     */
    static void awaitEqual(Replica java, NodePeer node) {
        patiently().untilAsserted(() -> {
            TreeSet<String> here = history(java);
            TreeSet<String> there = node.history();
            assertThat(without(here, there))
                    .as(() -> "only in Java " + stats(java))
                    .isEmpty();
            assertThat(without(there, here)).as("only in node").isEmpty();
        });
    }

    private static List<Session.Stats> stats(Replica java) {
        return java.sessions().stream().map(Session::stats).toList();
    }

    private static TreeSet<String> without(TreeSet<String> all, TreeSet<String> others) {
        TreeSet<String> rest = new TreeSet<>(all);
        rest.removeAll(others);
        return rest;
    }

    static TreeSet<String> history(Replica java) {
        TreeSet<String> updates = new TreeSet<>();
        java.history().stream().map(Update::toString).forEach(updates::add);
        return updates;
    }
}
