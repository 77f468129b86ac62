package dev.scuttlebutt.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.store.Storage.BadRow;
import dev.scuttlebutt.store.Storage.Block;
import dev.scuttlebutt.store.Storage.Change;
import dev.scuttlebutt.store.Storage.StoredDocument;
import dev.scuttlebutt.store.Storage.Write;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every storage does. */
abstract class StorageContract {
    Storage storage;

    abstract Storage open() throws IOException;

    /** Closes the storage and opens it again, where that makes a difference. */
    abstract void reopen() throws IOException;

    @BeforeEach
    void openIt() throws IOException {
        storage = open();
    }

    @AfterEach
    void closeIt() throws IOException {
        storage.close();
    }

    static Write lines(String name, String lines) {
        return write(name, false, Clock.EMPTY, lines);
    }

    static Write write(String name, boolean snapshot, Clock clock, String... blocks) {
        List<byte[]> bytes = new ArrayList<>();
        for (String block : blocks) {
            bytes.add(block.getBytes(StandardCharsets.UTF_8));
        }
        return new Write(name, "model", snapshot, clock, bytes, List.of());
    }

    private List<Block> blocks(String name) throws IOException {
        List<Block> blocks = new ArrayList<>();
        storage.read(name, blocks::add);
        return blocks;
    }

    private List<String> texts(String name) throws IOException {
        return blocks(name).stream()
                .map(block -> new String(block.lines(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void commit_appendsBlocksInOrder() throws IOException {
        storage.commit(List.of(lines("a", "1\n"), lines("é😀", "é\n")), false);
        storage.commit(List.of(lines("a", "2\n")), true);
        reopen();

        assertThat(texts("a")).containsExactly("1\n", "2\n");
        assertThat(texts("é😀")).containsExactly("é\n");
        assertThat(storage.find("a"))
                .extracting(StoredDocument::bytes, StoredDocument::blocks)
                .containsExactly(4L, 2L);
        assertThat(storage.find("b")).isNull();
        assertThat(storage.read("b", block -> {})).isFalse();
    }

    @Test
    void clocks_areOfAllBlocks_byName_deletedOnesIncluded() throws IOException {
        storage.commit(
                List.of(
                        write("b", false, Clock.of(Map.of("A", 1.0)), "1\n"),
                        write("a/2", false, Clock.of(Map.of("A", 7.0)), "1\n"),
                        write("a/1", false, Clock.EMPTY, "")),
                false);
        storage.commit(List.of(write("b", false, Clock.of(Map.of("A", 2.0, "B", -1.5)), "2\n")), false);
        storage.delete("a/0", 5);
        storage.delete("a/2", 6);
        reopen();

        assertThat(clocks(NameRange.all()))
                .containsExactly("a/0 deleted {}", "a/1 {}", "a/2 deleted {}", "b {\"A\":2,\"B\":-1.5}");
        assertThat(clocks(NameRange.prefix("a/").after("a/0").limit(1))).containsExactly("a/1 {}");
        assertThat(clocks(NameRange.between("a/2", "b"))).containsExactly("a/2 deleted {}");
        assertThat(clocks(NameRange.prefix("c"))).isEmpty();
    }

    private List<String> clocks(NameRange range) throws IOException {
        List<String> found = new ArrayList<>();
        storage.clocks(
                range,
                (document, clock) -> found.add(document.name() + (document.isDeleted() ? " deleted " : " ") + clock));
        return found;
    }

    @Test
    void latest_isThePositionOfTheLatestChange() throws IOException {
        assertThat(storage.latest()).isZero();
        storage.commit(List.of(lines("a", "1\n"), lines("b", "1\n")), false);
        storage.delete("a", 5);
        reopen();

        List<Change> changes = storage.changes(0, 10);
        assertThat(storage.latest()).isEqualTo(changes.get(changes.size() - 1).position());
    }

    @Test
    void snapshot_takesThePlaceOfAllBlocks() throws IOException {
        storage.commit(List.of(lines("a", "1\n")), false);
        storage.commit(List.of(lines("a", "2\n"), lines("b", "x\n")), false);
        Clock clock = Clock.of(Map.of("A", 2.5, "odd \ud800 \0 source", 1e12));
        storage.commit(List.of(write("a", true, clock, "3\n", "4\n")), false);
        storage.commit(List.of(lines("a", "5\n")), false);
        reopen();

        assertThat(texts("a")).containsExactly("3\n", "4\n", "5\n");
        assertThat(blocks("a")).extracting(Block::snapshot).containsExactly(true, true, false);
        assertThat(blocks("a").get(0).clock()).isEqualTo(clock);
        assertThat(blocks("a")).allSatisfy(block -> assertThat(block.damage()).isNull());
        assertThat(texts("b")).containsExactly("x\n");
        assertThat(storage.find("a"))
                .extracting(StoredDocument::bytes, StoredDocument::blocks)
                .containsExactly(6L, 3L);
    }

    @Test
    void deleted_isForEver() throws IOException {
        storage.commit(List.of(lines("a", "1\n")), false);
        assertThat(storage.delete("a", 1234.5)).isTrue();
        assertThat(storage.delete("never written", 1)).isTrue();
        assertThat(storage.delete("a", 2)).isFalse();
        reopen();

        assertThat(storage.find("a")).isNotNull().matches(StoredDocument::isDeleted);
        assertThat(storage.find("a").deletedMillis()).isEqualTo(1234.5);
        assertThat(storage.read("a", block -> {})).isFalse();
        assertThatThrownBy(() -> storage.commit(List.of(lines("b", "1\n"), lines("a", "2\n")), false))
                .isInstanceOf(DocumentDeletedException.class);
        assertThat(storage.find("b")).as("all or nothing").isNull();
        assertThat(storage.find("never written")).isNotNull().matches(StoredDocument::isDeleted);
        assertThat(storage.list(NameRange.all())).isEmpty();
    }

    @Test
    void changes_areTheLatestOfEachDocument() throws IOException {
        storage.commit(List.of(lines("a", "1\n"), lines("b", "1\n")), false);
        List<Change> first = storage.changes(0, 10);
        assertThat(first).extracting(Change::name).containsExactly("a", "b");
        reopen();
        storage.commit(List.of(lines("a", "2\n")), false);
        storage.delete("b", 1);

        assertThat(storage.changes(first.get(1).position(), 10))
                .extracting(Change::name, Change::deleted)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a", false),
                        org.assertj.core.groups.Tuple.tuple("b", true));
        assertThat(storage.changes(0, 1)).extracting(Change::name).containsExactly("a");
    }

    @Test
    void notes_areKept() throws IOException {
        assertThat(storage.note("k")).isNull();
        storage.note("k", "v");
        storage.note("k", "w é");
        reopen();
        assertThat(storage.note("k")).isEqualTo("w é");
    }

    @Test
    void badRows_areKept() throws IOException {
        byte[] bytes = {0, (byte) 0xff, 10};
        storage.commit(
                List.of(new Write(
                        "a",
                        "model",
                        true,
                        Clock.EMPTY,
                        List.of(new byte[0]),
                        List.of(new BadRow("a", 17, 3, "no JSON", bytes)))),
                false);
        reopen();

        assertThat(storage.badRows()).singleElement().satisfies(row -> {
            assertThat(row.document()).isEqualTo("a");
            assertThat(row.key()).isEqualTo(17);
            assertThat(row.line()).isEqualTo(3);
            assertThat(row.reason()).isEqualTo("no JSON");
            assertThat(row.bytes()).isEqualTo(bytes);
        });
        storage.delete("a", 1);
        assertThat(storage.badRows()).isEmpty();
    }

    @Test
    void list_agreesWithAPlainSearch() throws IOException {
        Random random = new Random(7);
        int[] points = {'a', 'b', '/', 0x7f, 0xe9, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x1f600, 0x10ffff};
        Set<String> names = new TreeSet<>(NameRange.ORDER);
        while (names.size() < 200) {
            names.add(text(random, points, 1 + random.nextInt(4)));
        }
        for (String name : names) {
            storage.commit(List.of(lines(name, "1\n")), false);
        }
        Set<List<String>> seen = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            NameRange range = random.nextBoolean()
                    ? NameRange.prefix(text(random, points, random.nextInt(3)))
                    : NameRange.between(
                            text(random, points, random.nextInt(3)), text(random, points, 1 + random.nextInt(3)));
            if (random.nextBoolean()) {
                range = range.after(text(random, points, random.nextInt(4)));
            }
            range = range.limit(1 + random.nextInt(50));
            List<String> expected =
                    names.stream().filter(range::contains).limit(range.limit()).toList();
            assertThat(storage.list(range))
                    .as("seed 7, %s", range)
                    .extracting(StoredDocument::name)
                    .isEqualTo(expected);
            seen.add(expected);
        }
        assertThat(seen).hasSizeGreaterThan(30);
    }

    private static String text(Random random, int[] points, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return text.toString();
    }
}
