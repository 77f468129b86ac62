package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.bench.Conversation;
import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.PeerProcess;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Stopwatch;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.store.Handle;
import dev.scuttlebutt.store.Schema;
import dev.scuttlebutt.store.SqliteStorage;
import dev.scuttlebutt.store.Store;
import dev.scuttlebutt.store.StoreOptions;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A process opens a document with so many live keys, which is stored as a snapshot. Once, in a JVM that has loaded nothing
 * before, as a start is.
 */
public final class StoreLoad implements Scenario {
    private static final Unit SECONDS = new Unit("s", false);
    private static final int MILLION = 1_000_000;
    private static final double MOST_SECONDS = 3;
    private static final double MOST_FOR_TWICE = 2.2;
    private static final String DOCUMENT = "bench";
    private static final Schema SCHEMA =
            Schema.builder().prefix("", "model", Model::new).build();

    private final int keys;

    /** Creates the scenario for so many keys. */
    public StoreLoad(int keys) {
        this.keys = keys;
    }

    @Override
    public String name() {
        return "store-load-" + keys;
    }

    @Override
    public String title() {
        return String.format(Locale.ROOT, "open a stored document with %,d live keys", keys);
    }

    @Override
    public Unit unit() {
        return SECONDS;
    }

    @Override
    public Goal goal() {
        return keys <= MILLION
                ? new Goal.AtMost(MOST_SECONDS, SECONDS)
                : new Goal.TimesScenario(MOST_FOR_TWICE, "store-load-" + keys / 2);
    }

    @Override
    public @Nullable String original() {
        return null;
    }

    @Override
    public Work work(Work base) {
        return base.with("keys", keys);
    }

    @Override
    public Measurement measure(Work work) throws IOException {
        try (Folder folder = Folder.make()) {
            Path directory = folder.path().resolve("data");
            try (PeerProcess writer = PeerProcess.start(this, work)) {
                writer.ask(Json.object("write", directory.toString()));
            }
            return load(directory, work.count("keys"));
        }
    }

    @Override
    public void peer(Work work, Conversation measuring) throws IOException {
        Json order;
        while ((order = measuring.hear()) != null) {
            Json directory = order.asObject().get("write");
            if (directory == null) {
                throw new IllegalArgumentException("nothing to write was named in " + order);
            }
            write(Path.of(directory.asString()), work.count("keys"));
            measuring.say(Json.TRUE);
        }
    }

    /** So that each snapshot follows the last write: it takes the place of what was written before. */
    private static void write(Path directory, int keys) throws IOException {
        StoreOptions options = StoreOptions.defaults().compact(0, 1);
        try (Store store = Store.open(SqliteStorage.open(directory), SCHEMA, options);
                Handle<Model> document = store.open(DOCUMENT, Model.class).join()) {
            Model filled = Keys.filled("other", keys);
            filled.history().forEach(document.replica()::apply);
            document.saved().join();
            document.replica().set("last", true);
        }
    }

    private static Measurement load(Path directory, int keys) throws IOException {
        long cpu = Stopwatch.ownCpuNanos();
        long start = System.nanoTime();
        try (Store store = Store.open(SqliteStorage.open(directory), SCHEMA);
                Handle<Model> document = store.open(DOCUMENT, Model.class).join()) {
            double seconds = (System.nanoTime() - start) / 1e9;
            double cpuSeconds = (Stopwatch.ownCpuNanos() - cpu) / 1e9;
            if (document.replica().keys().size() != keys + 1) {
                throw new IllegalStateException(document.replica().keys().size() + " keys were loaded");
            }
            return new Measurement(seconds, cpuSeconds, Map.of("MB", Folder.bytes(directory) / 1e6));
        }
    }
}
