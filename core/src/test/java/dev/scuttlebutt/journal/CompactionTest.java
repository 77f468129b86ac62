package dev.scuttlebutt.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When a file is written anew, when the disk is forced, and what becomes of the files. */
@Timeout(60)
class CompactionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String HISTORY =
            "{\"id\":\"A\",\"clock\":{\"A\":1}}\n[[\"x\",\"" + "x".repeat(100) + "\"],1,\"A\"]\n\"SYNC\"\n";

    private final MemoryDisk disk = new MemoryDisk();
    private final JournalOptions always =
            JournalOptions.defaults().durability(Durability.everyUpdate()).compact(1, 0);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("j");
    }

    /** An update of so many bytes, its line feed included. */
    private static String update(int bytes, int timestamp) {
        String around = "[[\"x\",\"\"]," + timestamp + ",\"A\"]\n";
        return "[[\"x\",\"" + "y".repeat(bytes - around.length()) + "\"]," + timestamp + ",\"A\"]\n";
    }

    private void openAndClose(String text, JournalOptions options, boolean compacts) throws Exception {
        disk.put(file, text.getBytes(StandardCharsets.UTF_8));
        disk.log.clear();
        try (FileJournal journal = FileJournal.open(file, new Model(), options, disk)) {
            // The second one is answered by a later step than the first.
            journal.force().toCompletableFuture().get(30, TimeUnit.SECONDS);
            journal.force().toCompletableFuture().get(30, TimeUnit.SECONDS);
            if (compacts) {
                await().untilAsserted(() -> assertThat(disk.log).contains("replace j"));
            }
        }
    }

    @Test
    void fileThatWasThere_isWrittenAnew_whenWhatFollowsIsAsLongAsTheHistory() throws Exception {
        openAndClose(HISTORY + update(HISTORY.length() - 1, 2), always, false);
        assertThat(disk.log).doesNotContain("open j.part");
        openAndClose(HISTORY + update(HISTORY.length(), 2), always, true);

        openAndClose(HISTORY + update(HISTORY.length(), 2), always.compact(1, HISTORY.length() + 1), false);
        assertThat(disk.log).as("below the least").doesNotContain("open j.part");
        openAndClose(HISTORY + update(2 * HISTORY.length() - 1, 2), always.compact(2, 0), false);
        assertThat(disk.log).as("below the factor").doesNotContain("open j.part");
        openAndClose(HISTORY + update(2 * HISTORY.length(), 2), always.compact(2, 0), true);
        assertThat(disk.log).contains("open j.part", "replace j");
    }

    @Test
    void newFile_isMeasuredByTheHistoryItBeganWith() throws Exception {
        Events events = new Events("A");
        events.emit("first", "x".repeat(1000));
        try (FileJournal journal = FileJournal.open(file, events, always, disk)) {
            disk.log.clear();
            events.emit("e", "x".repeat(500));
            assertThat(journal.await(journal.position(), PATIENCE)).isTrue();
            assertThat(journal.await(journal.position(), PATIENCE)).isTrue();
            assertThat(disk.log).doesNotContain("open j.part");
            events.emit("e", "x".repeat(1000));
            await().untilAsserted(() -> assertThat(disk.log).contains("replace j"));
            journal.force().toCompletableFuture().get(30, TimeUnit.SECONDS);
            disk.log.clear();
            events.emit("e", "x".repeat(2000));
            journal.force().toCompletableFuture().get(30, TimeUnit.SECONDS);
            journal.force().toCompletableFuture().get(30, TimeUnit.SECONDS);

            assertThat(disk.log).as("the history has grown").doesNotContain("open j.part");
        }
    }

    @Test
    void filesThatAreNotNeededAnyMore_areClosed() throws Exception {
        Model model = new Model();
        FileJournal journal = FileJournal.open(file, model, always.compact(1, 1 << 20), disk);
        disk.log.clear();
        journal.compact().toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertThat(disk.log).containsSubsequence("replace j", "close a file that is gone");
        journal.close();

        assertThat(disk.log).endsWith("close j");
    }

    @Test
    void successorThatCouldNotBeWritten_isClosedAndRemoved() throws Exception {
        Model model = new Model();
        try (FileJournal journal = FileJournal.open(file, model, always.retry(Duration.ofHours(1)), disk)) {
            disk.refuse("force j.part", "I/O error");
            disk.log.clear();
            assertThat(journal.compact()
                            .toCompletableFuture()
                            .handle((done, failed) -> failed.getMessage())
                            .get(30, TimeUnit.SECONDS))
                    .contains("I/O error");

            assertThat(disk.log).containsSubsequence("close j.part", "delete j.part");
        }
    }

    @Test
    void leftoverBesideAFileThatIsSaved_doesNotGetIntoIt() throws Exception {
        Model model = new Model("A");
        Path real = folder.resolve("real");
        Files.writeString(FileJournal.part(real), "leftover\n".repeat(100));
        FileJournal.save(real, model);

        assertThat(real).hasContent("{\"id\":\"A\",\"clock\":{}}\n\"SYNC\"\n");
        assertThat(FileJournal.part(real)).doesNotExist();
    }

    @Test
    void refusedOpening_closesWhatItOpened() throws Exception {
        disk.refuse("truncate", "cannot cut");
        assertThat(failure(() -> FileJournal.open(file, new Model(), always, disk)))
                .contains("cannot cut");
        assertThat(disk.log).endsWith("close j.part");
        disk.heal();
        disk.put(file, "no journal\n".getBytes(StandardCharsets.UTF_8));
        assertThat(failure(() -> FileJournal.open(file, new Model(), always, disk)))
                .contains("is no journal");
        assertThat(disk.log).endsWith("close j");
        disk.log.clear();
        disk.put(file, "{\"id\":\"A\",\"clock\":{}}\n[1,1".getBytes(StandardCharsets.UTF_8));
        disk.refuse("force j.part", "I/O error");
        assertThat(failure(() -> FileJournal.open(file, new Model(), always, disk)))
                .contains("I/O error");

        assertThat(disk.log).endsWith("close j.part").containsSubsequence("open j", "close j", "open j.part");
    }

    private interface Opening {
        FileJournal open() throws IOException;
    }

    private static String failure(Opening opening) {
        try {
            opening.open().close();
            return "opened";
        } catch (IOException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    // Forcing

    @Test
    void withoutDurability_nothingIsForced_untilSomebodyAsks() throws Exception {
        Model model = new Model();
        JournalOptions none = JournalOptions.defaults().durability(Durability.none());
        try (FileJournal journal = FileJournal.open(file, model, none, disk)) {
            disk.log.clear();
            model.set("x", 1);
            long position = journal.position();
            assertThat(journal.await(position, PATIENCE)).isTrue();
            assertThat(journal.acknowledged()).isGreaterThanOrEqualTo(position);
            assertThat(disk.log).contains("write j").doesNotContain("force j");
            journal.force().toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertThat(disk.log).containsOnlyOnce("force j");
            model.set("x", 2);
            assertThat(journal.await(journal.position(), PATIENCE)).isTrue();

            assertThat(disk.log).as("once for each time it is asked").containsOnlyOnce("force j");
        }
        assertThat(disk.log).endsWith("force j", "close j");
    }

    @Test
    void nothingNew_isNotForced() throws Exception {
        Model model = new Model();
        try (FileJournal journal = FileJournal.open(file, model, always.compact(1, 1 << 20), disk)) {
            journal.force().toCompletableFuture().get(30, TimeUnit.SECONDS);
            disk.log.clear();
            journal.force().toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertThat(journal.await(journal.position(), PATIENCE)).isTrue();

            assertThat(disk.log).isEmpty();
        }
    }

    @Test
    void replicaDisposedOfWhileTheDiskIsFull_isWrittenWhenThereIsRoom() throws Exception {
        Model model = new Model();
        JournalOptions patient = always.compact(1, 1 << 20).retry(Duration.ofMillis(1));
        try (FileJournal journal = FileJournal.open(file, model, patient, disk)) {
            disk.capacityIsUsed();
            model.set("x", 1);
            long position = journal.position();
            await().untilAsserted(() -> assertThat(journal.failure()).isNotNull());
            model.dispose();
            assertThat(journal.await(position, Duration.ofMillis(20))).isFalse();
            disk.heal();

            assertThat(journal.await(position, PATIENCE)).isTrue();
        }
        assertThat(disk.text(file)).contains("[[\"x\",1],");
    }
}
