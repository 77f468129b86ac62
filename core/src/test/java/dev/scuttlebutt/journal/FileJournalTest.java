package dev.scuttlebutt.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SettableTime;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.wire.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileJournalTest {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SettableTime time = new SettableTime(1_700_000_000_000.0);
    private final JournalOptions options = JournalOptions.defaults().durability(Durability.none());

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("cellar.journal");
    }

    private Model model(String id) {
        return new Model(ReplicaOptions.defaults().id(id).time(time));
    }

    private FileJournal open(Model model) throws IOException {
        return FileJournal.open(file, model, options);
    }

    private void write(String... lines) throws IOException {
        Files.writeString(file, String.join("\n", lines) + "\n");
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(file);
    }

    private static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    @Test
    void newFile_hasHeaderHistorySyncAndWhatFollows() throws Exception {
        Model model = model("A");
        model.set("x", 1);
        try (FileJournal journal = open(model)) {
            assertThat(lines())
                    .containsExactly(
                            "{\"id\":\"A\",\"clock\":{\"A\":1700000000000}}",
                            "[[\"x\",1],1700000000000,\"A\"]",
                            "\"SYNC\"");
            time.set(1_700_000_000_001.0);
            model.set("y", 2);
            assertThat(journal.await(journal.position(), PATIENCE)).isTrue();

            assertThat(lines()).hasSize(4).last().isEqualTo("[[\"y\",2],1700000000001,\"A\"]");
            assertThat(journal.size()).isEqualTo(Files.size(file));
        }
        assertThat(beside(file, ".part")).doesNotExist();
    }

    @Test
    void restart_goesOnUnderTheSameIdWithLaterTimestamps() throws Exception {
        Model before = new Model(ReplicaOptions.defaults().time(time));
        try (FileJournal journal = open(before)) {
            before.set("x", 1);
        }
        time.set(1_600_000_000_000.0);
        Model after = new Model(ReplicaOptions.defaults().time(time));
        try (FileJournal journal = open(after)) {
            after.set("x", 2);

            assertThat(after.id()).isEqualTo(before.id());
            assertThat(after.clock().size()).isEqualTo(1);
            assertThat(after.clock().latest(after.id()))
                    .isGreaterThan(before.clock().latest(before.id()));
            assertThat(after.get("x")).hasToString("2");
        }
    }

    @Test
    void restart_underAGivenId_keepsTheGivenOne() throws Exception {
        try (FileJournal journal = open(model("A"))) {
            assertThat(journal.loaded().id()).isNull();
        }
        Model chosen = new Model(ReplicaOptions.defaults());
        chosen.setId("C");
        try (FileJournal journal = open(chosen)) {
            assertThat(chosen.id()).isEqualTo("C");
        }
        Model given = model("B");
        try (FileJournal journal = open(given)) {
            assertThat(given.id()).isEqualTo("B");
            assertThat(journal.loaded().id()).isEqualTo("C");
        }
        assertThat(lines().get(0)).isEqualTo("{\"id\":\"B\",\"clock\":{}}");
    }

    @Test
    void restart_appendsToTheFileThatIsThere() throws Exception {
        try (FileJournal journal = open(model("A"))) {
            assertThat(journal.failure()).isNull();
        }
        Model model = new Model();
        try (FileJournal journal = open(model)) {
            model.set("x", 1);
        }

        assertThat(lines()).hasSize(3);
        assertThat(lines().get(1)).isEqualTo("\"SYNC\"");
    }

    @Test
    void manyRestarts_doNotMakeTheFileGrow() throws Exception {
        for (int i = 0; i < 5; i++) {
            Model model = new Model();
            try (FileJournal journal = open(model)) {
                model.set("x", i);
            }
        }

        assertThat(lines()).hasSize(2 + 5);
        Model last = new Model();
        LoadReport report = FileJournal.load(file, last);
        assertThat(last.get("x")).hasToString("4");
        assertThat(report.applied()).isEqualTo(5);
        assertThat(report.isIntact()).isTrue();
        assertThat(report.synced()).isTrue();
    }

    @Test
    void tornTail_isCutOffReportedAndPutAside() throws Exception {
        write("{\"id\":\"A\",\"clock\":{\"A\":1}}", "[[\"x\",1],1,\"A\"]", "\"SYNC\"");
        long good = Files.size(file);
        Files.writeString(file, Files.readString(file) + "[[\"y\",2],17");
        Model model = new Model();
        try (FileJournal journal = open(model)) {
            assertThat(journal.loaded().tornTail()).isNotNull();
            assertThat(journal.loaded().tornTail().offset()).isEqualTo(good);
            assertThat(journal.loaded().tornTail().line()).isEqualTo(4);
            assertThat(journal.loaded().tornTail().length()).isEqualTo(11);
            assertThat(journal.loaded().bytes()).isEqualTo(good + 11);
            assertThat(model.toJson()).hasToString("{\"x\":1}");
            model.set("y", 3);
        }

        assertThat(lines().subList(0, 3))
                .containsExactly("{\"id\":\"A\",\"clock\":{\"A\":1}}", "[[\"x\",1],1,\"A\"]", "\"SYNC\"");
        assertThat(lines().get(3)).startsWith("[[\"y\",3],");
        Json aside = Json.parse(Files.readString(beside(file, ".bad")));
        assertThat(aside.asObject().get("text")).hasToString("\"[[\\\"y\\\",2],17\"");
        assertThat(aside.asObject().get("offset")).hasToString(String.valueOf(good));
    }

    @Test
    void lastLineWithoutLineFeed_countsAndIsCompleted() throws Exception {
        Files.writeString(file, "{\"id\":\"A\",\"clock\":{\"A\":1}}\n\"SYNC\"\n[[\"x\",1],1,\"A\"]");
        Model model = new Model();
        try (FileJournal journal = open(model)) {
            assertThat(journal.loaded().isIntact()).isTrue();
            model.set("y", 2);
        }

        assertThat(lines()).hasSize(4);
        assertThat(lines().get(2)).isEqualTo("[[\"x\",1],1,\"A\"]");
    }

    @Test
    void badLines_arePutAsideWithTheirPlace_andTheRestIsLoaded() throws Exception {
        write(
                "{\"id\":\"A\",\"clock\":{\"A\":9}}",
                "[[\"x\",1],1,\"A\"]",
                "gärbage",
                "[[\"y\"],2]",
                "[5,3,\"A\"]",
                "[[\"z\",1],4,\"A\"]",
                "\"SYNC\"");
        Model model = new Model();
        try (FileJournal journal = open(model)) {
            assertThat(journal.loaded().badLines()).extracting(BadLine::line).containsExactlyInAnyOrder(3L, 4L, 5L);
            assertThat(journal.loaded().badLines().get(0).offset()).isEqualTo(27 + 16);
            assertThat(model.toJson()).hasToString("{\"x\":1,\"z\":1}");
            // What a bad line held may come from a peer: the clock must not cover it.
            assertThat(model.clock().latest("A")).isEqualTo(4);
        }

        assertThat(Files.readString(beside(file, ".bad"))).contains("gärbage", "[[\\\"y\\\"],2]", "[5,3,\\\"A\\\"]");
        Model again = new Model();
        assertThat(FileJournal.load(file, again).isIntact()).isTrue();
        assertThat(again.toJson()).isEqualTo(model.toJson());
    }

    @Test
    void bytesThatAreNoText_arePutAsideUnchanged() throws Exception {
        byte[] header = "{\"id\":\"A\",\"clock\":{}}\n".getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = new byte[header.length + 5];
        System.arraycopy(header, 0, bytes, 0, header.length);
        bytes[header.length] = (byte) 0xff;
        bytes[header.length + 4] = '\n';
        Files.write(file, bytes);
        open(new Model()).close();

        assertThat(Files.readString(beside(file, ".bad"))).contains("\"base64\":\"/wAAAA==\"");
    }

    @Test
    void moreBadLinesThanAllowed_leaveTheFileAlone() throws Exception {
        write("{\"id\":\"A\",\"clock\":{}}", "a", "b", "[[\"x\",1],1,\"A\"]");
        String before = Files.readString(file);

        assertThatThrownBy(() -> FileJournal.open(file, new Model(), options.maxBadLines(1)))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("line 3, bytes 24 to 25");
        assertThat(file).hasContent(before.stripTrailing());
        assertThat(beside(file, ".bad")).doesNotExist();
        open(new Model()).close();
    }

    @Test
    void fileOfAnotherKind_isLeftAlone() throws Exception {
        write("root:x:0:0", "daemon:x:1:1");

        assertThatThrownBy(() -> open(new Model()))
                .hasMessageContaining("is no journal")
                .hasMessageContaining("line 1");
        assertThat(lines()).containsExactly("root:x:0:0", "daemon:x:1:1");
    }

    @Test
    void lineBeyondTheLimit_stopsLoadingWithItsPlace() throws Exception {
        write("{\"id\":\"A\",\"clock\":{}}", "[[\"x\",\"" + "long".repeat(50) + "\"],1,\"A\"]");

        assertThatThrownBy(() -> FileJournal.open(
                        file, new Model(), options.limits(Limits.defaults().maxLineBytes(100))))
                .hasMessageContaining("line 2, which begins at byte 22, is longer than 100 bytes");
    }

    @Test
    void secondJournal_isRefusedAndNamesTheFile() throws Exception {
        try (FileJournal journal = open(new Model())) {
            assertThatThrownBy(() -> open(new Model()))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("is open in this process");
            assertThatThrownBy(() -> FileJournal.save(file, new Model())).isInstanceOf(FileSystemException.class);
        }
        open(new Model()).close();
    }

    @Test
    void leftoverOfACompactionThatDied_isRemoved() throws Exception {
        try (FileJournal journal = open(model("A"))) {
            assertThat(journal.file()).isEqualTo(file);
        }
        Files.writeString(beside(file, ".part"), "{\"id\":\"A\",\"clo");
        open(new Model()).close();

        assertThat(beside(file, ".part")).doesNotExist();
    }

    @Test
    void successorWithoutJournal_takesItsPlace() throws Exception {
        Files.writeString(beside(file, ".part"), "{\"id\":\"A\",\"clock\":{\"A\":1}}\n[[\"x\",1],1,\"A\"]\n[[\"y");
        Model model = new Model();
        open(model).close();

        assertThat(model.toJson()).hasToString("{\"x\":1}");
        assertThat(lines()).hasSize(3);
    }

    @Test
    void updatesOfOneSourceOutOfOrder_areAllLoaded() throws Exception {
        write(
                "{\"id\":\"A\",\"clock\":{\"A\":3}}",
                "[[\"z\",3],3,\"A\"]",
                "[[\"q\",1],1,\"Q\"]",
                "[[\"x\",1],1,\"A\"]",
                "\"SYNC\"");
        Model model = new Model();
        LoadReport report = FileJournal.load(file, model);

        assertThat(model.keys()).containsExactlyInAnyOrder("x", "q", "z");
        assertThat(report.stale()).isZero();
    }

    @Test
    void load_leavesIdAndClockAlone() throws Exception {
        write("{\"id\":\"A\",\"clock\":{\"A\":9,\"S\":5}}", "[[\"x\",1],1,\"A\"]", "\"SYNC\"");
        Model model = model("M");
        LoadReport report = FileJournal.load(file, model);

        assertThat(model.id()).isEqualTo("M");
        assertThat(model.clock().toMap()).containsOnlyKeys("A").containsEntry("A", 1.0);
        assertThat(report.id()).isEqualTo("A");
        assertThat(report.clock().latest("S")).isEqualTo(5);
    }

    @Test
    void save_replacesTheFileInOneStep() throws Exception {
        write("old");
        Model model = model("A");
        model.set("x", 1);
        FileJournal.save(file, model);

        assertThat(lines())
                .containsExactly(
                        "{\"id\":\"A\",\"clock\":{\"A\":1700000000000}}",
                        "[[\"x\",1],1700000000000,\"A\"]",
                        "\"SYNC\"");
        assertThat(model.sessions()).isEmpty();
    }

    @Test
    void permissions_areKeptByWhatReplacesTheFile() throws Exception {
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
        Set<PosixFilePermission> secret = PosixFilePermissions.fromString("rw-------");
        write("{\"id\":\"A\",\"clock\":{}}", "damage", "\"SYNC\"");
        Files.setPosixFilePermissions(file, secret);
        try (FileJournal journal = open(new Model())) {
            journal.compact().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }

        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(secret);
        assertThat(Files.getPosixFilePermissions(beside(file, ".bad"))).isEqualTo(secret);
    }

    @Test
    void linkToAJournal_staysALink() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        write("{\"id\":\"A\",\"clock\":{}}", "damage", "\"SYNC\"");
        try (FileJournal journal = FileJournal.open(link, new Model(), options)) {
            assertThat(journal.file()).isEqualTo(file.toRealPath());
            assertThatThrownBy(() -> open(new Model())).hasMessageContaining("is open");
        }

        assertThat(link).isSymbolicLink();
        assertThat(lines()).hasSize(2);
    }

    @Test
    void signatures_areKept() throws Exception {
        Model model = model("A");
        try (FileJournal journal = open(model)) {
            model.apply(Update.parse("[[\"x\",1],1,\"S\",\"a signature\"]"));
        }
        Model again = new Model();
        try (FileJournal journal = open(again)) {
            journal.compact().toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertThat(again.history().get(0).signature()).isEqualTo("a signature");
        }

        assertThat(lines()).contains("[[\"x\",1],1,\"S\",\"a signature\"]");
    }

    @Test
    void compaction_dropsWhatIsSuperseded_andKeepsTheClock() throws Exception {
        List<String> told = new ArrayList<>();
        JournalListener listener = new JournalListener() {
            @Override
            public void compacted(Path compacted, long before, long after) {
                told.add(compacted.getFileName() + (before > after ? " is shorter" : " is not shorter"));
            }
        };
        Model model = model("A");
        model.apply(Update.of(List.of("x", 0), 5, "S"));
        try (FileJournal journal = FileJournal.open(file, model, options.listener(listener))) {
            for (int i = 0; i < 100; i++) {
                model.set("x", i);
                journal.await(journal.position(), PATIENCE);
            }
            assertThat(lines()).hasSize(3 + 100);
            journal.compact().toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertThat(lines()).hasSize(3);
            model.set("y", 1);
        }

        assertThat(told).containsExactly("cellar.journal is shorter");
        Model again = new Model();
        open(again).close();
        assertThat(again.toJson()).hasToString("{\"x\":99,\"y\":1}");
        assertThat(again.clock()).isEqualTo(model.clock());
        assertThat(again.clock().latest("S")).isEqualTo(5);
    }

    @Test
    void compaction_startsByItselfWhenTheHistoryIsShortAndTheFileLong() throws Exception {
        CountDownLatch compacted = new CountDownLatch(1);
        JournalListener listener = new JournalListener() {
            @Override
            public void compacted(Path which, long before, long after) {
                compacted.countDown();
            }
        };
        Model model = model("A");
        try (FileJournal journal =
                FileJournal.open(file, model, options.compact(2, 2_000).listener(listener))) {
            for (int i = 0; i < 1_000; i++) {
                model.set("x", i);
                journal.await(journal.position(), PATIENCE);
            }

            assertThat(compacted.await(30, TimeUnit.SECONDS)).isTrue();
        }
        Model again = new Model();
        FileJournal.load(file, again);
        assertThat(again.get("x")).hasToString("999");
    }

    @Test
    void compactionWhileOthersWrite_losesNothing() throws Exception {
        Events events = new Events("A");
        try (FileJournal journal = FileJournal.open(file, events, options)) {
            List<Thread> writers = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                String name = "t" + t;
                writers.add(new Thread(() -> {
                    for (int i = 0; i < 2_000; i++) {
                        events.emit(name, i);
                    }
                }));
            }
            writers.forEach(Thread::start);
            for (int i = 0; i < 10; i++) {
                journal.compact().toCompletableFuture().get(30, TimeUnit.SECONDS);
            }
            for (Thread writer : writers) {
                writer.join();
            }
        }

        Events again = new Events("B");
        assertThat(FileJournal.load(file, again).isIntact()).isTrue();
        assertThat(again.history()).hasSize(6_000).isEqualTo(events.history());
    }

    @Test
    void updatesOfPeers_areWrittenToo() throws Exception {
        Model here = model("A");
        Model there = model("B");
        try (FileJournal journal = open(here)) {
            Pipe.connect(here, there);
            there.set("x", "from there");
            journal.await(journal.position(), PATIENCE);
        }

        Model again = new Model();
        FileJournal.load(file, again);
        assertThat(again.toJson()).isEqualTo(there.toJson());
    }

    @Test
    void updateLongerThanTheBuffer_isWrittenWhole() throws Exception {
        Model model = model("A");
        String text = "wide 😀".repeat(100_000);
        try (FileJournal journal = open(model)) {
            model.set("before", 1);
            model.set("long", text);
            model.set("after", 2);
        }

        Model again = new Model();
        assertThat(FileJournal.load(file, again).isIntact()).isTrue();
        assertThat(again.toJson()).isEqualTo(model.toJson());
        assertThat(again.get("long", String.class)).isEqualTo(text);
    }

    @Test
    void dispose_endsTheJournalWithEverythingWritten() throws Exception {
        Model model = model("A");
        FileJournal journal = open(model);
        model.set("x", 1);
        long position = journal.position();
        model.dispose();

        assertThat(journal.await(position, PATIENCE)).isTrue();
        journal.close();
        journal.close();
        Model again = new Model();
        FileJournal.load(file, again);
        assertThat(again.get("x")).hasToString("1");
    }

    @Test
    void positionAfterTheEnd_fails() throws Exception {
        Model model = model("A");
        FileJournal journal = open(model);
        journal.close();
        long position = journal.position();

        assertThatThrownBy(() -> journal.await(position, PATIENCE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is closed");
        assertThatThrownBy(() -> journal.force().toCompletableFuture().join()).isInstanceOf(CompletionException.class);
        assertThatThrownBy(() -> journal.await(position + 100, PATIENCE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void meta_standsInTheHeader() throws Exception {
        FileJournal.open(file, model("A"), options.meta(java.util.Map.of("v", 1)))
                .close();

        assertThat(lines().get(0)).isEqualTo("{\"id\":\"A\",\"clock\":{},\"meta\":{\"v\":1}}");
    }

    @Test
    void sameTimestampWrittenTwice_isNotDoubled() throws Exception {
        write("{\"id\":\"A\",\"clock\":{\"A\":1}}", "[[\"e\",1],1,\"A\"]", "\"SYNC\"", "[[\"e\",1],1,\"A\"]");
        Events events = new Events("B");
        LoadReport report = FileJournal.load(file, events);

        assertThat(events.history()).hasSize(1);
        assertThat(report.stale()).isEqualTo(1);
    }
}
