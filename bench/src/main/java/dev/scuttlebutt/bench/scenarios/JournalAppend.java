package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Stopwatch;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.journal.Durability;
import dev.scuttlebutt.journal.FileJournal;
import dev.scuttlebutt.journal.JournalOptions;
import dev.scuttlebutt.types.Events;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Updates that are never superseded, written to a journal, until every one is acknowledged. In one form by a thread that
 * does not wait, in another by many that wait for each. Beside it, in the same run, how often this disk can be forced.
 */
public final class JournalAppend implements Scenario {
    static final Unit UPDATES = new Unit("updates/s", true);

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int WAITING_THREADS = 64;
    private static final int WAITED_FOR = 20;
    private static final long NEVER_COMPACT = Long.MAX_VALUE;

    private final String name;
    private final Durability durability;
    private final boolean eachWaits;

    /**
     * Creates the scenario for a level.
     *
     * @param eachWaits whether each update is waited for, by one of many threads
     */
    public JournalAppend(String level, Durability durability, boolean eachWaits) {
        this.name = "journal-" + level + (eachWaits ? "-awaited" : "");
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
                ? "journal, " + WAITING_THREADS + " writers that wait for each, durability " + level
                : "journal, one writer, durability " + level;
    }

    @Override
    public Unit unit() {
        return UPDATES;
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
            round(folder.path().resolve("warm-up"), work.count("updates"));
            return round(folder.path().resolve("journal"), work.count("updates"), forces);
        }
    }

    private void round(Path file, int updates) throws Exception {
        round(file, updates, 1);
    }

    private Measurement round(Path file, int updates, double forces) throws Exception {
        Events events = new Events("bench");
        JournalOptions options =
                JournalOptions.defaults().durability(durability).compact(1, NEVER_COMPACT);
        try (FileJournal journal = FileJournal.open(file, events, options)) {
            long before = journal.size();
            long cpu = Stopwatch.ownCpuNanos();
            long start = System.nanoTime();
            long done = eachWaits ? writeAndWait(events, journal) : write(events, journal, updates);
            double seconds = (System.nanoTime() - start) / 1e9;
            double cpuSeconds = (Stopwatch.ownCpuNanos() - cpu) / 1e9;
            double rate = done / seconds;
            return new Measurement(
                    rate,
                    done / cpuSeconds,
                    Map.of(
                            "forces/s of the disk", forces,
                            "updates per force of the disk", rate / forces,
                            "bytes per update", (journal.size() - before) / (double) done));
        }
    }

    private static long write(Events events, FileJournal journal, int updates) throws Exception {
        for (int i = 0; i < updates; i++) {
            events.emit("temperature", i);
        }
        await(journal);
        return updates;
    }

    private static void await(FileJournal journal) throws IOException, InterruptedException {
        if (!journal.await(journal.position(), PATIENCE)) {
            throw new IllegalStateException("not acknowledged in time", journal.failure());
        }
    }

    private static long writeAndWait(Events events, FileJournal journal) throws Exception {
        AtomicLong done = new AtomicLong();
        CountDownLatch ended = new CountDownLatch(WAITING_THREADS);
        for (int t = 0; t < WAITING_THREADS; t++) {
            new Thread(() -> {
                        try {
                            for (int i = 0; i < WAITED_FOR; i++) {
                                events.emit("temperature", i);
                                await(journal);
                                done.incrementAndGet();
                            }
                        } catch (IOException | InterruptedException broken) {
                            throw new IllegalStateException(broken);
                        } finally {
                            ended.countDown();
                        }
                    })
                    .start();
        }
        ended.await();
        if (done.get() != (long) WAITING_THREADS * WAITED_FOR) {
            throw new IllegalStateException("only " + done + " updates were acknowledged");
        }
        return done.get();
    }
}
