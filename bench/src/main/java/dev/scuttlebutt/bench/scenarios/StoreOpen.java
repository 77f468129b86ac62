package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Stopwatch;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.store.Handle;
import dev.scuttlebutt.store.Schema;
import dev.scuttlebutt.store.SqliteStorage;
import dev.scuttlebutt.store.Store;
import dev.scuttlebutt.store.StoreOptions;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How many small documents a second are loaded, looked at and let go, as for connections that are short. */
public final class StoreOpen implements Scenario {
    private static final Unit DOCUMENTS = new Unit("documents/s", true);
    private static final int KEYS = 10;
    private static final int AT_ONCE = 16;
    private static final Schema SCHEMA =
            Schema.builder().prefix("", "model", Model::new).build();

    /** Creates the scenario. */
    public StoreOpen() {}

    @Override
    public String name() {
        return "store-open";
    }

    @Override
    public String title() {
        return "store, open and close documents of " + KEYS + " keys, " + AT_ONCE + " at a time";
    }

    @Override
    public Unit unit() {
        return DOCUMENTS;
    }

    @Override
    public @Nullable String original() {
        return null;
    }

    @Override
    public Work work(Work base) {
        return base.with("documents", 20_000);
    }

    @Override
    public Measurement measure(Work work) throws IOException {
        int documents = work.count("documents");
        try (Folder folder = Folder.make()) {
            Path directory = folder.path().resolve("data");
            fill(directory, documents);
            StoreOptions options = StoreOptions.defaults().grace(Duration.ZERO);
            try (Store store = Store.open(SqliteStorage.open(directory), SCHEMA, options)) {
                open(store, documents);
                long cpu = Stopwatch.ownCpuNanos();
                long start = System.nanoTime();
                open(store, documents);
                double seconds = (System.nanoTime() - start) / 1e9;
                double cpuSeconds = (Stopwatch.ownCpuNanos() - cpu) / 1e9;
                return new Measurement(
                        documents / seconds,
                        documents / cpuSeconds,
                        Map.of("bytes per document", Folder.bytes(directory) / (double) documents));
            }
        }
    }

    private static void fill(Path directory, int documents) throws IOException {
        try (Store store = Store.open(
                SqliteStorage.open(directory), SCHEMA, StoreOptions.defaults().grace(Duration.ZERO))) {
            for (int i = 0; i < documents; i++) {
                try (Handle<Model> document = store.open("d" + i, Model.class).join()) {
                    for (int key = 0; key < KEYS; key++) {
                        document.replica().set("key " + key, i);
                    }
                }
            }
        }
    }

    private static void open(Store store, int documents) {
        Deque<CompletableFuture<Handle<Replica>>> opening = new ArrayDeque<>();
        for (int i = 0; i < documents; i++) {
            opening.add(store.open("d" + i));
            if (opening.size() == AT_ONCE) {
                look(opening.remove());
            }
        }
        opening.forEach(StoreOpen::look);
    }

    private static void look(CompletableFuture<Handle<Replica>> opening) {
        try (Handle<Replica> handle = opening.join()) {
            if (handle.replica().history().size() != KEYS) {
                throw new IllegalStateException(
                        handle + " has " + handle.replica().history().size() + " updates");
            }
        }
    }
}
