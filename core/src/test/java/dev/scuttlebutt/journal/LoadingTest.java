package dev.scuttlebutt.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Security;
import dev.scuttlebutt.SettableTime;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.Verdict;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What of a file reaches the replica, and what is made of the rest. */
@Timeout(60)
class LoadingTest {
    private static final String HEADER = "{\"id\":\"A\",\"clock\":{}}\n";
    private static final String SYNC = "\"SYNC\"\n";

    private final MemoryDisk disk = new MemoryDisk();

    @TempDir
    Path folder;

    private Path file;
    private Path bad;

    @BeforeEach
    void nameTheFiles() {
        file = folder.resolve("j");
        bad = folder.resolve("j.bad");
    }

    private void put(String text) {
        disk.put(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private FileJournal open(Replica replica) throws IOException {
        return FileJournal.open(file, replica, JournalOptions.defaults(), disk);
    }

    private LoadReport load(Replica replica) throws IOException {
        try (FileJournal journal = open(replica)) {
            return journal.loaded();
        }
    }

    /** Signed is what has the signature {@code s}. */
    private static final class Seal implements Security {
        @Override
        public String createId() {
            return "A";
        }

        @Override
        public String sign(byte[] text) {
            return "s";
        }

        @Override
        public Verdict verify(Update update) {
            return "s".equals(update.signature()) ? Verdict.valid() : Verdict.invalid("no seal");
        }
    }

    @Test
    void whatTheReplicaDoesNotAccept_isPutAsideWithItsPlace_andCountedForWhatItIs() throws Exception {
        put(HEADER
                + "[[\"x\",1],1,\"A\",\"s\"]\n"
                + "[[\"y\",1],1,\"B\",\"forged\"]\n"
                + "[5,2,\"A\",\"s\"]\n"
                + SYNC
                + "[[\"z\",1],3,\"C\",\"s\"]\n"
                + "[[\"x\",1],1,\"A\",\"s\"]\n");
        Model model = new Model(ReplicaOptions.defaults()
                .security(new Seal())
                .authority(update -> update.source().equals("C") ? "C may not" : null));
        LoadReport report = load(model);

        assertThat(model.toJson()).hasToString("{\"x\":1}");
        assertThat(report.badLines()).extracting(BadLine::line).containsExactlyInAnyOrder(3L, 4L, 6L);
        assertThat(report.badLines()).allSatisfy(line -> {
            String text = (HEADER + "[[\"x\",1],1,\"A\",\"s\"]\n[[\"y\",1],1,\"B\",\"forged\"]\n[5,2,\"A\",\"s\"]\n"
                    + SYNC + "[[\"z\",1],3,\"C\",\"s\"]\n");
            int end = (int) line.offset() + line.length();
            assertThat(text.substring((int) line.offset(), end)).startsWith("[").endsWith("]");
        });
        assertThat(report.badLines()).extracting(BadLine::reason).contains("no seal", "C may not");
        assertThat(report.applied()).isEqualTo(1);
        assertThat(report.stale()).isEqualTo(1);
        assertThat(report.isIntact()).isFalse();
        assertThat(disk.text(bad).lines()).hasSize(3).allMatch(line -> line.startsWith("{\"file\":"));
        assertThat(model.sessions()).isEmpty();
    }

    @Test
    void fileOfWhichTheReplicaTakesNothing_isLeftAlone() throws Exception {
        String text = HEADER + "[[\"x\",1],1,\"A\",\"old\"]\n" + SYNC + "[[\"y\",1],2,\"A\",\"old\"]\n";
        put(text);

        assertThatThrownBy(() -> open(new Model(ReplicaOptions.defaults().security(new Seal()))))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("holds nothing that this replica takes: line 4");
        assertThat(disk.text(file)).isEqualTo(text);
        assertThat(disk.exists(bad)).isFalse();
    }

    @Test
    void badUpdatesAmongVeryMany_areFoundAtTheirPlaces_beforeAndAfterSync() throws Exception {
        int many = 5_000;
        StringBuilder text = new StringBuilder(HEADER);
        long[] offsets = new long[2 * many + 3];
        for (int i = 1; i <= 2 * many; i++) {
            int line = i + (i <= many ? 1 : 2);
            offsets[line] = text.length();
            text.append(i % 1000 == 0 ? "[5," : "[[\"e\"," + i + "],").append(i).append(",\"A\"]\n");
            if (i == many) {
                text.append(SYNC);
            }
        }
        put(text.toString());
        Events events = new Events("B");
        LoadReport report = load(events);

        assertThat(report.badLines())
                .hasSize(10)
                .allSatisfy(line -> assertThat(line.offset()).isEqualTo(offsets[(int) line.line()]));
        assertThat(report.badLines().get(9).line()).isEqualTo(2 * many + 2);
        assertThat(report.applied()).isEqualTo(2 * many - 10);
        assertThat(events.history()).hasSize(2 * many - 10);
    }

    @Test
    void whatTheHeaderDoesNotSay_isNotWrittenASecondTime() throws Exception {
        String text = HEADER + "[[\"e\",1],1,\"B\"]\n" + SYNC + "[[\"e\",2],2,\"B\"]\n[[\"e\",3],3,\"C\"]\n";
        put(text);
        Events events = new Events();
        try (FileJournal journal = open(events)) {
            journal.force().toCompletableFuture().join();
            assertThat(disk.text(file)).isEqualTo(text);
        }

        assertThat(disk.text(file)).isEqualTo(text);
    }

    @Test
    void fileWithoutHeader_getsOne() throws Exception {
        put(SYNC + "[[\"x\",1],1,\"S\"]\n");
        Model model = new Model("A");
        load(model);

        assertThat(disk.text(file)).isEqualTo("{\"id\":\"A\",\"clock\":{\"S\":1}}\n[[\"x\",1],1,\"S\"]\n" + SYNC);
    }

    @Test
    void withoutKnownClock_ownTimestampsStillGoOnAboveThoseOfBefore() throws Exception {
        put("{\"id\":\"A\",\"clock\":{\"A\":8000,\"S\":7}}\n[[\"x\",1],1,\"S\"]\n" + SYNC);
        Model model = new Model(ReplicaOptions.defaults().time(new SettableTime(5)));
        try (FileJournal journal =
                FileJournal.open(file, model, JournalOptions.defaults().knownClock(false), disk)) {
            assertThat(model.clock().latest("S")).isEqualTo(1);
            model.set("x", 2);
        }

        assertThat(model.clock().latest("A")).isGreaterThan(8000);
    }

    @Test
    void whatIsPutAside_isOnTheDiskBeforeTheFileLosesIt() throws Exception {
        put(HEADER + SYNC + "[[\"x\",");
        load(new Model());

        List<String> log = List.copyOf(disk.log);
        assertThat(log).containsSubsequence("write j.bad", "force j.bad", "force directory", "truncate j", "force j");
        assertThat(log.subList(0, log.indexOf("force directory"))).doesNotContain("truncate j");
    }

    @Test
    void whatIsPutAside_isAddedToWhatWasBefore() throws Exception {
        put(HEADER + "damage\n" + SYNC);
        load(new Model());
        disk.put(file, (disk.text(file) + "torn").getBytes(StandardCharsets.UTF_8));
        load(new Model());

        assertThat(disk.text(bad).lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("\"text\":\"damage\""),
                        line -> assertThat(line).contains("\"text\":\"torn\""));
    }

    @Test
    void headerOfTwoFilesInOne_bothCount() throws Exception {
        put("{\"id\":\"A\",\"clock\":{\"A\":5}}\n" + SYNC + "[[\"x\",1],6,\"A\"]\n{\"id\":\"B\",\"clock\":{\"B\":9}}\n"
                + "[[\"y\",1],1,\"B\"]\n" + SYNC);
        Model model = new Model();
        LoadReport report = load(model);

        assertThat(report.id()).isEqualTo("B");
        assertThat(report.clock().latest("A")).isEqualTo(5);
        assertThat(report.clock().latest("B")).isEqualTo(9);
        assertThat(model.keys()).containsExactlyInAnyOrder("x", "y");
    }

    // Listeners on other threads

    /** Occupies the listeners of a model on another thread until the latch is counted down. */
    private static CompletableFuture<Void> occupy(Model model, CountDownLatch until) throws InterruptedException {
        CountDownLatch busy = new CountDownLatch(1);
        model.on(ReplicaEvent.Applied.class, applied -> {
            if (applied.update().source().equals("busy")) {
                busy.countDown();
                try {
                    until.await();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        CompletableFuture<Void> done = CompletableFuture.runAsync(
                () -> model.apply(Update.of(List.of("busy", 1), 1, "busy")), task -> new Thread(task).start());
        assertThat(busy.await(30, TimeUnit.SECONDS)).isTrue();
        return done;
    }

    @Test
    void listenersThatAreBusyElsewhere_areWaitedFor() throws Exception {
        put(HEADER + "[[\"x\",1],1,\"A\"]\n[5,2,\"A\"]\n" + SYNC);
        Model model = new Model();
        CountDownLatch until = new CountDownLatch(1);
        CompletableFuture<Void> writer = occupy(model, until);
        CompletableFuture<LoadReport> report = new CompletableFuture<>();
        Thread opener = opener(model, report);
        opener.start();
        await().until(() -> opener.getState() == Thread.State.TIMED_WAITING);
        until.countDown();

        assertThat(report.get(30, TimeUnit.SECONDS).badLines()).hasSize(1);
        writer.get(30, TimeUnit.SECONDS);
    }

    @Test
    void whoIsInterruptedWhileItWaits_learnsItAndStaysInterrupted() throws Exception {
        String text = HEADER + "[[\"x\",1],1,\"A\"]\n[5,2,\"A\"]\n" + SYNC;
        put(text);
        Model model = new Model();
        CountDownLatch until = new CountDownLatch(1);
        CompletableFuture<Void> writer = occupy(model, until);
        CompletableFuture<LoadReport> report = new CompletableFuture<>();
        Thread opener = opener(model, report);
        opener.start();
        await().until(() -> opener.getState() == Thread.State.TIMED_WAITING);
        opener.interrupt();

        assertThatThrownBy(() -> report.get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("interrupted while loading")
                .hasMessageContaining("still interrupted: true");
        until.countDown();
        writer.get(30, TimeUnit.SECONDS);
        assertThat(disk.text(file)).isEqualTo(text);
        assertThat(model.sessions()).isEmpty();
    }

    private Thread opener(Model model, CompletableFuture<LoadReport> report) {
        return new Thread(() -> {
            try {
                report.complete(load(model));
            } catch (IOException | RuntimeException failed) {
                report.completeExceptionally(new IllegalStateException(
                        Objects.requireNonNull(failed.getMessage()) + "; still interrupted: "
                                + Thread.currentThread().isInterrupted(),
                        failed));
            }
        });
    }
}
