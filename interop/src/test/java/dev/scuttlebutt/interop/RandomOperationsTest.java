package dev.scuttlebutt.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.netty.LinkOptions;
import dev.scuttlebutt.netty.TcpClient;
import dev.scuttlebutt.netty.TcpServer;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Thousands of random changes on Java replicas and originals at once, in a mesh whose connections are cut in the middle
 * of lines and characters, and at the end everybody has everything.
 */
final class RandomOperationsTest {
    private static final int ROUNDS = 40;
    private static final int CHANGES_PER_ROUND = 40;
    static final Object[] VALUES = {
        "é€😀", "", 0.1, 1e21, -7, true, List.of(1, "two", Map.of()), Map.of("2", 1, "1", "x")
    };

    private static final LinkOptions LINKS =
            LinkOptions.defaults().backOff(Duration.ofMillis(5), Duration.ofMillis(40));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void model_cutsEverywhere_converges(long seed) throws Exception {
        Model one = new Model("java-one");
        Model two = new Model("java-two");
        run("model", seed, one, two, (writer, dice) -> List.of("key" + key(writer, dice), value(dice)), change -> {
            (change.javaFirst() ? one : two)
                    .set((String) change.update().get(0), change.update().get(1));
        });
        assertThat(one.toJson()).isEqualTo(two.toJson());
        assertThat(one.keys()).hasSizeGreaterThan(150);
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5})
    void events_cutsEverywhere_everyoneHasAll(long seed) throws Exception {
        Events one = new Events("java-one");
        Events two = new Events("java-two");
        run("events", seed, one, two, (writer, dice) -> List.of("heard", value(dice)), change -> {
            (change.javaFirst() ? one : two).emit("heard", change.update().get(1));
        });
        assertThat(one.history()).hasSize(ROUNDS * CHANGES_PER_ROUND);
        assertThat(one.toJson()).isEqualTo(two.toJson());
    }

    /**
     * The older original sends what happens between its connecting and our handshake ahead of what came before, and loses
     * that by it. So here it is Java that writes while connections are cut, and the original before and after.
     */
    @ParameterizedTest
    @ValueSource(longs = {6, 7})
    void olderOriginal_javaWritesThroughCuts_converges(long seed) throws Exception {
        SplittableRandom dice = new SplittableRandom(seed);
        Model java = new Model("java");
        try (NodePeer node = NodePeer.start("scuttlebutt-5.5", "model", "node")) {
            node.many(someUpdates(dice));
            try (CuttingProxy proxy = new CuttingProxy(node.listen(Map.of()), seed, 5_000);
                    TcpClient client = TcpClient.connect(java, "127.0.0.1", proxy.port(), LINKS)) {
                while (proxy.cuts() < 20) {
                    someUpdates(dice).forEach(update -> java.set((String) update.get(0), update.get(1)));
                    int cuts = proxy.cuts();
                    Meeting.patiently()
                            .until(() ->
                                    proxy.cuts() > cuts || Meeting.history(java).equals(node.history()));
                }
                proxy.stopCutting();
                Meeting.awaitEqual(java, node);
                node.many(someUpdates(dice));
                Meeting.awaitEqual(java, node);
                assertThat(client.attempts()).isGreaterThan(10);
            }
        }
    }

    private static List<List<Object>> someUpdates(SplittableRandom dice) {
        List<List<Object>> updates = new ArrayList<>();
        for (int i = 0; i < CHANGES_PER_ROUND; i++) {
            updates.add(List.of("key" + dice.nextInt(200), value(dice)));
        }
        return updates;
    }

    record Change(List<Object> update, boolean javaFirst) {}

    interface Changes {
        List<Object> next(int writer, SplittableRandom dice);
    }

    interface Apply {
        void apply(Change change);
    }

    /** java-one and java-two reach each other only through the original between them, over cutting proxies. */
    static void run(String type, long seed, Replica one, Replica two, Changes changes, Apply apply) throws Exception {
        SplittableRandom dice = new SplittableRandom(seed);
        try (NodePeer middle = NodePeer.start("scuttlebutt", type, "node-middle");
                NodePeer leaf = NodePeer.start("scuttlebutt", type, "node-leaf");
                CuttingProxy toMiddle = new CuttingProxy(middle.listen(Map.of()), seed, 20_000);
                CuttingProxy toMiddleToo = new CuttingProxy(middle.listen(Map.of()), seed + 1, 20_000);
                TcpClient first = TcpClient.connect(one, "127.0.0.1", toMiddle.port(), LINKS);
                TcpClient second = TcpClient.connect(two, "127.0.0.1", toMiddleToo.port(), LINKS);
                TcpServer server = TcpServer.listen(two, "127.0.0.1", 0, LINKS)) {
            leaf.connect(server.address().getPort(), Map.of());
            for (int round = 0; round < ROUNDS; round++) {
                List<List<Object>> forMiddle = new ArrayList<>();
                List<List<Object>> forLeaf = new ArrayList<>();
                for (int i = 0; i < CHANGES_PER_ROUND; i++) {
                    int writer = dice.nextInt(4);
                    List<Object> update = changes.next(writer, dice);
                    switch (writer) {
                        case 0 -> forMiddle.add(update);
                        case 1 -> forLeaf.add(update);
                        default -> apply.apply(new Change(update, dice.nextBoolean()));
                    }
                }
                middle.many(forMiddle);
                leaf.many(forLeaf);
            }
            Meeting.patiently().until(() -> toMiddle.cuts() + toMiddleToo.cuts() >= 4);
            toMiddle.stopCutting();
            toMiddleToo.stopCutting();
            Meeting.awaitEqual(one, middle);
            Meeting.awaitEqual(two, middle);
            Meeting.awaitEqual(two, leaf);
        }
    }

    /**
     * Originals stamp with whole milliseconds and do not agree on which of two equal timestamps wins (weakness W5), so
     * the two of them write different keys.
     */
    private static int key(int writer, SplittableRandom dice) {
        int key = dice.nextInt(200);
        return writer > 1 ? key : key - key % 2 + writer;
    }

    static Object value(SplittableRandom dice) {
        Object value = VALUES[dice.nextInt(VALUES.length)];
        return dice.nextBoolean() ? value : List.of(value, dice.nextInt());
    }
}
