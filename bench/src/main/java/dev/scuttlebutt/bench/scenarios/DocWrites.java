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
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Writes single fields, ten for each row. At a million the original would not come to an end. */
public final class DocWrites implements Scenario {
    private static final int FIELDS = 4;
    private static final int WRITES_PER_ROW = 10;

    /** Beyond this many the original needs minutes for one round. */
    private static final int MOST_FOR_ORIGINAL = 1_000;

    private final int writes;

    /** Writes so many times. */
    public DocWrites(int writes) {
        this.writes = writes;
    }

    @Override
    public String name() {
        return "doc-writes-" + writes;
    }

    @Override
    public String title() {
        return "%,d writes of a field on %,d rows".formatted(writes, writes / WRITES_PER_ROW);
    }

    @Override
    public Unit unit() {
        return DocRows.UPDATES;
    }

    @Override
    public @Nullable Goal goal() {
        return writes <= MOST_FOR_ORIGINAL ? new Goal.TimesOriginal(1) : null;
    }

    @Override
    public @Nullable String original() {
        return writes <= MOST_FOR_ORIGINAL ? "doc-writes.js" : null;
    }

    @Override
    public Work work(Work base) {
        return base.with("rows", writes / WRITES_PER_ROW).with("writes", writes);
    }

    @Override
    public Measurement measure(Work work) throws IOException {
        Stopwatch watch = new Stopwatch(work);
        double heap = 0;
        double held = 0;
        while (watch.running()) {
            double before = heap == 0 ? Heap.megabytes() : 0;
            watch.start();
            Doc doc = filled("bench", work);
            watch.stop(work.count("writes"));
            heap = heap == 0 ? Heap.megabytes() - before : heap;
            held = doc.history().size();
        }
        return watch.rate(Map.of("heap MB", heap, "updates held", held));
    }

    static Doc filled(String id, Work work) {
        Doc doc = new Doc(id);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = work.count("writes"); i > 0; i--) {
            doc.set("row" + random.nextInt(work.count("rows")), Json.object("field" + random.nextInt(FIELDS), i));
        }
        return doc;
    }
}
