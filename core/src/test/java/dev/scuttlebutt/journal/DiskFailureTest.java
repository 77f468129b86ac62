package dev.scuttlebutt.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.Update;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that is full, fails, takes little at a time or loses its power. */
@Timeout(60)
class DiskFailureTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final MemoryDisk disk = new MemoryDisk();
    private final ToldListener listener = new ToldListener();
    private final List<String> told = listener.told;
    private final JournalOptions options = JournalOptions.defaults()
            .durability(Durability.everyUpdate())
            .retry(Duration.ofMillis(1))
            .listener(listener);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("j");
    }

    private FileJournal open(Model model) throws IOException {
        return FileJournal.open(file, model, options, disk);
    }

    private void assertKept(MemoryDisk where, Model expected) throws IOException {
        Model again = new Model();
        try (FileJournal journal = FileJournal.open(file, again, options, where)) {
            assertThat(journal.loaded().badLines()).isEmpty();
        }
        assertThat(again.toJson()).isEqualTo(expected.toJson());
        assertThat(again.clock()).isEqualTo(expected.clock());
        assertThat(again.id()).isEqualTo(expected.id());
    }

    @Test
    void fullDisk_isReportedAndRecoversWhenThereIsRoom() throws Exception {
        Model model = new Model();
        try (FileJournal journal = open(model)) {
            model.set("before", 1);
            assertThat(journal.await(journal.position(), PATIENCE)).isTrue();
            disk.capacityIsUsed();
            long acknowledged = journal.acknowledged();
            model.set("while full", 2);
            long position = journal.position();

            await().untilAsserted(() -> assertThat(journal.failure()).isNotNull());
            assertThat(journal.await(position, SHORT)).isFalse();
            assertThat(journal.acknowledged()).isEqualTo(acknowledged);
            assertThat(disk.text(file)).endsWith("]\n").doesNotContain("while full");

            model.set("while full", 3);
            disk.heal();
            assertThat(journal.await(position, PATIENCE)).isTrue();
            assertThat(journal.await(journal.position(), PATIENCE)).isTrue();
            await().untilAsserted(() -> assertThat(journal.failure()).isNull());
        }
        assertThat(told).containsExactly("No space left on device", "recovered");
        assertKept(disk, model);
    }

    @Test
    void writeThatGoesHalfWay_leavesNoHalfLine() throws Exception {
        Model model = new Model();
        try (FileJournal journal = open(model)) {
            List<String> undone = new CopyOnWriteArrayList<>();
            disk.watch = what -> {
                // Each try goes half way: only between the undoing of one and the start of the next is the file whole.
                if (disk.lastDone().equals("truncate j")) {
                    undone.add(disk.text(file));
                }
            };
            disk.capacityIsUsed();
            disk.capacity += 10;
            model.set("x", 1);
            await().untilAsserted(() -> assertThat(undone).isNotEmpty());

            assertThat(journal.failure()).isNotNull();
            assertThat(undone).allSatisfy(text -> assertThat(text).endsWith("\"SYNC\"\n"));
            disk.heal();
            assertThat(journal.await(journal.position(), PATIENCE)).isTrue();
        }
        assertKept(disk, model);
    }

    @Test
    void writeThatGoesHalfWayAndCannotBeUndone_isRepairedByTheNextTry() throws Exception {
        MemoryDisk left = new MemoryDisk();
        Model model = new Model();
        try (FileJournal journal = open(model)) {
            disk.capacityIsUsed();
            disk.capacity += 10;
            disk.refuse("truncate", "cannot cut");
            model.set("x", 1);
            await().untilAsserted(() -> assertThat(journal.failure()).isNotNull());

            assertThat(disk.text(file)).doesNotEndWith("\n");
            left.put(file, disk.bytes(file));
            disk.heal();
            assertThat(journal.await(journal.position(), PATIENCE)).isTrue();
            assertThat(disk.text(file)).endsWith("]\n");
        }
        assertKept(disk, model);
        assertKept(left, new Model(model.id()));
    }

    @Test
    void diskThatTakesLittleAtATime_getsEverything() throws Exception {
        disk.mostAtOnce = 3;
        Model model = new Model();
        try (FileJournal journal = open(model)) {
            model.set("x", "a value of some length");
            assertThat(journal.await(journal.position(), PATIENCE)).isTrue();
        }
        assertKept(disk, model);
    }

    @Test
    void refusedForce_isNotRepeated_butTheFileWrittenAnew() throws Exception {
        Model model = new Model();
        try (FileJournal journal = open(model)) {
            assertThat(journal.await(journal.position(), PATIENCE)).isTrue();
            disk.refuse("force j", "I/O error");
            model.set("x", 1);
            long position = journal.position();
            await().untilAsserted(() -> assertThat(told).contains("I/O error"));
            assertThat(journal.await(position, SHORT)).isFalse();
            int until = disk.log.size();
            disk.heal();

            assertThat(journal.await(position, PATIENCE)).isTrue();
            await().untilAsserted(() -> assertThat(journal.failure()).isNull());
            List<String> since = List.copyOf(disk.log).subList(until, disk.log.size());
            assertThat(since).containsSubsequence("force j.part", "replace j", "force directory");
            assertThat(since.subList(0, since.indexOf("replace j"))).doesNotContain("force j");
            assertThat(told).last().isEqualTo("recovered");
        }
        assertKept(disk, model);
    }

    @Test
    void refusedForceOfTheDirectory_isNotAcknowledged() throws Exception {
        Model model = new Model();
        try (FileJournal journal = open(model)) {
            assertThat(journal.await(journal.position(), PATIENCE)).isTrue();
            disk.refuse("force directory", "no directory");
            journal.compact().toCompletableFuture().get(30, TimeUnit.SECONDS);
            model.set("x", 1);
            long position = journal.position();

            assertThat(journal.await(position, SHORT)).isFalse();
            disk.heal();
            assertThat(journal.await(position, PATIENCE)).isTrue();
        }
        assertThat(told).containsExactly("no directory", "recovered");
        assertKept(disk, model);
    }

    @Test
    void refusedCompaction_keepsTheOldFileAndIsTriedAgain() throws Exception {
        Model model = new Model();
        try (FileJournal journal = open(model)) {
            disk.refuse("replace", "cannot replace");
            var refused = journal.compact().toCompletableFuture();
            assertThatThrownBy(() -> refused.get(30, TimeUnit.SECONDS)).hasMessageContaining("cannot replace");
            model.set("x", 1);
            assertThat(journal.await(journal.position(), PATIENCE)).isTrue();
            assertThat(journal.failure()).hasMessage("cannot replace");
            disk.heal();

            await().untilAsserted(() -> assertThat(journal.failure()).isNull());
            assertThat(disk.exists(FileJournal.part(file))).isFalse();
        }
        assertThat(told).containsExactly("cannot replace", "recovered");
        assertKept(disk, model);
    }

    @Test
    void successorThatVanishes_isWrittenOnceMore() throws Exception {
        Model model = new Model();
        AtomicBoolean once = new AtomicBoolean();
        try (FileJournal journal = open(model)) {
            disk.watch = what -> {
                if (what.equals("replace j") && once.compareAndSet(false, true)) {
                    disk.delete(FileJournal.part(file));
                    throw new IOException("vanished");
                }
            };
            var refused = journal.compact().toCompletableFuture();
            assertThatThrownBy(() -> refused.get(30, TimeUnit.SECONDS)).hasMessageContaining("vanished");
            model.set("x", 1);

            assertThat(journal.await(journal.position(), PATIENCE)).isTrue();
            await().untilAsserted(() -> assertThat(journal.failure()).isNull());
            assertThat(disk.log).contains("replace j");
        }
        assertKept(disk, model);
    }

    @Test
    void diskThatStaysFull_isToldAtTheEnd() throws Exception {
        Model model = new Model();
        FileJournal journal = open(model);
        assertThat(journal.await(journal.position(), PATIENCE)).isTrue();
        disk.capacityIsUsed();
        model.set("x", 1);
        long position = journal.position();

        assertThatThrownBy(journal::close)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("not everything was saved: No space left on device");
        assertThatThrownBy(() -> journal.await(position, PATIENCE)).isInstanceOf(IOException.class);
        disk.heal();
        assertKept(disk, new Model(model.id()));
    }

    @Test
    void fullDiskAtTheStart_failsToOpenAndLeavesTheLockFree() throws Exception {
        disk.capacity = 5;

        assertThatThrownBy(() -> open(new Model())).hasMessageContaining("No space left");
        disk.heal();
        open(new Model()).close();
    }

    @Test
    void anInterval_acknowledgesWhatWasForced() throws Exception {
        Model model = new Model();
        JournalOptions slow = options.durability(Durability.interval(Duration.ofHours(1)));
        try (FileJournal journal = FileJournal.open(file, model, slow, disk)) {
            model.set("x", 1);
            long position = journal.position();
            assertThat(journal.awaitWritten(position, PATIENCE)).isTrue();
            assertThat(journal.written()).isGreaterThanOrEqualTo(position);
            assertThat(journal.acknowledged()).isLessThan(position);

            journal.force().toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertThat(journal.acknowledged()).isGreaterThanOrEqualTo(position);
        }
    }

    @Test
    void anInterval_forcesByItself() throws Exception {
        Model model = new Model();
        JournalOptions quick = options.durability(Durability.interval(Duration.ofMillis(5)));
        try (FileJournal journal = FileJournal.open(file, model, quick, disk)) {
            model.set("x", 1);

            assertThat(journal.await(journal.position(), PATIENCE)).isTrue();
            assertThat(disk.log).contains("force j");
        }
    }

    @Test
    void manyWaiters_shareOneForce() throws Exception {
        Model model = new Model();
        try (FileJournal journal = open(model)) {
            assertThat(journal.await(journal.position(), PATIENCE)).isTrue();
            long before = forces();
            Object gate = new Object();
            disk.watch = what -> {
                if (what.equals("force j")) {
                    synchronized (gate) {
                        // Held until all have written.
                    }
                }
            };
            long last;
            synchronized (gate) {
                for (int i = 0; i < 1_000; i++) {
                    model.set("k" + i, i);
                }
                last = journal.position();
            }
            assertThat(journal.await(last, PATIENCE)).isTrue();
            disk.heal();

            assertThat(forces() - before).isBetween(1L, 3L);
        }
    }

    private long forces() {
        return List.copyOf(disk.log).stream().filter("force j"::equals).count();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void lossOfPowerAtAnyMoment_keepsWhatWasAcknowledged(long seed) throws Exception {
        Random random = new Random(seed);
        Events events = new Events("A");
        int before = random.nextInt(50);
        MemoryDisk left;
        try (FileJournal journal = FileJournal.open(file, events, options, disk)) {
            for (int i = 0; i < before; i++) {
                events.emit("e", i);
            }
            if (random.nextBoolean()) {
                journal.compact();
            }
            assertThat(journal.await(journal.position(), PATIENCE)).isTrue();
            int unacknowledged = random.nextInt(50);
            for (int i = 0; i < unacknowledged; i++) {
                events.emit("later", "x".repeat(random.nextInt(100)));
            }
            left = disk.afterLossOfPower(random);
        }
        Events again = new Events("B");
        try (FileJournal journal = FileJournal.open(file, again, options, left)) {
            assertThat(journal.loaded().badLines()).isEmpty();
        }

        assertThat(again.history().size()).isGreaterThanOrEqualTo(before);
        List<Update> all = events.history();
        assertThat(all.subList(0, again.history().size())).isEqualTo(again.history());
    }

    @Test
    void everyStepOfACompaction_leavesACompleteFile() throws Exception {
        Model model = new Model();
        for (int i = 0; i < 50; i++) {
            model.set("k" + i, i);
        }
        List<String> incomplete = new CopyOnWriteArrayList<>();
        try (FileJournal journal = open(model)) {
            disk.watch = what -> {
                Model seen = new Model();
                MemoryDisk now = new MemoryDisk();
                now.put(file, disk.bytes(file));
                try (Disk.Handle handle = now.open(file);
                        Loader loader = new Loader(file, seen, options)) {
                    loader.load(handle);
                }
                if (!seen.toJson().equals(model.toJson())) {
                    incomplete.add(what);
                }
            };
            journal.compact().toCompletableFuture().get(30, TimeUnit.SECONDS);
            disk.heal();
        }

        assertThat(disk.log).contains("replace j");
        assertThat(incomplete).isEmpty();
    }
}
