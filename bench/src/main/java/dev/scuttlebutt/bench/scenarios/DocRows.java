package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Stopwatch;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.crdt.Doc;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fills an empty document with rows of four fields, one update each. The original's cost grows with the cube. */
public final class DocRows implements Scenario {
    static final Unit UPDATES = new Unit("updates/s", true);

    /** Beyond this many the original needs minutes for one round. */
    private static final int MOST_FOR_ORIGINAL = 1_000;

    private final int rows;

    /** Fills with so many rows. */
    public DocRows(int rows) {
        this.rows = rows;
    }

    @Override
    public String name() {
        return "doc-" + rows;
    }

    @Override
    public String title() {
        return "%,d rows of 4 fields into an empty document".formatted(rows);
    }

    @Override
    public Unit unit() {
        return UPDATES;
    }

    @Override
    public @Nullable Goal goal() {
        return rows <= MOST_FOR_ORIGINAL ? new Goal.TimesOriginal(1) : null;
    }

    @Override
    public @Nullable String original() {
        return rows <= MOST_FOR_ORIGINAL ? "doc.js" : null;
    }

    @Override
    public Work work(Work base) {
        return base.with("rows", rows);
    }

    @Override
    public Measurement measure(Work work) throws IOException {
        int count = work.count("rows");
        Stopwatch watch = new Stopwatch(work);
        double heap = 0;
        while (watch.running()) {
            double before = heap == 0 ? Heap.megabytes() : 0;
            Doc doc = new Doc("bench");
            watch.start();
            for (int i = 0; i < count; i++) {
                doc.add(Json.object("id", "row" + i, "title", "title " + i, "owner", "user" + i % 100, "n", i));
            }
            watch.stop(count);
            heap = heap == 0 ? Heap.megabytes() - before : heap;
            if (doc.history().size() != count) {
                throw new IllegalStateException("holds " + doc.history().size() + " updates instead of " + count);
            }
        }
        return watch.rate(Map.of("heap MB", heap));
    }
}
