package dev.scuttlebutt.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.Subscription;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.journal.Durability;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.store.Storage.Change;
import dev.scuttlebutt.store.Storage.StoredDocument;
import dev.scuttlebutt.store.Storage.Write;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What a store promises, on a storage in memory, with time that moves when told to. */
class StoreTest {
    private static final Duration WINDOW = Duration.ofMillis(5);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Schema SCHEMA = Schema.builder()
            .prefix("model/", "model", Model::new)
            .prefix("events/", "events", Events::new)
            .prefix("full/", "model", options -> {
                Model model = new Model(options);
                model.set("title", "untitled");
                return model;
            })
            .build();

    private final ManualScheduler time = new ManualScheduler();
    private final MemoryStorage memory = new MemoryStorage();
    private final FaultyStorage storage = new FaultyStorage(memory);
    private final Heard heard = new Heard();
    private final StoreOptions options = StoreOptions.defaults()
            .durability(Durability.none())
            .window(WINDOW)
            .grace(GRACE)
            .scheduler(time)
            .executor(Runnable::run)
            .listener(heard);

    private static final class Heard implements StoreListener {
        final List<String> failures = new ArrayList<>();
        final List<Storage.BadRow> setAside = new ArrayList<>();
        int recovered;

        @Override
        public void failed(IOException failure) {
            failures.add(failure.getMessage());
        }

        @Override
        public void recovered() {
            recovered++;
        }

        @Override
        public void setAside(Storage.BadRow row) {
            setAside.add(row);
        }
    }

    private Store open() throws IOException {
        return Store.open(storage, SCHEMA, options);
    }

    private static Model model(Handle<Model> handle) {
        return handle.replica();
    }

    private long blocks(String name) {
        StoredDocument stored = memory.find(name);
        return stored == null ? 0 : stored.blocks();
    }

    private String lines(String name) throws IOException {
        StringBuilder lines = new StringBuilder();
        memory.read(name, block -> lines.append(new String(block.lines(), StandardCharsets.UTF_8)));
        return lines.toString();
    }

    @Test
    void open_twice_leadsToOneReplica() throws IOException {
        try (Store store = open()) {
            Handle<Model> first = store.open("model/a", Model.class).join();
            Handle<Model> second = store.open("model/a", Model.class).join();

            assertThat(model(first)).isSameAs(model(second));
            assertThat(store.holders("model/a")).isEqualTo(2);
        }
    }

    @Test
    void lastHandle_closed_unloadsAfterTheGraceTime() throws IOException {
        try (Store store = open()) {
            Handle<Model> handle = store.open("model/a", Model.class).join();
            Model before = model(handle);
            before.set("k", "v");
            handle.close();
            handle.close();
            assertThat(store.holders("model/a")).isZero();

            assertThat(store.find("model/a")).isNull();
            assertThat(store.isOpen("model/a")).isTrue();

            time.advance(GRACE.minusMillis(1));
            assertThat(store.stats().open()).isEqualTo(1);
            time.advance(WINDOW.plusMillis(1));
            assertThat(store.stats().open()).isZero();
            assertThat(store.isOpen("model/a")).isFalse();
            assertThat(store.find("model/a")).isNotNull();

            try (Handle<Model> again = store.open("model/a", Model.class).join()) {
                assertThat(model(again)).isNotSameAs(before);
                assertThat(model(again).get("k")).hasToString("\"v\"");
            }
        }
    }

    @Test
    void open_withinTheGraceTime_findsTheSameReplica() throws IOException {
        try (Store store = open()) {
            Handle<Model> handle = store.open("model/a", Model.class).join();
            Model before = model(handle);
            handle.close();
            time.advance(GRACE.minusMillis(1));

            try (Handle<Model> again = store.open("model/a", Model.class).join()) {
                time.advance(GRACE.multipliedBy(2));
                assertThat(model(again)).isSameAs(before);
                assertThat(store.stats().open()).isEqualTo(1);
            }
        }
    }

    @Test
    void updatesWithinAWindow_areOneBlock_withoutTheSuperseded() throws IOException {
        try (Store store = open()) {
            Handle<Model> handle = store.open("model/a", Model.class).join();
            time.advance(WINDOW);
            for (int i = 0; i < 100; i++) {
                model(handle).set("k", i);
            }
            model(handle).set("other", true);
            time.advance(WINDOW);

            assertThat(blocks("model/a")).isEqualTo(1);
            assertThat(lines("model/a").lines()).hasSize(2);
            assertThat(storage.commits).hasSize(1);
        }
    }

    @Test
    void documentsOfAWindow_areOneCommit() throws IOException {
        try (Store store = open()) {
            for (int i = 0; i < 10; i++) {
                model(store.open("model/" + i, Model.class).join()).set("k", i);
            }
            time.advance(WINDOW);

            assertThat(storage.commits).hasSize(1);
            assertThat(storage.commits.get(0)).hasSize(10);
            assertThat(store.stats().commits()).isEqualTo(1);
        }
    }

    @Test
    void blocksThatOutgrowTheSnapshot_areReplacedByOne() throws IOException {
        try (Store store = Store.open(storage, SCHEMA, options.compact(1, 1000))) {
            Handle<Model> handle = store.open("model/a", Model.class).join();
            for (int i = 0; i < 1000; i++) {
                model(handle).set("k" + i % 3, i);
                time.advance(WINDOW);
            }

            StoredDocument stored = memory.find("model/a");
            assertThat(stored).isNotNull();
            assertThat(stored.bytes()).isLessThan(2000);
            assertThat(storage.commits.stream().flatMap(List::stream).filter(Write::snapshot))
                    .hasSizeGreaterThan(10);
        }
        try (Store store = open();
                Handle<Model> handle = store.open("model/a", Model.class).join()) {
            assertThat(model(handle).toJson()).isEqualTo(Json.of(Map.of("k0", 999, "k1", 997, "k2", 998)));
        }
    }

    @Test
    void openAndLookOnly_makesNothing() throws IOException {
        try (Store store = open()) {
            store.open("model/a", Model.class).join().close();
            time.advance(GRACE.plus(GRACE));

            assertThat(store.list(NameRange.all())).isEmpty();
            assertThat(storage.commits).isEmpty();
        }
    }

    @Test
    void saved_completesWhenWritten_atEachLevel() throws IOException {
        for (Durability durability :
                List.of(Durability.none(), Durability.interval(Duration.ofSeconds(1)), Durability.everyUpdate())) {
            try (Store store = Store.open(storage, SCHEMA, options.durability(durability))) {
                Handle<Model> handle =
                        store.open("model/" + durability.kind(), Model.class).join();
                time.advance(WINDOW);
                int forces = storage.forces;
                model(handle).set("k", "v");
                CompletableFuture<?> saved = handle.saved();
                assertThat(saved).isNotDone();

                time.advance(WINDOW);
                boolean interval = durability.kind() == Durability.Kind.INTERVAL;
                assertThat(saved.isDone()).isEqualTo(!interval);
                time.advance(Duration.ofSeconds(1));
                assertThat(saved).isCompleted();
                assertThat(storage.forces).isEqualTo(interval ? forces + 1 : forces);
                assertThat(handle.acknowledged()).isEqualTo(1);
            }
        }
    }

    @Test
    void position_notGivenOut_isRefused() throws IOException {
        try (Store store = open()) {
            Handle<Model> handle = store.open("model/a", Model.class).join();

            assertThatThrownBy(() -> handle.whenAcknowledged(7))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("7");
        }
    }

    @Test
    void commitThatFails_isTriedAgain_andLosesNothing() throws IOException {
        try (Store store = open()) {
            Handle<Model> handle = store.open("model/a", Model.class).join();
            time.advance(WINDOW);
            storage.fail("commit", "no space left on device");
            model(handle).set("a", 1);
            CompletableFuture<?> saved = handle.saved();
            time.advance(WINDOW);
            model(handle).set("b", 2);
            handle.close();
            time.advance(GRACE.multipliedBy(3));

            assertThat(saved).isNotDone();
            assertThat(store.stats().open()).as("stays in memory").isEqualTo(1);
            assertThat(store.failure()).hasMessage("no space left on device");
            assertThat(heard.failures).containsExactly("no space left on device");
            assertThat(store.open("model/a", Model.class).join().replica().toJson())
                    .hasToString("{\"a\":1,\"b\":2}");

            storage.mend();
            time.advance(Duration.ofSeconds(1));
            assertThat(saved).isCompleted();
            assertThat(heard.recovered).isEqualTo(1);
            assertThat(store.failure()).isNull();
        }
        assertThat(lines("model/a").lines()).hasSize(2);
    }

    @Test
    void snapshotThatFails_isTriedAgain_andLosesNothing() throws IOException {
        try (Store store = Store.open(storage, SCHEMA, options.compact(0, 100))) {
            Handle<Model> handle = store.open("model/a", Model.class).join();
            time.advance(WINDOW);
            storage.fail("commit", "no space left on device");
            for (int i = 0; i < 20; i++) {
                model(handle).set("k" + i, i);
            }
            time.advance(WINDOW);
            storage.mend();
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(lines("model/a").lines()).hasSize(20);
    }

    @Test
    void forceThatFails_writesEverythingAgain() throws IOException {
        try (Store store =
                Store.open(storage, SCHEMA, options.durability(Durability.interval(Duration.ofMillis(100))))) {
            Handle<Model> handle = store.open("model/a", Model.class).join();
            model(handle).set("a", 1);
            time.advance(WINDOW);
            storage.fail("force", "input/output error");
            CompletableFuture<?> saved = handle.saved();
            time.advance(Duration.ofMillis(200));
            assertThat(heard.failures).containsExactly("input/output error");
            assertThat(saved).isNotDone();

            storage.mend();
            time.advance(Duration.ofSeconds(2));
            assertThat(saved).isCompleted();
            List<Write> last = storage.commits.get(storage.commits.size() - 1);
            assertThat(last).singleElement().matches(Write::snapshot);
        }
    }

    @Test
    void loadThatFails_isNotAnEmptyDocument() throws IOException {
        try (Store store = open()) {
            Handle<Model> handle = store.open("model/a", Model.class).join();
            model(handle).set("a", 1);
            handle.close();
            time.advance(GRACE.plus(GRACE));
            storage.fail("read", "input/output error");

            CompletableFuture<Handle<Model>> opened = store.open("model/a", Model.class);
            assertThatThrownBy(opened::join)
                    .isInstanceOf(CompletionException.class)
                    .hasRootCauseMessage("input/output error");
            assertThat(store.stats().open()).isZero();

            storage.mend();
            assertThat(store.open("model/a", Model.class).join().replica().toJson())
                    .hasToString("{\"a\":1}");
        }
    }

    @Test
    void delete_endsSessions_andIsForEver() throws IOException {
        try (Store store = open()) {
            Handle<Model> handle = store.open("model/a", Model.class).join();
            model(handle).set("a", 1);
            Model peer = new Model();
            Pipe pipe = Pipe.connect(handle.replica(), peer);
            time.advance(WINDOW);

            assertThat(store.delete("model/a").join()).isTrue();
            assertThat(store.delete("model/a").join()).isFalse();
            assertThat(handle.isDeleted()).isTrue();
            assertThat(pipe.right().state()).isEqualTo(dev.scuttlebutt.Session.State.CLOSED);
            model(handle).set("a", 2);
            assertThat(handle.saved()).isCompletedExceptionally();
            time.advance(GRACE);
            handle.close();
        }
        assertThat(lines("model/a")).isEmpty();
        try (Store store = open()) {
            assertThatThrownBy(() -> store.open("model/a").join())
                    .hasCauseInstanceOf(DocumentDeletedException.class)
                    .hasMessageContaining("model/a");
            assertThat(store.list(NameRange.all())).isEmpty();
        }
    }

    @Test
    void replicaThatWasDisposedOf_isStillKept() throws IOException {
        try (Store store = open()) {
            Handle<Model> handle = store.open("model/a", Model.class).join();
            model(handle).set("a", 1);
            model(handle).dispose();
            time.advance(WINDOW);
            model(handle).set("b", 2);
            time.advance(WINDOW);
            model(handle).set("c", 3);
            handle.saved();
            time.advance(WINDOW);

            assertThat(lines("model/a").lines()).hasSize(3);
        }
    }

    @Test
    void ruleThatPutsSomethingIn_cannotBeUsed() throws IOException {
        try (Store store = open()) {
            assertThatThrownBy(() -> store.open("full/a").join())
                    .hasCauseInstanceOf(IOException.class)
                    .hasMessageContaining("full/");
        }
    }

    @Test
    void documentOfAnotherType_isNotOpened() throws IOException {
        try (Store store = open()) {
            model(store.open("model/a", Model.class).join()).set("a", 1);
            assertThatThrownBy(() -> store.open("model/a", Events.class).join())
                    .hasCauseInstanceOf(IllegalArgumentException.class);
            assertThat(store.holders("model/a")).isEqualTo(1);
        }
        Schema changed =
                Schema.builder().prefix("model/", "events", Events::new).build();
        try (Store store = Store.open(storage, changed, options)) {
            assertThatThrownBy(() -> store.open("model/a").join()).hasMessageContaining("stored as model");
        }
    }

    @Test
    void names_thatCannotBe_areRefused() throws IOException {
        try (Store store = open()) {
            for (String name : List.of("", "model/\0", "model/\ud800", "model/" + "x".repeat(1024), "other")) {
                assertThatThrownBy(() -> store.open(name).join()).hasCauseInstanceOf(IllegalArgumentException.class);
            }
            assertThat(store.stats().open()).isZero();
        }
    }

    @Test
    void openCancelled_holdsNothing() throws IOException {
        List<Runnable> tasks = new ArrayList<>();
        try (Store store = Store.open(storage, SCHEMA, options.executor(tasks::add))) {
            CompletableFuture<Handle<Replica>> opened = store.open("model/a");
            opened.cancel(false);
            List.copyOf(tasks).forEach(Runnable::run);

            assertThat(store.holders("model/a")).isZero();
            assertThat(store.stats().open()).isEqualTo(1);
        }
    }

    @Test
    void open_beyondTheLimit_isRefused() throws IOException {
        try (Store store = Store.open(storage, SCHEMA, options.maxOpen(2))) {
            store.open("model/1").join();
            Handle<Replica> second = store.open("model/2").join();
            assertThatThrownBy(() -> store.open("model/3").join()).hasCauseInstanceOf(IllegalStateException.class);
            second.close();
            time.advance(GRACE.plus(GRACE));
            store.open("model/3").join();
        }
    }

    @Test
    void badLines_areSetAside_andTheRestIsLoaded() throws IOException {
        byte[] lines =
                "[[\"a\",1],1,\"A\"]\n{broken\n[[\"b\",2],2,\"A\"]\n[7,3,\"A\"]\n".getBytes(StandardCharsets.UTF_8);
        memory.commit(List.of(new Write("model/a", "model", false, Clock.EMPTY, List.of(lines), List.of())), true);

        try (Store store = open()) {
            Handle<Model> handle = store.open("model/a", Model.class).join();
            assertThat(model(handle).toJson()).hasToString("{\"a\":1,\"b\":2}");
            assertThat(heard.setAside).extracting(Storage.BadRow::line).containsExactly(2, 4);

            time.advance(WINDOW);
            assertThat(store.badRows()).hasSize(2);
            assertThat(new String(store.badRows().get(0).bytes(), StandardCharsets.UTF_8))
                    .isEqualTo("{broken");
        }
        heard.setAside.clear();
        try (Store store = open()) {
            store.open("model/a", Model.class).join();
            assertThat(heard.setAside).as("told once").isEmpty();
        }
    }

    @Test
    void tooManyBadRows_refuseToOpen_andChangeNothing() throws IOException {
        byte[] bad = "{broken\n".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 3; i++) {
            memory.commit(List.of(new Write("model/a", "model", false, Clock.EMPTY, List.of(bad), List.of())), true);
        }
        try (Store store = Store.open(storage, SCHEMA, options.maxBadRows(2))) {
            assertThatThrownBy(() -> store.open("model/a").join()).hasMessageContaining("more than 2 bad rows");
            time.advance(GRACE);
            assertThat(blocks("model/a")).isEqualTo(3);
        }
    }

    @Test
    void list_isInOrderOfCodePoints_byPrefixAndRange() throws IOException {
        List<String> names = List.of("model/a", "model/b", "model/é", "model/\uffee", "model/😀", "events/x");
        try (Store store = open()) {
            for (String name : names) {
                Replica replica = store.open(name).join().replica();
                replica.apply(Update.of(List.of("k", 1), 1, "A"));
            }
            time.advance(WINDOW);

            assertThat(store.list(NameRange.prefix("model/")))
                    .extracting(StoredDocument::name)
                    .containsExactly("model/a", "model/b", "model/é", "model/\uffee", "model/😀");
            assertThat(store.list(NameRange.prefix("model/").after("model/b").limit(2)))
                    .extracting(StoredDocument::name)
                    .containsExactly("model/é", "model/\uffee");
            assertThat(store.list(NameRange.between("events/", "model/b")))
                    .extracting(StoredDocument::type)
                    .containsExactly("events", "model");
        }
    }

    @Test
    void watch_tellsWhatIsStored_thenWhatComes() throws IOException {
        List<Change> told = new ArrayList<>();
        try (Store store = open()) {
            Handle<Model> handle = store.open("model/a", Model.class).join();
            model(handle).set("a", 1);
            time.advance(WINDOW);
            Subscription subscription = store.watch(0, told::add);
            model(handle).set("a", 2);
            time.advance(WINDOW);
            store.delete("model/a").join();
            subscription.close();
            model(store.open("model/b", Model.class).join()).set("a", 1);
            time.advance(WINDOW);

            assertThat(told).extracting(Change::deleted).containsExactly(false, false, true);
            assertThat(told).extracting(Change::position).isSorted();
            assertThat(store.changes(told.get(1).position(), 10))
                    .extracting(Change::name)
                    .containsExactly("model/a", "model/b");
        }
    }

    @Test
    void id_isKept_butRenewedWhenTheStoreWasNotClosed() throws IOException {
        String first;
        try (Store store = open()) {
            first = store.open("model/a").join().replica().id();
            assertThat(store.open("model/b").join().replica().id()).isEqualTo(first);
        }
        Store killed = open();
        assertThat(killed.open("model/a").join().replica().id()).isEqualTo(first);
        try (Store store = open()) {
            assertThat(store.open("model/a").join().replica().id()).isNotEqualTo(first);
        }
    }

    @Test
    void clock_coversWhatWasSuperseded() throws IOException {
        Clock before;
        try (Store store = open()) {
            Replica replica = store.open("model/a").join().replica();
            replica.apply(Update.of(List.of("k", "old"), 1, "A"));
            replica.apply(Update.of(List.of("k", "new"), 2, "B"));
            time.advance(WINDOW);
            assertThat(lines("model/a").lines()).hasSize(1);
            before = replica.clock();
        }
        try (Store store = open()) {
            assertThat(store.open("model/a").join().replica().clock()).isEqualTo(before);
            assertThat(before.sources()).containsExactlyInAnyOrder("A", "B");
        }
    }

    @Test
    void close_writesTheRest() throws IOException {
        try (Store store = open()) {
            model(store.open("model/a", Model.class).join()).set("a", 1);
        }
        assertThat(lines("model/a").lines()).hasSize(1);
    }

    @Test
    void closeThatFails_saysSo() throws IOException {
        Store store = open();
        Handle<Model> handle = store.open("model/a", Model.class).join();
        model(handle).set("a", 1);
        CompletableFuture<?> saved = handle.saved();
        storage.fail("commit", "no space left on device");

        assertThatThrownBy(store::close).isInstanceOf(IOException.class).hasMessageContaining("no space");
        assertThat(saved).isCompletedExceptionally();
        assertThat(store.open("model/b")).isCompletedExceptionally();
    }
}
