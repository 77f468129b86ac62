package dev.scuttlebutt.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.journal.Durability;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.link.BlockingLink;
import dev.scuttlebutt.store.Replication.Refusal;
import dev.scuttlebutt.store.Replication.Report;
import dev.scuttlebutt.store.Storage.StoredDocument;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All documents of two stores over one connection. */
@Timeout(60)
class ReplicationTest {
    private static final Schema SCHEMA = Schema.builder()
            .prefix("events/", "events", Events::new)
            .prefix("", "model", Model::new)
            .build();
    private static final StoreOptions FAST =
            StoreOptions.defaults().durability(Durability.none()).window(Duration.ofMillis(1));
    private static final ReplicationOptions ONCE = ReplicationOptions.defaults();
    private static final ReplicationOptions LIVE = ONCE.tail(true);

    private Store a;
    private Store b;

    @BeforeEach
    void open() throws IOException {
        a = Store.open(new MemoryStorage(), SCHEMA, FAST);
        b = Store.open(new MemoryStorage(), SCHEMA, FAST);
    }

    @AfterEach
    void close() throws IOException {
        a.close();
        b.close();
    }

    private static void set(Store store, String name, String key, Object value) {
        try (Handle<Model> handle = store.open(name, Model.class).join()) {
            handle.replica().set(key, value);
        }
    }

    private static void apply(Store store, String name, String update) {
        try (Handle<Replica> handle = store.open(name).join()) {
            handle.replica().apply(Update.parse(update));
        }
    }

    private static Json state(Store store, String name) {
        try (Handle<Replica> handle = store.open(name).join()) {
            return handle.replica().toJson();
        }
    }

    /** All of a store: name → state. */
    private static TreeMap<String, String> states(Store store) throws IOException {
        store.flush().join();
        TreeMap<String, String> states = new TreeMap<>();
        for (StoredDocument document : store.list(NameRange.all())) {
            // Keys of a model stand in the order in which they came.
            Json state = state(store, document.name());
            states.put(document.name(), new TreeMap<>(state.asObject().toJava()).toString());
        }
        return states;
    }

    private Report replicate(ReplicationOptions options) throws Exception {
        try (ReplicationPair pair = ReplicationPair.of(a, b, options)) {
            return pair.run();
        }
    }

    @Test
    void emptyStores_haveEverything() throws Exception {
        assertThat(replicate(ONCE).exchanged()).isZero();
    }

    @Test
    void bothSides_getWhatTheOtherHas() throws Exception {
        set(a, "only a", "k", 1);
        set(b, "only b", "k", 2);
        set(a, "both", "x", 3);
        set(b, "both", "y", 4);

        assertThat(replicate(ONCE).exchanged()).isEqualTo(3);
        assertThat(states(a))
                .isEqualTo(states(b))
                .containsEntry("only a", "{k=1.0}")
                .containsEntry("only b", "{k=2.0}")
                .containsEntry("both", "{x=3.0, y=4.0}");
    }

    @Test
    void follower_getsEverything_beforeTheLeaderEnds() throws Exception {
        // The original cut off what the other end still had to send (LS-10).
        for (int i = 0; i < 300; i++) {
            set(a, "a" + i, "k", "v".repeat(200));
        }
        set(b, "b", "k", 1);

        assertThat(replicate(ONCE).exchanged()).isEqualTo(301);
        assertThat(states(b)).hasSize(301).isEqualTo(states(a));
    }

    @Test
    void leader_getsEverything_pageByPage() throws Exception {
        for (int i = 0; i < 2_500; i++) {
            apply(b, "b" + i, "[[\"k\"," + i + "],1,\"S\"]");
        }
        apply(a, "b7", "[[\"l\",1],1,\"T\"]");

        assertThat(replicate(ONCE.openAtOnce(64)).exchanged()).isEqualTo(2_500);
        assertThat(states(a)).hasSize(2_500).isEqualTo(states(b));
    }

    @Test
    void equalStores_cost_aLineOfEach() throws Exception {
        for (int i = 0; i < 1_500; i++) {
            String update = "[[\"k\"," + i + "],1,\"S\"]";
            apply(a, "d" + i, update);
            apply(b, "d" + i, update);
        }
        try (ReplicationPair pair = ReplicationPair.of(a, b, ONCE)) {
            pair.run();

            assertThat(pair.lines())
                    .containsExactlyInAnyOrder(
                            "a {\"replication\":1,\"nonce\":\"f\",\"tail\":false}",
                            pair.lines().get(1),
                            "a [\"done\"]",
                            "b {\"replication\":1,\"nonce\":\"0\",\"tail\":false}",
                            "b [\"same\",1]",
                            "b [\"done\"]");
            assertThat(pair.lines().get(1)).startsWith("a [\"range\",1,\"\",null,\"");
        }
    }

    @Test
    void fewDifferences_cost_onlyThePagesTheyAreOn() throws Exception {
        for (int i = 10_000; i < 14_000; i++) {
            String update = "[[\"k\",\"" + "v".repeat(500) + "\"],1,\"S\"]";
            apply(a, "d" + i, update);
            apply(b, "d" + i, update);
        }
        set(b, "d13999", "new", 1);
        try (ReplicationPair pair = ReplicationPair.of(a, b, ONCE)) {
            assertThat(pair.run().exchanged()).isEqualTo(1);

            // One page of states.
            assertThat(pair.bytes()).isLessThan(100_000);
        }
        assertThat(state(a, "d13999").asObject().get("new")).hasToString("1");
    }

    @Test
    void nonAsciiNamesSourcesAndValues_areWhole() throws Exception {
        // The original counted characters and cut texts (LS-11).
        apply(a, "dé 😀 \uffff", "[[\"ké\",\"hé😀\"],1,\"S\\ud800\"]");
        apply(b, "\ud83d\ude00", "[[\"k\",\"日本\"],1,\"é\"]");

        replicate(ONCE);

        assertThat(states(a)).hasSize(2).isEqualTo(states(b)).containsEntry("dé 😀 \uffff", "{ké=hé😀}");
        assertThat(replicate(ONCE).exchanged()).isZero();
    }

    @Test
    void olderUpdateOfAnotherDocument_isNotHidden() throws Exception {
        // One clock over all documents hid it for ever (LS-13).
        apply(a, "m1", "[[\"k\",1],9,\"S\"]");
        replicate(ONCE);
        apply(a, "m2", "[[\"k\",2],5,\"S\"]");

        assertThat(replicate(ONCE).exchanged()).isEqualTo(1);
        assertThat(states(b)).containsEntry("m2", "{k=2.0}");
    }

    @Test
    void supersededUpdates_areNotSentAgain() throws Exception {
        apply(a, "m", "[[\"k\",1],1,\"S\"]");
        apply(b, "m", "[[\"k\",1],1,\"S\"]");
        apply(a, "m", "[[\"k\",2],2,\"S\"]");
        a.flush().join();
        b.flush().join();

        assertThat(replicate(ONCE).exchanged()).isEqualTo(1);
        assertThat(replicate(ONCE).exchanged()).isZero();
    }

    @Test
    void deletion_reachesTheOtherSide_whicheverLeads() throws Exception {
        for (String name : List.of("by a", "by b", "by both")) {
            set(a, name, "k", 1);
            set(b, name, "k", 2);
        }
        a.delete("by a").join();
        a.delete("never in b").join();
        b.delete("by b").join();
        b.delete("never in a").join();
        a.delete("by both").join();
        b.delete("by both").join();

        assertThat(replicate(ONCE).deleted()).isEqualTo(4);

        assertThat(states(a)).isEmpty();
        assertThat(states(b)).isEmpty();
        assertThat(b.find("never in b")).matches(StoredDocument::isDeleted);
        assertThat(a.find("never in a")).matches(StoredDocument::isDeleted);
        assertThatThrownBy(() -> a.open("by b").join()).hasRootCauseInstanceOf(DocumentDeletedException.class);
    }

    @Test
    void deletionsThatAreNotTaken_areRefused_onBothSides() throws Exception {
        set(a, "x", "k", 1);
        set(b, "x", "k", 1);
        set(a, "y", "k", 1);
        set(b, "y", "k", 1);
        a.delete("x").join();
        b.delete("y").join();

        Report report = replicate(ONCE.deletions(false));

        assertThat(report.refusals())
                .containsExactlyInAnyOrder(
                        new Refusal("x", "may not be deleted"), new Refusal("y", "may not be deleted"));
        assertThat(states(b)).containsKey("x");
        assertThat(states(a)).containsKey("y");
    }

    @Test
    void documentsOfAnotherType_areRefused_andTheOthersGoOn() throws Exception {
        try (Store other = Store.open(
                new MemoryStorage(),
                Schema.builder()
                        .prefix("x", "events", Events::new)
                        .prefix("m", "model", Model::new)
                        .build(),
                FAST)) {
            set(a, "x1", "k", 1);
            set(a, "m1", "k", 1);
            set(a, "z1", "k", 1);
            try (Handle<Events> events = other.open("x2", Events.class).join()) {
                events.replica().emit("e");
            }
            try (ReplicationPair pair = ReplicationPair.of(a, other, ONCE)) {
                Report report = pair.run();

                assertThat(report.exchanged()).isEqualTo(1);
                assertThat(report.refusals()).extracting(Refusal::document).containsExactlyInAnyOrder("x1", "x2", "z1");
                assertThat(pair.b.report().refusals()).contains(new Refusal("z1", "no rule of the schema matches"));
            }
            assertThat(state(other, "m1")).hasToString("{\"k\":1}");
        }
    }

    @Test
    void onlyWhatIsAskedFor_isReplicated() throws Exception {
        set(a, "public/a", "k", 1);
        set(a, "private/a", "k", 1);
        set(b, "public/b", "k", 1);
        set(b, "private/b", "k", 1);
        a.delete("private/b").join();

        replicate(ONCE.only(name -> name.startsWith("public/")));
        assertThat(states(b)).containsOnlyKeys("public/a", "public/b", "private/b");

        // Only one side is choosy.
        try (ReplicationPair pair = new ReplicationPair(
                Replication.of(a, ONCE, "f"),
                Replication.of(b, ONCE.only(name -> name.startsWith("public/")), "0"),
                1)) {
            pair.run();
        }
        assertThat(states(b)).containsOnlyKeys("public/a", "public/b", "private/b");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void changesThatCome_areExchanged_overwritesAndDeletionsToo(boolean aLeads) throws Exception {
        // In the original any overwrite ended it (LS-12).
        set(a, "m", "k", 0);
        Store leader = aLeads ? a : b;
        Store follower = aLeads ? b : a;
        try (ReplicationPair pair = ReplicationPair.of(leader, follower, LIVE)) {
            pair.runUntil(() -> pair.a.synced().isDone() && pair.b.synced().isDone());

            for (int i = 1; i <= 50; i++) {
                set(a, "m", "k", i);
                set(b, "m", "l", i);
                set(b, "new é " + i, "k", i);
            }
            a.delete("new é 999").join();
            pair.runUntil(() -> {
                try {
                    return states(a).equals(states(b))
                            && states(a).size() == 51
                            && "{k=50.0, l=50.0}".equals(states(a).get("m"))
                            && b.find("new é 999") != null;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            b.delete("m").join();
            pair.runUntil(() -> {
                try {
                    return a.find("m").isDeleted();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThat(pair.a.outputEnded()).isFalse();
        }
    }

    @Test
    void oneSideThatDoesNotTail_endsBoth() throws Exception {
        set(a, "m", "k", 0);
        try (ReplicationPair pair =
                new ReplicationPair(Replication.of(a, LIVE, "f"), Replication.of(b, ONCE, "0"), 1)) {
            pair.run();
        }
        assertThat(states(b)).containsKey("m");
    }

    @Test
    void documentThatSomebodyHolds_changesUnderHim() throws Exception {
        set(a, "m", "k", 1);
        try (Handle<Model> held = b.open("m", Model.class).join()) {
            replicate(ONCE);

            assertThat(held.replica().get("k")).hasToString("1");
        }
    }

    @Test
    void documents_leaveTheMemoryWhenTheyAreThrough() throws Exception {
        for (int i = 0; i < 100; i++) {
            apply(b, "b" + i, "[[\"k\"," + i + "],1,\"S\"]");
        }
        b.flush().join();
        replicate(ONCE);

        Awaitility.await().atMost(9, TimeUnit.SECONDS).until(() -> a.stats().open() == 0);
        assertThat(a.stats().holders()).isZero();
    }

    @Test
    void randomStores_becomeEqual() throws Exception {
        for (long seed = 1; seed <= 12; seed++) {
            Random random = new Random(seed);
            try (Store x = Store.open(new MemoryStorage(), SCHEMA, FAST);
                    Store y = Store.open(new MemoryStorage(), SCHEMA, FAST)) {
                for (int round = 0; round < 3; round++) {
                    for (int i = random.nextInt(200); i > 0; i--) {
                        Store store = random.nextBoolean() ? x : y;
                        String name = "d" + random.nextInt(40);
                        StoredDocument known = store.find(name);
                        if (random.nextInt(30) == 0) {
                            store.delete(name).join();
                        } else if (known == null || !known.isDeleted()) {
                            set(store, name, "k" + random.nextInt(4), random.nextInt(9));
                        }
                    }
                    ReplicationPair pair = new ReplicationPair(
                            Replication.of(x, ONCE, random.nextBoolean() ? "f" : "0"),
                            Replication.of(y, ONCE, "7"),
                            seed);
                    pair.run();
                    assertThat(states(x)).as("seed %d, round %d", seed, round).isEqualTo(states(y));
                }
            }
        }
    }

    @Test
    void overSockets_bothEndAsAgreed() throws Exception {
        set(a, "a", "k", 1);
        set(b, "b", "k", 2);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Replication ours = Replication.of(a);
            Replication theirs = Replication.of(b);
            BlockingLink out = BlockingLink.over(ours, new Socket(server.getInetAddress(), server.getLocalPort()));
            BlockingLink in = BlockingLink.over(theirs, server.accept());
            List<Thread> threads = new ArrayList<>(List.of(new Thread(out), new Thread(in)));
            threads.forEach(Thread::start);

            assertThat(ours.synced().join().exchanged()).isEqualTo(2);
            theirs.synced().join();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(out.failure()).isNull();
            assertThat(in.failure()).isNull();
        }
        assertThat(states(a)).hasSize(2).isEqualTo(states(b));
    }

    @Test
    void storageThatFails_failsTheReplication_andChangesNothing() throws Exception {
        FaultyStorage faulty = new FaultyStorage(new MemoryStorage());
        try (Store failing = Store.open(faulty, SCHEMA, FAST)) {
            set(b, "b", "k", 2);
            faulty.fail("clocks", "no clocks today");
            try (ReplicationPair pair = ReplicationPair.of(failing, b, ONCE)) {
                pair.runUntil(() -> pair.a.synced().isDone());

                assertThatThrownBy(() -> pair.a.synced().join()).hasRootCauseMessage("no clocks today");
                assertThat(pair.a.outputEnded()).isTrue();
                assertThatThrownBy(pair.b::receiveEnd).hasMessageContaining("before both sides had everything");
                assertThat(pair.b.synced()).isCompletedExceptionally();
            }
            faulty.mend();
        }
    }

    @Test
    void documentThatCannotBeLoaded_isRefused_andTheOthersGoOn() throws Exception {
        FaultyStorage faulty = new FaultyStorage(new MemoryStorage());
        try (Store failing = Store.open(faulty, SCHEMA, FAST)) {
            set(failing, "m", "k", 1);
            failing.flush().join();
            set(b, "other", "k", 2);
            faulty.fail("read", "no blocks today");
            try (Store reopened = Store.open(faulty, SCHEMA, FAST);
                    ReplicationPair pair = ReplicationPair.of(reopened, b, ONCE)) {
                Report report = pair.run();

                assertThat(report.refusals()).containsExactly(new Refusal("m", "no blocks today"));
                assertThat(report.exchanged()).isEqualTo(1);
                assertThat(pair.b.report().refusals())
                        .extracting(Refusal::document)
                        .containsExactly("m");
            }
            assertThat(states(b)).doesNotContainKey("m");
        }
    }
}
