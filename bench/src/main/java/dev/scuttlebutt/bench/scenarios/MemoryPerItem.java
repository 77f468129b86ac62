package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.RString;
import dev.scuttlebutt.types.crdt.Doc;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** What each key, row or letter takes in memory, with all that a peer could still ask for. */
public final class MemoryPerItem implements Scenario {
    private static final Unit BYTES = new Unit("bytes", false);

    /** What is in what. */
    public enum Kind {
        /** Keys of a model, a number each. */
        KEYS("a key of a model", Integer.MAX_VALUE, "", items -> Keys.filled("bench", items)),
        /** Rows of a document, four fields each. The original's cost grows with the cube of their number. */
        ROWS("a row of four fields", 2_000, "", Kind::rows),
        /** Letters of a text, typed one by one. Keys of the original grow with every letter; beyond, yjs has its place. */
        CHARACTERS("a letter, typed", 10_000, "-yjs", Kind::letters);

        private final String item;
        private final int mostForOriginal;
        private final String beyond;
        private final IntFunction<Replica> filled;

        Kind(String item, int mostForOriginal, String beyond, IntFunction<Replica> filled) {
            this.item = item;
            this.mostForOriginal = mostForOriginal;
            this.beyond = beyond;
            this.filled = filled;
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        private static Replica rows(int count) {
            Doc doc = new Doc("bench");
            for (int i = 0; i < count; i++) {
                doc.add(Json.object("id", "row" + i, "title", "title " + i, "owner", "user" + i % 100, "n", i));
            }
            return doc;
        }

        private static Replica letters(int count) {
            RString text = new RString("bench");
            for (int i = 0; i < count; i++) {
                text.insert(i, String.valueOf((char) ('a' + i % 26)));
            }
            return text;
        }
    }

    private static final int WARM_UP = 100;

    private final Kind kind;
    private final int items;

    /** Creates the scenario for so many of something. */
    public MemoryPerItem(Kind kind, int items) {
        this.kind = kind;
        this.items = items;
    }

    @Override
    public String name() {
        return "memory-" + kind.word() + "-" + items;
    }

    @Override
    public String title() {
        return String.format(Locale.ROOT, "memory for %s, of %,d", kind.item, items);
    }

    @Override
    public Unit unit() {
        return BYTES;
    }

    @Override
    public @Nullable Goal goal() {
        return null;
    }

    @Override
    public @Nullable String original() {
        if (items <= kind.mostForOriginal) {
            return "memory-" + kind.word() + ".js";
        }
        return kind.beyond.isEmpty() ? null : "memory-" + kind.word() + kind.beyond + ".js";
    }

    @Override
    public String beside() {
        return items > kind.mostForOriginal && !kind.beyond.isEmpty() ? "yjs" : Scenario.super.beside();
    }

    @Override
    public int repetitions(int usual) {
        return 1;
    }

    @Override
    public Work work(Work base) {
        return base.with("items", items);
    }

    @Override
    public Measurement measure(Work work) {
        int count = work.count("items");
        Replica warm = kind.filled.apply(WARM_UP);
        warm.dispose();
        double before = Heap.bytes();
        Replica replica = kind.filled.apply(count);
        double taken = Heap.bytes() - before;
        // Afterwards, so that it is still held.
        int held = replica.history().size();
        if (held != count) {
            throw new IllegalStateException("holds " + held + " updates instead of " + count);
        }
        return new Measurement(taken / count, Double.NaN, Map.of("MB", taken / (1 << 20)));
    }
}
