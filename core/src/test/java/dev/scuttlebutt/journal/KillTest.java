package dev.scuttlebutt.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.scuttlebutt.Update;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.wire.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process is killed at random moments while it writes, and starts again on what it left behind. */
class KillTest {
    private static final int KILLS = 8;
    private static final int SOAK_KILLS = 340;
    private static final int FILES_LIVE_FOR = 20;

    /** So many at a time: each waits for the disk more than it computes. */
    private static final int LANES = 2;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"none", "interval", "update"})
    @Timeout(300)
    void killAtAnyMoment_losesNothingAcknowledgedAndDoublesNothing(String level) throws Exception {
        new Lane(folder.resolve("j"), level).kill(KILLS);
    }

    @Tag("soak")
    @ParameterizedTest
    @ValueSource(strings = {"none", "interval", "update"})
    void killAtAThousandMoments_losesNothingAcknowledgedAndDoublesNothing(String level, TestReporter reporter)
            throws Exception {
        assumeTrue(System.getProperty("scuttlebutt.levels", level).contains(level));
        int kills = Integer.getInteger("scuttlebutt.kills", SOAK_KILLS);
        List<CompletableFuture<Void>> lanes = new ArrayList<>();
        for (int i = 0; i < LANES; i++) {
            Lane lane = new Lane(folder.resolve(level + i), level);
            lanes.add(CompletableFuture.runAsync(() -> lane.killOrFail(kills / LANES)));
        }
        lanes.forEach(CompletableFuture::join);
        reporter.publishEntry("killed while it wrote, level " + level, kills / LANES * LANES + " times");
    }

    @Test
    @Timeout(60)
    void journalOfAnotherProcess_isRefused_andNamesIt() throws Exception {
        Path file = folder.resolve("j");
        Process process = start(file, "none", "other");
        try (BufferedReader said = process.inputReader()) {
            assertThat(said.readLine()).startsWith("ready ");
            assertThatThrownBy(() -> FileJournal.open(file, new Model()))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("is open in process " + process.pid());
        } finally {
            process.destroyForcibly().waitFor();
        }
        FileJournal.open(file, new Model()).close();
    }

    private static Process start(Path file, String level, String name) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KillTarget.class.getName(),
                        file.toString(),
                        level,
                        name))
                .redirectErrorStream(true)
                .start();
    }

    /** Files that are written one after the other, each until it has been killed often. */
    private static final class Lane {
        private final Random random = new Random();
        private final Map<String, Integer> safe = new HashMap<>();
        private final Path place;
        private final String level;
        private String id = "";

        Lane(Path place, String level) {
            this.place = place;
            this.level = level;
        }

        void killOrFail(int times) {
            try {
                kill(times);
            } catch (Exception broken) {
                throw new IllegalStateException(broken);
            }
        }

        void kill(int times) throws Exception {
            int acknowledged = 0;
            for (int run = 0; run < times; run++) {
                if (run % FILES_LIVE_FOR == 0) {
                    safe.clear();
                    id = "";
                }
                Path file = place.resolveSibling(place.getFileName() + "-" + run / FILES_LIVE_FOR);
                runAndKill(file, run);
                check(file);
                acknowledged += safe.size();
            }
            assertThat(acknowledged).as("acknowledged before a kill").isPositive();
        }

        private void runAndKill(Path file, int run) throws Exception {
            Process process = start(file, level, "run" + run);
            try (BufferedReader said = process.inputReader()) {
                // One in four is killed while it starts, the others once they have said some things.
                int lines = run % 4 == 0 ? 0 : random.nextInt(40) + 2;
                for (int i = 0; i < lines; i++) {
                    String line = said.readLine();
                    assertThat(line).as("line " + i).isNotNull();
                    hear(line);
                }
                // A moment later or now, at random; it never ends by itself.
                boolean ended = process.waitFor(random.nextInt(20), TimeUnit.MILLISECONDS);
                // Not by the process itself, which would throw away what it has said.
                process.toHandle().destroyForcibly();
                said.lines().forEach(this::hear);
                assertThat(ended).as("ended by itself").isFalse();
            }
            process.waitFor();
        }

        private void hear(String line) {
            String[] words = line.split(" ");
            if (words[0].equals("safe") && words.length == 3) {
                safe.put(words[1], Integer.parseInt(words[2]));
            } else if (words[0].equals("ready")) {
                assertThat(id).as("the id it goes on under").isIn("", words[1]);
                id = words[1];
            } else {
                // The last line may be cut off.
                assertThat("safe").as(line).startsWith(words[0]);
            }
        }

        private void check(Path file) throws IOException {
            Model model = new Model();
            JournalOptions options = JournalOptions.defaults().durability(KillTarget.durability(level));
            try (FileJournal journal = FileJournal.open(file, model, options)) {
                assertThat(journal.loaded().badLines()).isEmpty();
            }
            Map<String, Integer> lost = new HashMap<>();
            safe.forEach((key, value) -> {
                Integer found = model.get(key, Integer.class);
                if (found == null || found < value) {
                    lost.put(key, value);
                }
            });
            assertThat(lost).as("acknowledged and lost").isEmpty();
            assertThat(doubled(file)).as("twice in the file").isEmpty();
        }

        private static Set<String> doubled(Path file) throws IOException {
            Set<String> seen = new HashSet<>();
            Set<String> twice = new HashSet<>();
            JournalReader.read(file, Limits.defaults(), new JournalReader.Visitor() {
                @Override
                public void update(Update update, long line, long offset) {
                    String stamp = update.timestamp() + " " + update.source();
                    if (!seen.add(stamp)) {
                        twice.add(stamp);
                    }
                }
            });
            return twice;
        }
    }
}
