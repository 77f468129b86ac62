package dev.scuttlebutt.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.journal.Durability;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Map and reduce over the documents of a store. */
@Timeout(60)
class ViewTest {
    private static final Schema SCHEMA =
            Schema.builder().prefix("", "model", Model::new).build();
    private static final StoreOptions FAST = StoreOptions.defaults()
            .durability(Durability.none())
            .window(Duration.ofMillis(1))
            .grace(Duration.ZERO)
            .retry(Duration.ofMillis(5));

    @TempDir
    Path folder;

    private final AtomicInteger mapped = new AtomicInteger();
    private Store store;

    /** Bottles by country and wine. */
    private final ViewDefinition stock = definition("stock", 1);

    @BeforeEach
    void open() throws IOException {
        store = Store.open(new MemoryStorage(), SCHEMA, FAST);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private ViewDefinition definition(String name, int version) {
        return ViewDefinition.of(
                name,
                version,
                (document, state, emit) -> {
                    mapped.incrementAndGet();
                    String country = state.asObject().has("country")
                            ? state.asObject().get("country").asString()
                            : "?";
                    state.asObject().forEach((wine, bottles) -> {
                        if (!wine.equals("country")) {
                            emit.emit(bottles, country, wine);
                        }
                    });
                },
                Json.of(0),
                ViewTest::sum);
    }

    private static Json sum(Json a, Json b) {
        return Json.of(a.asDouble() + b.asDouble());
    }

    private void set(String document, String key, Object value) {
        set(store, document, key, value);
    }

    private static void set(Store store, String document, String key, Object value) {
        try (Handle<Model> handle = store.open(document, Model.class).join()) {
            handle.replica().set(key, value);
        }
    }

    private static double number(Json json) {
        return json.asDouble();
    }

    @Test
    void recording_hasTheSameGroupsAndResults() throws Exception {
        Map<List<String>, String> recorded = recorded();
        ViewDefinition all = ViewDefinition.of(
                "all", 1, (name, state, emit) -> emit.emit(Json.of(1), name.split("!")), Json.of(0), ViewTest::sum);
        for (String name : List.of("t!a", "t!b", "t2!c")) {
            set(name, "x", 1);
        }
        try (View view = View.open(store, all)) {
            view.current().join();

            assertThat(recorded).hasSize(6);
            recorded.forEach((group, result) -> assertThat(view.get(group.toArray(String[]::new)))
                    .as(group.toString())
                    .isEqualTo(Json.parse(result)));
            // What the original's client was shown: the groups of two whose first is "t", and the one that came.
            assertThat(view.within("t")).containsOnlyKeys("a", "b");
            List<View.Changed> seen = new ArrayList<>();
            view.onChange(seen::add);
            set("t!z", "x", 1);
            view.current().join();
            assertThat(view.within("t")).containsOnlyKeys("a", "b", "z");
            assertThat(seen).contains(new View.Changed(List.of("t", "z"), null, Json.of(1)));
        }
    }

    /** The reduced rows of the recording: group → result. The rows of documents have their name behind the group. */
    private static Map<List<String>, String> recorded() throws IOException {
        Map<List<String>, String> groups = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        try (InputStream in = ViewTest.class.getResourceAsStream("/vectors/types/level-scuttlebutt.jsonl")) {
            String lines = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            String line = lines.lines()
                    .filter(text -> text.contains("level-scuttlebutt/remote-view"))
                    .findFirst()
                    .orElseThrow();
            for (Json step : Json.parse(line).asObject().get("steps").asArray()) {
                if (step.asObject().get("do").asString().equals("dump")) {
                    step.asObject().get("rows").asArray().forEach(row -> {
                        String key = row.asArray().get(0).asString();
                        if (key.startsWith("ÿallÿa0")) {
                            List<String> group = group(key.substring("ÿallÿ".length()));
                            if (group.size() < 3) {
                                groups.put(group, row.asArray().get(1).asString());
                            }
                        }
                    });
                }
            }
        }
        return groups;
    }

    /** An array of a number and texts, as the package bytewise writes it. */
    private static List<String> group(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        List<String> group = new ArrayList<>();
        // Behind the mark of the array, the mark of the number and its eight bytes.
        int at = 10;
        while (at < bytes.length && bytes[at] == 0x70) {
            int end = at;
            while (bytes[end] != 0) {
                end++;
            }
            group.add(new String(bytes, at + 1, end - at - 1, StandardCharsets.UTF_8));
            at = end + 1;
        }
        return group;
    }

    @Test
    void changes_moveWhatTheyConcern() throws Exception {
        set("a", "Merlot", 6);
        set("b", "Merlot", 2);
        set("b", "Rioja", 1);
        try (View view = View.open(store, stock)) {
            view.current().join();
            assertThat(number(view.get())).isEqualTo(9);
            assertThat(number(view.get("?", "Merlot"))).isEqualTo(8);
            assertThat(view.documents("?", "Merlot")).containsOnlyKeys("a", "b");

            set("b", "Merlot", 5);
            set("a", "country", "fr");
            view.current().join();
            assertThat(number(view.get("?"))).isEqualTo(6);
            assertThat(number(view.get("fr", "Merlot"))).isEqualTo(6);
            assertThat(number(view.get())).isEqualTo(12);

            store.delete("a").join();
            view.current().join();
            assertThat(view.get("fr")).isNull();
            assertThat(view.within()).containsOnlyKeys("?");
            assertThat(number(view.get())).isEqualTo(6);

            store.delete("b").join();
            view.current().join();
            assertThat(view.get()).isNull();
            assertThat(view.within()).isEmpty();
        }
    }

    @Test
    void listeners_hearOnlyOfResultsThatChanged() throws Exception {
        set("a", "Merlot", 6);
        try (View view = View.open(store, stock)) {
            view.current().join();
            ConcurrentLinkedQueue<View.Changed> seen = new ConcurrentLinkedQueue<>();
            view.onChange(change -> {
                throw new IllegalStateException("a listener that throws disturbs nobody");
            });
            view.onChange(seen::add);
            set("a", "Rioja", 0);
            view.current().join();

            assertThat(seen).containsExactly(new View.Changed(List.of("?", "Rioja"), null, Json.of(0)));
        }
    }

    @Test
    void documentsThatCameByReplication_areInIt_withoutBeingOpened() throws Exception {
        // The original did not see them (LS-14).
        try (Store other = Store.open(new MemoryStorage(), SCHEMA, FAST);
                View view = View.open(store, stock)) {
            set(other, "a", "Merlot", 6);
            try (ReplicationPair pair = ReplicationPair.of(store, other, ReplicationOptions.defaults())) {
                pair.run();
            }
            view.current().join();

            assertThat(number(view.get())).isEqualTo(6);
        }
    }

    @Test
    void kept_itGoesOnWhereItWas_withoutLookingAtAllAgain() throws Exception {
        Path file = folder.resolve("views.sqlite");
        Path data = folder.resolve("data");
        try (Store first = Store.open(SqliteStorage.open(data), SCHEMA, FAST)) {
            for (int i = 0; i < 600; i++) {
                set(first, "d" + i, "Merlot", 1);
            }
            try (View view = View.open(first, stock, file)) {
                view.current().join();
                assertThat(mapped.getAndSet(0)).isEqualTo(600);
            }
            set(first, "new é", "Rioja", 5);
            first.delete("d0").join();
        }
        try (Store again = Store.open(SqliteStorage.open(data), SCHEMA, FAST);
                View view = View.open(again, stock, file);
                View another = View.open(again, definition("another", 1), file)) {
            view.current().join();
            assertThat(number(view.get())).isEqualTo(604);
            another.current().join();
            assertThat(mapped.getAndSet(0)).isEqualTo(1 + 600);
        }
        // Another version looks at all again.
        try (Store again = Store.open(SqliteStorage.open(data), SCHEMA, FAST);
                View view = View.open(again, definition("stock", 2), file)) {
            view.current().join();
            assertThat(number(view.get())).isEqualTo(604);
            assertThat(mapped.getAndSet(0)).isEqualTo(600);
        }
    }

    @Test
    void afterACrash_itIsMadeAnew() throws Exception {
        Path file = folder.resolve("views.sqlite");
        MemoryStorage storage = new MemoryStorage();
        Store first = Store.open(storage, SCHEMA, FAST);
        set(first, "a", "Merlot", 6);
        try (View view = View.open(first, stock, file)) {
            view.current().join();
        }
        // The first one is not closed: what it stored last may be lost, and the view may be ahead.
        mapped.set(0);
        try (Store again = Store.open(storage, SCHEMA, FAST);
                View view = View.open(again, stock, file)) {
            view.current().join();

            assertThat(number(view.get())).isEqualTo(6);
            assertThat(mapped).hasValue(1);
        }
    }

    @Test
    void mapThatThrows_leavesItsDocumentOut() throws Exception {
        ViewDefinition choosy = ViewDefinition.of(
                "choosy",
                1,
                (name, state, emit) -> {
                    emit.emit(Json.of(1), "early");
                    if (name.equals("bad")) {
                        throw new IllegalStateException("do not like this one");
                    }
                    if (name.equals("deep")) {
                        emit.emit(Json.of(1), new String[17]);
                    }
                },
                Json.of(0),
                ViewTest::sum);
        set("bad", "k", 1);
        set("deep", "k", 1);
        set("good", "k", 1);
        try (View view = View.open(store, choosy)) {
            view.current().join();

            assertThat(view.documents("early")).containsOnlyKeys("good");
        }
    }

    @Test
    void storageThatFailsForAWhile_isAskedAgain() throws Exception {
        FaultyStorage faulty = new FaultyStorage(new MemoryStorage());
        try (Store failing = Store.open(faulty, SCHEMA, FAST)) {
            set(failing, "a", "Merlot", 6);
            failing.flush().join();
        }
        try (Store failing = Store.open(faulty, SCHEMA, FAST)) {
            faulty.fail("find", "not today");
            try (View view = View.open(failing, stock)) {
                var current = view.current();
                assertThat(view.get()).isNull();
                faulty.mend();
                current.join();

                assertThat(number(view.get())).isEqualTo(6);
            }
        }
    }

    @Test
    void manyViewsOnOneThread_doNotWaitForEachOther() throws Exception {
        Executor one = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "only");
            thread.setDaemon(true);
            return thread;
        });
        try (Store narrow = Store.open(new MemoryStorage(), SCHEMA, FAST.executor(one))) {
            List<View> views = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                views.add(View.open(narrow, definition("v" + i, 1)));
            }
            set(narrow, "a", "Merlot", 6);
            for (View view : views) {
                view.current().join();
                assertThat(number(view.get())).isEqualTo(6);
                view.close();
            }
        }
    }

    @Test
    void closed_itFailsThoseWhoWait() throws Exception {
        View view = View.open(store, stock);
        view.close();
        view.close();

        assertThatThrownBy(() -> view.current().join()).hasMessageContaining("view stock, version 1 is closed");
    }

    @Test
    void randomChanges_giveWhatALookAtEverythingGives() throws Exception {
        for (long seed = 1; seed <= 5; seed++) {
            Random random = new Random(seed);
            try (Store some = Store.open(new MemoryStorage(), SCHEMA, FAST);
                    View view = View.open(some, stock)) {
                for (int i = 0; i < 150; i++) {
                    String name = "d" + random.nextInt(20);
                    Storage.StoredDocument known = some.find(name);
                    if (random.nextInt(20) == 0) {
                        some.delete(name).join();
                    } else if (known == null || !known.isDeleted()) {
                        if (random.nextInt(4) == 0) {
                            set(some, name, "country", "c" + random.nextInt(3));
                        } else {
                            set(some, name, "w" + random.nextInt(4), random.nextInt(100));
                        }
                    }
                }
                view.current().join();
                try (View anew = View.open(some, stock)) {
                    anew.current().join();
                    assertThat(view.get()).as("seed %d", seed).isEqualTo(anew.get());
                    assertThat(view.within()).isEqualTo(anew.within());
                    for (String country : anew.within().keySet()) {
                        assertThat(view.within(country)).isEqualTo(anew.within(country));
                    }
                }
            }
        }
    }

    @Test
    void fileOfSomethingElse_isRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("text"), "Dear diary, ".repeat(100));

        assertThatThrownBy(() -> View.open(store, stock, file)).isInstanceOf(IOException.class);
    }
}
