package dev.scuttlebutt.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.JsonNumber;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that writes is killed at random moments, and what it acknowledged is there. */
final class CrashTest {
    private static final int MAX_MILLIS = 60;

    /** So many at a time: each waits for the disk more than it computes. */
    private static final int LANES = 2;

    private static final int SOAK_KILLS = 340;

    /** After so many kills of one directory, another one is begun: the documents would grow without end. */
    private static final int KILLS_OF_A_DIRECTORY = 10;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"none", "interval", "update"})
    void killed_losesNothingAcknowledged_doublesNothing(String level) throws Exception {
        kill(level, level, 8, 4711);
    }

    @Tag("soak")
    @ParameterizedTest
    @ValueSource(strings = {"none", "interval", "update"})
    void killedOften_losesNothingAcknowledged_doublesNothing(String level, TestReporter reporter) {
        assumeTrue(System.getProperty("scuttlebutt.levels", level).contains(level));
        int kills = Integer.getInteger("scuttlebutt.kills", SOAK_KILLS);
        List<CompletableFuture<Void>> lanes = new ArrayList<>();
        for (int lane = 0; lane < LANES; lane++) {
            String name = level + "-" + lane;
            lanes.add(CompletableFuture.runAsync(() -> killIn(name, level, kills / LANES)));
        }
        lanes.forEach(CompletableFuture::join);
        reporter.publishEntry("killed while it wrote, level " + level, kills / LANES * LANES + " times");
    }

    private void killIn(String lane, String level, int times) {
        try {
            kill(lane, level, times, System.nanoTime());
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }

    private void kill(String lane, String level, int times, long seed) throws Exception {
        Random random = new Random(seed);
        int acknowledgedInAll = 0;
        int[] started = new int[Emitter.DOCUMENTS];
        for (int i = 0; i < times; i++) {
            Path directory = folder.resolve(lane + "-" + i / KILLS_OF_A_DIRECTORY);
            if (i % KILLS_OF_A_DIRECTORY == 0) {
                Arrays.fill(started, 0);
            }
            int[] acknowledged = runAndKill(directory, level, random.nextInt(MAX_MILLIS), random.nextBoolean());
            acknowledgedInAll +=
                    Arrays.stream(acknowledged).map(number -> number + 1).sum();
            started = check(directory, started, acknowledged, "seed " + seed + ", kill " + i + " at level " + level);
        }
        assertThat(acknowledgedInAll).as("updates acknowledged before a kill").isGreaterThan(times);
    }

    /** Returns the last number acknowledged of each document, -1 for none. */
    private int[] runAndKill(Path directory, String level, int millis, boolean untilAcknowledged) throws Exception {
        Path errors = folder.resolve(directory.getFileName() + ".errors");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-Xmx64m",
                        // What the driver unpacks would stay after each kill.
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Emitter.class.getName(),
                        directory.toString(),
                        level)
                .redirectError(errors.toFile())
                .start();
        int[] acknowledged = new int[Emitter.DOCUMENTS];
        Arrays.fill(acknowledged, -1);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String first = lines.readLine();
            assertThat(first)
                    .as("what the process says; errors: %s", Files.readString(errors))
                    .isEqualTo("ready");
            long end = System.nanoTime() + millis * 1_000_000L;
            String line;
            while ((line = lines.readLine()) != null) {
                note(line, acknowledged);
                if (process.isAlive() && System.nanoTime() > end) {
                    kill(process);
                }
                if (!untilAcknowledged && process.isAlive()) {
                    // At once, whatever is under way: the first commits are as good a moment as others.
                    kill(process);
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        return acknowledged;
    }

    /** By its handle: the process itself would throw away what it said before. */
    private static void kill(Process process) {
        process.toHandle().destroyForcibly();
    }

    private static void note(String line, int[] acknowledged) {
        String[] words = line.split(" ");
        // The last line may be torn.
        if (words.length == 2 && words[1].matches("[0-9]+")) {
            int document = Integer.parseInt(words[0]);
            acknowledged[document] = Math.max(acknowledged[document], Integer.parseInt(words[1]));
        }
    }

    /**
     * Returns with which number each document goes on.
     *
     * @param started with which number each document began before it was killed
     */
    private static int[] check(Path directory, int[] started, int[] acknowledged, String where) throws IOException {
        int[] sizes = new int[started.length];
        try (Store store = Store.open(SqliteStorage.open(directory), Emitter.SCHEMA)) {
            for (int i = 0; i < acknowledged.length; i++) {
                Events events = store.open("events/é" + i, Events.class).join().replica();
                List<Integer> numbers = numbers(events);
                sizes[i] = numbers.size();
                assertThat(numbers).as("%s, document %d", where, i).hasSizeGreaterThan(acknowledged[i]);
                for (int n = 0; n < numbers.size(); n++) {
                    assertThat(numbers.get(n)).as("%s, document %d", where, i).isEqualTo(n);
                }
                Model model = store.open("model/" + i, Model.class).join().replica();
                // Of the number before the first one, the event was stored but the write to the model perhaps not.
                for (int n = Math.max(started[i], acknowledged[i] - 6); n <= acknowledged[i]; n++) {
                    assertThat(number(model, "k" + n % 7))
                            .as("%s, model %d", where, i)
                            .isGreaterThanOrEqualTo(n);
                }
                Model peer = new Model();
                Pipe.connect(model, peer).close();
                assertThat(peer.toJson()).isEqualTo(model.toJson());
            }
            assertThat(store.badRows()).as(where).isEmpty();
        }
        return sizes;
    }

    private static int number(Model model, String key) {
        return model.get(key) instanceof JsonNumber number ? (int) number.value() : -1;
    }

    private static List<Integer> numbers(Events events) {
        List<Integer> numbers = new ArrayList<>();
        for (Update update : events.history()) {
            numbers.add((int) ((JsonNumber) update.change().asArray().get(1)).value());
        }
        return numbers;
    }
}
