package dev.scuttlebutt.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.journal.Durability;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store in a file, with its own threads. */
final class SqliteStoreTest {
    private static final Schema SCHEMA =
            Schema.builder().prefix("", "model", Model::new).build();

    @TempDir
    Path folder;

    private Store open(StoreOptions options) throws IOException {
        return Store.open(SqliteStorage.open(folder), SCHEMA, options);
    }

    @Test
    void documents_ofAnyName_areThereAfterARestart() throws IOException {
        List<String> names = List.of("a", "é", "文書/一", "😀 \" ' % _", "a/../b", "x".repeat(1024));
        try (Store store = open(StoreOptions.defaults())) {
            for (String name : names) {
                try (Handle<Model> handle = store.open(name, Model.class).join()) {
                    handle.replica().set("name é", name);
                    handle.replica().set("lone \ud800", "\0");
                }
            }
        }
        try (Store store = open(StoreOptions.defaults())) {
            assertThat(store.list(NameRange.all())).hasSameSizeAs(names);
            for (String name : names) {
                Model model = store.open(name, Model.class).join().replica();
                assertThat(model.get("name é")).isEqualTo(dev.scuttlebutt.json.Json.of(name));
                assertThat(model.get("lone \ud800")).isEqualTo(dev.scuttlebutt.json.Json.of("\0"));
            }
        }
    }

    @Test
    void manyWriters_eachWaitingForTheDisk_shareItsForce() throws Exception {
        StoreOptions options =
                StoreOptions.defaults().durability(Durability.everyUpdate()).window(Duration.ZERO);
        try (Store store = open(options)) {
            List<CompletableFuture<?>> saved = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Handle<Model> handle = store.open("d" + i % 20, Model.class).join();
                handle.replica().set("k" + i, i);
                saved.add(handle.saved());
                handle.close();
            }
            CompletableFuture.allOf(saved.toArray(new CompletableFuture<?>[0])).get(60, TimeUnit.SECONDS);
            assertThat(store.stats().commits()).isLessThanOrEqualTo(200);
        }
        try (Store store = open(options)) {
            int updates = 0;
            for (int i = 0; i < 20; i++) {
                updates += store.open("d" + i).join().replica().history().size();
            }
            assertThat(updates).isEqualTo(200);
        }
    }

    @Test
    void purge_leavesNoByte() throws Exception {
        String secret = "SECRET-4711";
        try (Store store =
                open(StoreOptions.defaults().durability(Durability.none()).compact(1, 100))) {
            Handle<Model> handle = store.open("a", Model.class).join();
            for (int i = 0; i < 50; i++) {
                handle.replica().set("k", secret + i);
                handle.saved().get(30, TimeUnit.SECONDS);
            }
            store.purge("a").get(30, TimeUnit.SECONDS);
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                            .as(file.toString())
                            .doesNotContain(secret);
                }
            }
            assertThatThrownBy(() -> store.open("a").join()).hasCauseInstanceOf(DocumentDeletedException.class);
        }
    }

    @Test
    void fullDisk_keepsDocumentsInMemory_untilThereIsRoom() throws Exception {
        SqliteStorage sqlite = SqliteStorage.open(folder);
        try (Store store = Store.open(
                sqlite, SCHEMA, StoreOptions.defaults().grace(Duration.ZERO).retry(Duration.ofMillis(20)))) {
            store.open("before", Model.class).join().replica().set("k", 1);
            store.flush().get(30, TimeUnit.SECONDS);
            sqlite.pragma("max_page_count = 40");
            Handle<Model> handle = store.open("a", Model.class).join();
            handle.replica().set("k", "x".repeat(500_000));
            CompletableFuture<?> saved = handle.saved();
            handle.close();
            await().until(() -> store.failure() != null);
            assertThat(store.failure()).hasMessageContaining("full");
            try (Handle<Model> again = store.open("a", Model.class).join()) {
                assertThat(again.replica().keys()).containsExactly("k");
            }
            assertThat(saved).isNotDone();

            sqlite.pragma("max_page_count = 100000");
            saved.get(30, TimeUnit.SECONDS);
            await().until(() -> store.failure() == null && store.stats().holders() == 1);
        }
        try (Store store = open(StoreOptions.defaults())) {
            assertThat(store.open("a").join().replica().history()).hasSize(1);
            assertThat(store.open("before").join().replica().history()).hasSize(1);
        }
    }

    @Test
    void manyShortOpens_leaveNothingBehind() throws Exception {
        openAndClose(2_000);
    }

    @Tag("soak")
    @Test
    void veryManyShortOpens_leaveNothingBehind() throws Exception {
        openAndClose(10_000);
        long before = heap();
        openAndClose(100_000);
        long after = heap();
        assertThat((double) after).as("heap before %d, after %d", before, after).isLessThan(before * 1.05);
    }

    private static long heap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(
                    least,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }

    private Store kept;

    private void openAndClose(int count) throws Exception {
        if (kept == null) {
            kept = open(StoreOptions.defaults().grace(Duration.ofMillis(1)).maxOpen(1_000_000));
        }
        for (int i = 0; i < count; i++) {
            Model peer = new Model();
            peer.set("k", i);
            try (Handle<Model> handle = kept.open("d" + i, Model.class).join()) {
                Pipe.connect(handle.replica(), peer).close();
            }
        }
        await().atMost(Duration.ofMinutes(5)).until(() -> kept.stats().open() == 0);
        assertThat(kept.stats().holders()).isZero();
        assertThat(kept.stats().waiting()).isZero();
        assertThat(kept.list(NameRange.all()).size()).isGreaterThanOrEqualTo(count);
    }

    @org.junit.jupiter.api.AfterEach
    void close() throws IOException {
        if (kept != null) {
            kept.close();
        }
    }
}
