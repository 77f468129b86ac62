package dev.scuttlebutt.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.journal.Durability;
import dev.scuttlebutt.journal.FileJournal;
import dev.scuttlebutt.journal.JournalOptions;
import dev.scuttlebutt.wire.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever became of a journal, it is refused and left alone, or mended so that nothing is lost the next time. */
class HostileJournalTest {
    private static final int SEEDS = 12;
    private static final int SEEDS_OF_A_LONG_RUN = 800;
    private static final int BLOCK = 512;
    private static final JournalOptions OPTIONS = JournalOptions.defaults()
            .durability(Durability.none())
            .limits(Hostile.LIMITS)
            .maxBadLines(20);

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("dev.scuttlebutt.testkit.Hostile#types")
    void hostileJournal_isLeftAlone_orMended(Workload<?> type) {
        Hostile.withSeeds(SEEDS, gen -> check(type, gen));
    }

    @Tag("fuzz")
    @ParameterizedTest
    @MethodSource("dev.scuttlebutt.testkit.Hostile#types")
    void hostileJournal_forLonger_isLeftAlone_orMended(Workload<?> type) {
        Hostile.withSeeds(Hostile.seedsOfALongRun(SEEDS_OF_A_LONG_RUN), gen -> check(type, gen));
    }

    private void check(Workload<?> type, Gen gen) {
        try {
            reopen(type, gen);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <R extends Replica> void reopen(Workload<R> type, Gen gen) throws IOException {
        Path directory = Files.createTempDirectory(folder, "journal");
        Path file = directory.resolve("j");
        Crowd<R> crowd = new Crowd<>(type, gen).work(15);
        byte[] hostile = hostile(crowd, file, gen);
        Files.write(file, hostile);

        assertReadOnce(crowd, file, hostile);
        R first = crowd.create("first");
        try (FileJournal journal = FileJournal.open(file, first, OPTIONS)) {
            assertThat(journal.loaded().bytes()).isEqualTo(hostile.length);
            Hostile.change(type, gen, first);
        } catch (IOException refused) {
            assertLeftAlone(directory, file, hostile);
            return;
        }
        // What the replica itself wrote meanwhile may be longer than was allowed to the enemy.
        R second = crowd.create("second");
        try (FileJournal journal = FileJournal.open(file, second, OPTIONS.limits(Limits.defaults()))) {
            assertThat(journal.loaded().isIntact()).as("it was mended").isTrue();
            assertThat(second.toJson()).isEqualTo(first.toJson());
            assertThat(second.history()).isEqualTo(first.history());
        }
    }

    /** As a backup, by a replica that has no journal. */
    private static <R extends Replica> void assertReadOnce(Crowd<R> crowd, Path file, byte[] hostile)
            throws IOException {
        R reader = crowd.create("reader");
        try {
            FileJournal.load(file, reader);
        } catch (FileSystemException refused) {
            assertThat(refused.getReason()).isNotBlank();
        }
        assertThat(crowd.told(reader.history()).toJson()).isEqualTo(reader.toJson());
        assertLeftAlone(file.getParent(), file, hostile);
    }

    private static void assertLeftAlone(Path directory, Path file, byte[] hostile) throws IOException {
        assertThat(file).hasBinaryContent(hostile);
        try (Stream<Path> files = Files.list(directory)) {
            // The lock is an empty file, which stays.
            assertThat(files.filter(path -> !path.toString().endsWith(".lock"))).containsExactly(file);
        }
    }

    /** A journal as it was, or of lines that an enemy chose, with damage on top. */
    private static <R extends Replica> byte[] hostile(Crowd<R> crowd, Path file, Gen gen) throws IOException {
        FileJournal.save(file, crowd.replicas.get(0));
        byte[] whole = Files.readAllBytes(file);
        List<byte[]> recorded = Hostile.recorded(crowd.replicas);
        HostileLines lines = new HostileLines(gen, recorded, Hostile.LIMITS.maxLineBytes(), Hostile.LIMITS.maxDepth());
        return switch (gen.below(6)) {
            case 0 -> Arrays.copyOf(whole, gen.below(whole.length + 1));
            case 1 -> overwritten(whole, gen);
            case 2 -> lines.damaged(whole);
            case 3 -> lines.lines(40);
            default -> joined(whole, lines.lines(20));
        };
    }

    private static byte[] overwritten(byte[] whole, Gen gen) {
        byte[] damaged = whole.clone();
        int from = gen.below(damaged.length / BLOCK + 1) * BLOCK;
        for (int i = from; i < Math.min(damaged.length, from + BLOCK); i++) {
            damaged[i] = gen.percent(90) ? 0 : (byte) gen.below(256);
        }
        return damaged;
    }

    private static byte[] joined(byte[] head, byte[] tail) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(head);
        both.writeBytes(tail);
        return both.toByteArray();
    }
}
