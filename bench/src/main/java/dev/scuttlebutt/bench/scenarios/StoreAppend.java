package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Stopwatch;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.journal.Durability;
import dev.scuttlebutt.store.Handle;
import dev.scuttlebutt.store.Schema;
import dev.scuttlebutt.store.SqliteStorage;
import dev.scuttlebutt.store.Store;
import dev.scuttlebutt.store.StoreOptions;
import dev.scuttlebutt.types.Events;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How many updates a second a store in SQLite takes, until all are acknowledged, at a level of durability. Beside it, in the
 * same run, how often this disk can be forced, and how many bytes an update takes on it.
 */
public final class StoreAppend implements Scenario {
    private static final int DOCUMENTS = 64;
    private static final int WAITED_FOR = 20;
    private static final long NEVER_COMPACT = Long.MAX_VALUE;
    private static final Schema SCHEMA =
            Schema.builder().prefix("", "events", Events::new).build();

    private final String name;
    private final Durability durability;
    private final boolean eachWaits;

    /**
     * Creates the scenario for a level.
     *
     * @param eachWaits whether each update is waited for, by one thread for each document
     */
    public StoreAppend(String level, Durability durability, boolean eachWaits) {
        this.name = "store-append-" + level + (eachWaits ? "-awaited" : "");
        this.durability = durability;
        this.eachWaits = eachWaits;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String title() {
        String level = durability.kind().name().toLowerCase(Locale.ROOT);
        return eachWaits
                ? "store, a writer for each of " + DOCUMENTS + " documents that waits for each, durability " + level
                : "store, one writer to " + DOCUMENTS + " documents, durability " + level;
    }

    @Override
    public Unit unit() {
        return JournalAppend.UPDATES;
    }

    @Override
    public @Nullable String original() {
        return null;
    }

    @Override
    public Work work(Work base) {
        return base.with("updates", 200_000);
    }

    @Override
    public Measurement measure(Work work) throws Exception {
        try (Folder folder = Folder.make()) {
            double forces = Forces.perSecond(folder.path().resolve("forces"));
            round(folder.path().resolve("warm-up"), work.count("updates"), 1);
            return round(folder.path().resolve("store"), work.count("updates"), forces);
        }
    }

    private Measurement round(Path directory, int updates, double forces) throws Exception {
        StoreOptions options = StoreOptions.defaults().durability(durability).compact(1, NEVER_COMPACT);
        double rate;
        double perCpu;
        long done;
        try (Store store = Store.open(SqliteStorage.open(directory), SCHEMA, options)) {
            List<Handle<Events>> documents = new ArrayList<>();
            for (int i = 0; i < DOCUMENTS; i++) {
                documents.add(store.open("bench" + i, Events.class).join());
            }
            long cpu = Stopwatch.ownCpuNanos();
            long start = System.nanoTime();
            done = eachWaits ? writeAndWait(documents) : write(documents, updates);
            rate = done * 1e9 / (System.nanoTime() - start);
            perCpu = done * 1e9 / (Stopwatch.ownCpuNanos() - cpu);
        }
        return new Measurement(
                rate,
                perCpu,
                Map.of(
                        "forces/s of the disk", forces,
                        "updates per force of the disk", rate / forces,
                        "bytes per update", size(directory) / done));
    }

    private static double size(Path directory) throws IOException {
        return Folder.bytes(directory);
    }

    private static long write(List<Handle<Events>> documents, int updates) {
        for (int i = 0; i < updates; i++) {
            documents.get(i % DOCUMENTS).replica().emit("temperature", i);
        }
        documents.forEach(document -> document.saved().join());
        return updates;
    }

    private static long writeAndWait(List<Handle<Events>> documents) throws InterruptedException {
        AtomicLong done = new AtomicLong();
        CountDownLatch ended = new CountDownLatch(DOCUMENTS);
        for (Handle<Events> document : documents) {
            new Thread(() -> {
                        try {
                            for (int i = 0; i < WAITED_FOR; i++) {
                                document.replica().emit("temperature", i);
                                document.saved().join();
                                done.incrementAndGet();
                            }
                        } finally {
                            ended.countDown();
                        }
                    })
                    .start();
        }
        ended.await();
        if (done.get() != (long) DOCUMENTS * WAITED_FOR) {
            throw new IllegalStateException("only " + done + " updates were acknowledged");
        }
        return done.get();
    }
}
