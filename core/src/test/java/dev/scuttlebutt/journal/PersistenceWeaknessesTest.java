package dev.scuttlebutt.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SettableTime;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.types.Model;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ways in which the originals lose data, by their numbers in section 1.4 of the description of persistence. */
@Timeout(60)
class PersistenceWeaknessesTest {
    private static final String GOOD =
            "{\"id\":\"A\",\"clock\":{\"A\":2,\"S\":9}}\n[[\"x\",1],1,\"A\"]\n[[\"y\",2],2,\"A\"]\n\"SYNC\"\n";

    private final MemoryDisk disk = new MemoryDisk();

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("j");
    }

    private FileJournal open(Model model) throws Exception {
        return FileJournal.open(file, model, JournalOptions.defaults(), disk);
    }

    private void put(String text) {
        disk.put(file, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void everyWeakness_hasItsTest() {
        Set<String> tested = new TreeSet<>();
        for (Method method : PersistenceWeaknessesTest.class.getDeclaredMethods()) {
            if (method.isAnnotationPresent(Test.class) && method.getName().matches("pf\\d\\d_.*")) {
                tested.add(method.getName().substring(0, 4));
            }
        }

        assertThat(tested).hasSize(10).contains("pf01", "pf10");
    }

    @Test
    void pf01_openingForWriting_doesNotEmptyTheFile() {
        put(GOOD + "damage\n");
        disk.refuse("write j.part", "the process dies here");

        assertThatThrownBy(() -> open(new Model())).hasMessageContaining("dies here");
        assertThat(disk.text(file)).isEqualTo(GOOD + "damage\n");
    }

    @Test
    void pf02_readingAndWritingTheSameFile_losesNothing() throws Exception {
        put(GOOD);
        Model model = new Model();
        try (FileJournal journal = open(model)) {
            model.set("z", 3);
        }

        assertThat(disk.text(file)).startsWith(GOOD).contains("[[\"z\",3],");
    }

    @Test
    void pf03_charactersOnTheBorderOfTwoReads_stayWhole() throws Exception {
        Model model = new Model();
        for (int i = 0; i < 5_000; i++) {
            model.set("schlüssel" + i, "ä€😀".repeat(30));
        }
        Path real = folder.resolve("real");
        FileJournal.save(real, model);
        Model again = new Model();
        FileJournal.load(real, again);

        assertThat(Files.size(real)).isGreaterThan(1_000_000);
        assertThat(again.toJson()).isEqualTo(model.toJson());
    }

    @Test
    void pf04_start_doesNotRepeatTheHistory() throws Exception {
        put(GOOD);
        open(new Model()).close();
        open(new Model()).close();

        assertThat(disk.text(file)).isEqualTo(GOOD);
    }

    @Test
    void pf05_tornLastLine_isNoFailure() throws Exception {
        put(GOOD + "[[\"z\",3],3");
        Model model = new Model();
        try (FileJournal journal = open(model)) {
            assertThat(journal.loaded().tornTail()).isNotNull();
        }

        assertThat(disk.text(file)).isEqualTo(GOOD);
    }

    @Test
    void pf06_restart_addsNoSource() throws Exception {
        put(GOOD);
        Model model = new Model();
        try (FileJournal journal = open(model)) {
            model.set("z", 3);
        }

        assertThat(model.id()).isEqualTo("A");
        assertThat(model.clock().sources()).containsExactlyInAnyOrder("A", "S");
    }

    @Test
    void pf07_clockOfTheMachineBehindTheFile_changesAreStillMade() throws Exception {
        put(GOOD.replace("\"A\":2", "\"A\":8000"));
        Model model = new Model(ReplicaOptions.defaults().time(new SettableTime(5)));
        open(model).close();
        model.set("x", "later");

        assertThat(model.get("x", String.class)).isEqualTo("later");
        assertThat(model.clock().latest("A")).isGreaterThan(8000);
    }

    @Test
    void pf08_sourceOfWhichEverythingIsSuperseded_staysKnown() throws Exception {
        put(GOOD);
        Model model = new Model();
        open(model).close();

        assertThat(model.apply(Update.of(List.of("x", "old"), 9, "S"))).isEqualTo(Outcome.STALE);
        assertThat(model.apply(Update.of(List.of("x", "new"), 10, "S"))).isEqualTo(Outcome.APPLIED);
    }

    @Test
    void pf08_clockOfADamagedFile_isNotBelieved() throws Exception {
        put(GOOD.replace("[[\"y\"", "[\"\"\"y\""));
        Model model = new Model();
        open(model).close();

        assertThat(model.apply(Update.of(List.of("y", 2), 2, "A"))).isEqualTo(Outcome.APPLIED);
        assertThat(model.apply(Update.of(List.of("x", "s"), 9, "S"))).isEqualTo(Outcome.APPLIED);
    }

    @Test
    void pf08_withoutKnownClock_peersMaySendItAgain() throws Exception {
        put(GOOD);
        Model model = new Model();
        JournalOptions options = JournalOptions.defaults().knownClock(false);
        try (FileJournal journal = FileJournal.open(file, model, options, disk)) {
            assertThat(model.apply(Update.of(List.of("x", "s"), 9, "S"))).isEqualTo(Outcome.APPLIED);
        }

        assertThat(disk.text(file)).contains("[[\"x\",\"s\"],9,\"S\"]");
    }

    @Test
    void pf09_linesOfOneSourceOutOfOrder_areAllLoaded() throws Exception {
        put("{\"id\":\"A\",\"clock\":{\"A\":2}}\n[[\"y\",2],2,\"A\"]\n[[\"x\",1],1,\"A\"]\n\"SYNC\"\n");
        Model model = new Model();
        open(model).close();

        assertThat(model.keys()).containsExactlyInAnyOrder("x", "y");
    }

    @Test
    void pf10_loadedUpdates_areNotWrittenASecondTime() throws Exception {
        put(GOOD);
        Model model = new Model();
        try (FileJournal journal = open(model)) {
            journal.force().toCompletableFuture().join();

            assertThat(disk.text(file)).isEqualTo(GOOD);
        }
    }
}
