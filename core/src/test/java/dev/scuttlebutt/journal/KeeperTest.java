package dev.scuttlebutt.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the thread of a journal does at the end, and when something fails that does not get better by waiting. */
@Timeout(60)
class KeeperTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final MemoryDisk disk = new MemoryDisk();
    private final ToldListener listener = new ToldListener();
    private final List<String> told = listener.told;
    private final JournalOptions options = JournalOptions.defaults()
            .durability(Durability.everyUpdate())
            .retry(Duration.ofHours(1))
            .listener(listener);
    private final Model model = new Model();

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("j");
    }

    private FileJournal open() throws Exception {
        FileJournal journal = FileJournal.open(file, model, options, disk);
        assertThat(journal.await(journal.position(), PATIENCE)).isTrue();
        disk.log.clear();
        return journal;
    }

    private void assertKept() throws IOException {
        Model again = new Model();
        FileJournal.open(file, again, options, disk).close();
        assertThat(again.toJson()).isEqualTo(model.toJson());
    }

    @Test
    void closeAfterARefusedForce_writesTheFileAnew() throws Exception {
        FileJournal journal = open();
        disk.refuse("force j", "I/O error");
        model.set("x", 1);
        journal.position();
        // Of the file and of its successor; the next try would be in an hour.
        await().untilAsserted(() -> assertThat(disk.log).contains("delete j.part"));
        disk.heal();
        disk.log.clear();
        journal.close();

        assertThat(disk.log).containsSubsequence("force j.part", "replace j", "force directory");
        assertThat(disk.log).doesNotContain("force j");
        assertKept();
    }

    @Test
    void closeAfterARefusedForce_saysIfThereIsNoWayToSaveIt() throws Exception {
        FileJournal journal = open();
        disk.refuse("force j", "I/O error");
        model.set("x", 1);
        journal.position();
        await().untilAsserted(() -> assertThat(told).isNotEmpty());

        assertThatThrownBy(journal::close).hasMessageContaining("not everything was saved");
        disk.heal();
        FileJournal.open(file, new Model(), options, disk).close();
    }

    @Test
    void closeWhileTheFileIsWrittenAnew_leavesNoSuccessor() throws Exception {
        FileJournal journal = open();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        disk.watch = what -> {
            if (what.equals("force j.part")) {
                begun.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        CompletableFuture<?> compacted = journal.compact().toCompletableFuture();
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        Thread closer = new Thread(() -> {
            try {
                journal.close();
                closed.complete(null);
            } catch (IOException refused) {
                closed.completeExceptionally(refused);
            }
        });
        closer.start();
        await().until(() -> closer.getState() == Thread.State.WAITING);
        goOn.countDown();
        closed.get(30, TimeUnit.SECONDS);

        assertThat(disk.exists(FileJournal.part(file))).isFalse();
        assertThatThrownBy(() -> compacted.get(30, TimeUnit.SECONDS)).hasMessageContaining("is closed");
        assertKept();
    }

    /** As happens to a channel whose thread is interrupted: to try the same file again is of no use. */
    @Test
    void fileThatIsClosedUnderIt_isWrittenAnew() throws Exception {
        try (FileJournal journal = open()) {
            disk.watch = what -> {
                if (what.equals("write j") && !disk.log.contains("replace j")) {
                    throw new ClosedChannelException();
                }
            };
            model.set("x", 1);

            assertThat(journal.await(journal.position(), PATIENCE)).isTrue();
            assertThat(disk.text(file)).contains("[[\"x\",1],");
        }
        assertKept();
    }

    /** An error of the disk does not say what it has done: which file stands there is not known then. */
    @Test
    void successorThatIsInItsPlaceAlthoughTheDiskSaysNo_isNoLossOfWhatFollows() throws Exception {
        AtomicBoolean once = new AtomicBoolean();
        FileJournal journal = open();
        disk.watch = what -> {
            if (what.equals("replace j") && once.compareAndSet(false, true)) {
                byte[] successor = disk.bytes(FileJournal.part(file));
                disk.delete(FileJournal.part(file));
                disk.put(file, successor);
                throw new IOException("late");
            }
        };
        assertThatThrownBy(() -> journal.compact().toCompletableFuture().get(30, TimeUnit.SECONDS))
                .hasMessageContaining("late");
        model.set("x", 1);
        assertThat(journal.await(journal.position(), SHORT))
                .as("nobody knows into which file it was written")
                .isFalse();
        journal.close();

        assertKept();
    }

    @Test
    void faultWhileTheFileIsWrittenAnew_isAFailureOfThatAlone() throws Exception {
        try (FileJournal journal = open()) {
            disk.watch = what -> {
                if (what.equals("force j.part")) {
                    throw new IllegalStateException("a fault");
                }
            };
            assertThatThrownBy(() -> journal.compact().toCompletableFuture().get(30, TimeUnit.SECONDS))
                    .hasMessageContaining("compaction failed")
                    .hasMessageContaining("a fault");
            disk.heal();
            assertThat(disk.exists(FileJournal.part(file))).isFalse();
            model.set("x", 1);

            assertThat(journal.await(journal.position(), PATIENCE)).isTrue();
        }
        assertKept();
    }

    @Test
    void faultOfTheJournal_endsIt_andIsTold() throws Exception {
        FileJournal journal = open();
        disk.watch = what -> {
            if (what.equals("force j")) {
                throw new IllegalStateException("a fault");
            }
        };
        model.set("x", 1);
        long position = journal.position();

        assertThatThrownBy(() -> journal.await(position, PATIENCE)).isInstanceOf(IOException.class);
        assertThat(told).singleElement().asString().contains("stopped", "a fault");
        assertThatThrownBy(journal::close)
                .hasMessageContaining("not everything was saved")
                .hasMessageContaining("a fault");
        disk.heal();
        FileJournal.open(file, new Model(), options, disk).close();
    }

    @Test
    void changesAfterACompaction_areWrittenWithoutBeingAskedFor() throws Exception {
        try (FileJournal journal = open()) {
            journal.compact().toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertThat(journal.await(journal.position(), PATIENCE)).isTrue();
            model.set("x", 1);

            await().untilAsserted(() -> assertThat(disk.text(file)).contains("[[\"x\",1],"));
        }
    }

    @Test
    void anInterval_isNotForcedBefore_andTheEndForcesIt() throws Exception {
        FileJournal journal =
                FileJournal.open(file, model, options.durability(Durability.interval(Duration.ofHours(1))), disk);
        journal.force().toCompletableFuture().get(30, TimeUnit.SECONDS);
        disk.log.clear();
        model.set("x", 1);
        CompletableFuture<?> acknowledged =
                journal.whenAcknowledged(journal.position()).toCompletableFuture();
        // The second one is answered by a later step than the first.
        assertThat(journal.awaitWritten(journal.position(), PATIENCE)).isTrue();
        assertThat(journal.awaitWritten(journal.position(), PATIENCE)).isTrue();
        assertThat(disk.log).contains("write j").doesNotContain("force j");
        assertThat(acknowledged).isNotDone();
        journal.close();

        acknowledged.get(30, TimeUnit.SECONDS);
        assertThat(disk.log).containsSubsequence("write j", "force j", "close j");
    }
}
