package dev.scuttlebutt.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.SessionEvent;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What others hang on a journal, and on whose thread it runs. */
@Timeout(60)
class JournalCallbacksTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final MemoryDisk disk = new MemoryDisk();
    private final JournalOptions options =
            JournalOptions.defaults().durability(Durability.everyUpdate()).retry(Duration.ofMillis(1));
    private final Model model = new Model();

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("j");
    }

    private FileJournal open(JournalOptions with) throws IOException {
        return FileJournal.open(file, model, with, disk);
    }

    private static Thread threadOf(FileJournal journal) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread ->
                        thread.getName().endsWith("journal " + journal.file().getFileName()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void acknowledgements_completeOnTheExecutor() throws Exception {
        List<Thread> used = new CopyOnWriteArrayList<>();
        Executor executor = task -> {
            used.add(Thread.currentThread());
            Thread thread = new Thread(task, "mine");
            thread.setDaemon(true);
            thread.start();
        };
        try (FileJournal journal = open(options.executor(executor))) {
            CompletableFuture<String> ran = new CompletableFuture<>();
            // Not acknowledged before somebody waits for it: then it would complete at once, here.
            disk.capacityIsUsed();
            model.set("x", 1);
            journal.whenAcknowledged(journal.position())
                    .thenRun(() -> ran.complete(Thread.currentThread().getName()));
            disk.heal();

            assertThat(ran.get(30, TimeUnit.SECONDS)).isEqualTo("mine");
        }
        assertThat(used).isNotEmpty().doesNotContain(Thread.currentThread());
    }

    @Test
    void executorThatTakesNothingMore_keepsNobodyWaiting() throws Exception {
        Executor shutDown = task -> {
            throw new RejectedExecutionException("shut down");
        };
        try (FileJournal journal = open(options.executor(shutDown))) {
            disk.capacityIsUsed();
            model.set("x", 1);
            CompletableFuture<?> forced = journal.force().toCompletableFuture();
            long position = journal.position();
            await().untilAsserted(() -> assertThat(journal.failure()).isNotNull());
            disk.heal();

            forced.get(30, TimeUnit.SECONDS);
            assertThat(journal.await(position, PATIENCE)).isTrue();
        }
    }

    @Test
    void whatIsStillWaitedForAtTheEnd_fails() throws Exception {
        FileJournal journal = open(options);
        disk.capacityIsUsed();
        model.set("x", 1);
        long position = journal.position();
        CompletableFuture<?> acknowledged = journal.whenAcknowledged(position).toCompletableFuture();
        CompletableFuture<?> forced = journal.force().toCompletableFuture();

        assertThatThrownBy(journal::close).hasMessageContaining("No space left");
        for (CompletableFuture<?> each : List.of(acknowledged, forced)) {
            assertThatThrownBy(() -> each.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("is closed");
        }
        assertThatThrownBy(() -> journal.awaitWritten(position, PATIENCE)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> journal.compact().toCompletableFuture().get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("is closed");
    }

    @Test
    void interruptedJournal_goesOn() throws Exception {
        try (FileJournal journal = open(options)) {
            assertThat(journal.await(journal.position(), PATIENCE)).isTrue();
            Thread thread = threadOf(journal);
            thread.interrupt();
            await().until(() -> !thread.isInterrupted());
            model.set("x", 1);

            assertThat(journal.await(journal.position(), PATIENCE)).isTrue();
            assertThat(disk.text(file)).contains("[[\"x\",1],");
            assertThat(journal.failure()).isNull();
        }
    }

    @Test
    void interruptedCloser_stillWaitsForTheEnd_andStaysInterrupted() throws Exception {
        FileJournal journal = open(options);
        model.set("x", 1);
        Thread.currentThread().interrupt();
        journal.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(disk.text(file)).contains("[[\"x\",1],");
        FileJournal.open(file, new Model(), options, disk).close();
    }

    @Test
    void listenerOfTheJournalThatThrows_stopsNothing() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        JournalListener listener = new JournalListener() {
            @Override
            public void failed(IOException failure) {
                told.add("failed");
                throw new IllegalStateException("a listener");
            }

            @Override
            public void recovered() {
                told.add("recovered");
                throw new AssertionError("a listener");
            }
        };
        try (FileJournal journal = open(options.listener(listener))) {
            disk.capacityIsUsed();
            model.set("x", 1);
            await().untilAsserted(() -> assertThat(told).isNotEmpty());
            disk.heal();

            assertThat(journal.await(journal.position(), PATIENCE)).isTrue();
            await().untilAsserted(() -> assertThat(told).containsExactly("failed", "recovered"));
        }
    }

    @Test
    void listenerOfTheReplica_onTheThreadOfTheJournal_cannotWaitForIt_andMayCloseIt() throws Exception {
        CompletableFuture<Throwable> refused = new CompletableFuture<>();
        FileJournal journal = open(options);
        // The session of the file that is replaced ends on the journal's own thread.
        model.on(SessionEvent.Closed.class, closed -> {
            try {
                journal.await(journal.position(), PATIENCE);
            } catch (IOException | InterruptedException | IllegalStateException failure) {
                refused.complete(failure);
            }
            try {
                journal.close();
            } catch (IOException failure) {
                refused.complete(failure);
            }
        });
        model.set("x", 1);
        journal.compact();

        assertThat(refused.get(30, TimeUnit.SECONDS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot wait for itself");
        journal.close();
        assertThat(disk.text(file)).contains("[[\"x\",1],");
    }

    @Test
    void journal_knowsItsOwnSessions() throws Exception {
        try (FileJournal journal = open(options)) {
            var peer = model.open();
            journal.compact().toCompletableFuture().get(30, TimeUnit.SECONDS);

            assertThat(model.sessions()).hasSize(2);
            assertThat(new ArrayList<>(model.sessions()).stream().filter(journal::owns))
                    .hasSize(1)
                    .doesNotContain(peer);
        }
        assertThat(model.sessions()).hasSize(1);
    }
}
