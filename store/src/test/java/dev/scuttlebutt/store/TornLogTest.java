package dev.scuttlebutt.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.store.Storage.Write;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The power goes while the log is written: its end is missing, or blocks of it are something else. */
class TornLogTest {
    private static final int COMMITS = 40;
    private static final int DAMAGES = 60;
    private static final int BLOCK = 512;

    @TempDir
    Path folder;

    private final List<Long> ends = new ArrayList<>();
    private byte[] database;
    private byte[] log;

    @BeforeEach
    void write() throws IOException {
        Path directory = folder.resolve("whole");
        Path logFile = directory.resolve(SqliteStorage.FILE + "-wal");
        try (SqliteStorage storage = SqliteStorage.open(directory)) {
            for (int i = 0; i < COMMITS; i++) {
                storage.commit(List.of(line(i)), true);
                ends.add(Files.size(logFile));
            }
            // As they are while it is open: closing would empty the log.
            database = Files.readAllBytes(directory.resolve(SqliteStorage.FILE));
            log = Files.readAllBytes(logFile);
        }
    }

    private static Write line(int number) {
        byte[] line = (number + " " + "x".repeat(number * 37 % 3000) + "\n").getBytes(StandardCharsets.UTF_8);
        return new Write("d", "model", false, Clock.EMPTY, List.of(line), List.of());
    }

    /** Opens what is left, and returns how many commits are there. */
    private int commitsIn(byte[] damaged, String what) throws IOException {
        Path directory = Files.createTempDirectory(folder, "torn");
        Files.write(directory.resolve(SqliteStorage.FILE), database);
        Files.write(directory.resolve(SqliteStorage.FILE + "-wal"), damaged);
        List<String> lines = new ArrayList<>();
        try (SqliteStorage storage = SqliteStorage.open(directory)) {
            assertThat(storage.check()).as(what).isEmpty();
            storage.read("d", block -> {
                assertThat(block.damage()).as(what).isNull();
                lines.add(new String(block.lines(), StandardCharsets.UTF_8).split(" ")[0]);
            });
            storage.commit(List.of(line(lines.size())), true);
        }
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i)).as(what).isEqualTo(Integer.toString(i));
        }
        try (SqliteStorage again = SqliteStorage.open(directory)) {
            int[] blocks = new int[1];
            again.read("d", block -> blocks[0]++);
            assertThat(blocks[0]).as(what).isEqualTo(lines.size() + 1);
        }
        return lines.size();
    }

    private int commitsBefore(long offset) {
        return (int) ends.stream().filter(end -> end <= offset).count();
    }

    @Test
    void logThatIsWhole_hasEverything() throws IOException {
        assertThat(commitsIn(log, "whole")).isEqualTo(COMMITS);
    }

    @Test
    void logThatEndsAnywhere_hasAllCommitsBeforeItsEnd() throws IOException {
        Random random = new Random(4711);
        for (int i = 0; i < DAMAGES; i++) {
            int end = random.nextInt(log.length);
            String what = "cut at " + end;

            assertThat(commitsIn(Arrays.copyOf(log, end), what)).as(what).isEqualTo(commitsBefore(end));
        }
    }

    @Test
    void blocksThatWereNotWritten_endTheLogBeforeThem() throws IOException {
        Random random = new Random(815);
        for (int i = 0; i < DAMAGES; i++) {
            // The head of the log is forced before the first commit is acknowledged.
            int from = BLOCK * (1 + random.nextInt(log.length / BLOCK - 1));
            byte[] torn = log.clone();
            byte[] garbage = new byte[Math.min(BLOCK * (1 + random.nextInt(4)), torn.length - from)];
            if (random.nextBoolean()) {
                random.nextBytes(garbage);
            }
            if (Arrays.equals(garbage, 0, garbage.length, torn, from, from + garbage.length)) {
                continue;
            }
            System.arraycopy(garbage, 0, torn, from, garbage.length);
            String what = "garbage at " + from;

            assertThat(commitsIn(torn, what)).as(what).isBetween(commitsBefore(from), COMMITS - 1);
        }
    }
}
