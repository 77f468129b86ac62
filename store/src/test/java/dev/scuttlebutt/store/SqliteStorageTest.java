package dev.scuttlebutt.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.store.Storage.Block;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is special about a file. */
final class SqliteStorageTest extends StorageContract {
    @TempDir
    Path folder;

    private Path directory() {
        return folder.resolve("data? é");
    }

    @Override
    Storage open() throws IOException {
        return SqliteStorage.open(directory());
    }

    @Override
    void reopen() throws IOException {
        storage.close();
        storage = open();
    }

    private void sql(String command) throws SQLException {
        Path file = directory().resolve(SqliteStorage.FILE);
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:sqlite:file:" + file.toUri().getRawPath());
                Statement statement = connection.createStatement()) {
            statement.execute(command);
        }
    }

    private List<Block> blocks(String name) throws IOException {
        List<Block> blocks = new ArrayList<>();
        storage.read(name, blocks::add);
        return blocks;
    }

    private boolean filesHave(String text) throws IOException {
        try (Stream<Path> files = Files.list(directory())) {
            for (Path file : files.toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void theFile_isWhereItWasAskedFor() {
        assertThat(directory().resolve(SqliteStorage.FILE)).exists();
    }

    @Test
    void open_twice_isRefused() {
        assertThatThrownBy(this::open)
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("is open in another store");
    }

    @Test
    void compact_leavesNoByteOfWhatWasDeleted() throws IOException {
        String secret = "SECRET-4711-";
        storage.commit(List.of(lines("kept", "kept lines\n")), true);
        for (int i = 0; i < 50; i++) {
            storage.commit(List.of(lines("a", (secret + i).repeat(1000) + "\n")), i % 10 == 0);
        }
        storage.commit(List.of(write("b", false, Clock.EMPTY, secret)), true);
        storage.commit(List.of(write("b", true, Clock.EMPTY, "nothing\n")), true);
        assertThat(filesHave(secret)).isTrue();
        storage.delete("a", 1);
        storage.compact();

        assertThat(filesHave(secret)).isFalse();
        assertThat(filesHave("kept lines")).isTrue();
        assertThat(Files.size(directory().resolve(SqliteStorage.FILE))).isLessThan(100_000);
        assertThat(storage.find("a")).isNotNull();
    }

    @Test
    void fullDisk_keepsWhatIsThere_andGoesOnWhenThereIsRoom() throws IOException {
        SqliteStorage sqlite = (SqliteStorage) storage;
        sqlite.commit(List.of(lines("a", "1\n")), true);
        sqlite.pragma("max_page_count = 40");
        String large = "x".repeat(500_000);

        assertThatThrownBy(() -> sqlite.commit(List.of(lines("b", "2\n"), lines("a", large)), true))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("full")
                .hasMessageContaining(SqliteStorage.FILE);
        assertThat(blocks("a")).hasSize(1);
        assertThat(blocks("b")).isEmpty();
        sqlite.commit(List.of(lines("a", "small\n")), true);

        sqlite.pragma("max_page_count = 100000");
        sqlite.commit(List.of(lines("b", "2\n"), lines("a", large)), true);
        reopen();
        assertThat(blocks("a")).hasSize(3);
        assertThat(blocks("b")).hasSize(1);
    }

    @Test
    void damagedRow_isReported() throws IOException, SQLException {
        storage.commit(List.of(lines("a", "one\n")), true);
        storage.commit(List.of(lines("a", "two\n")), true);
        storage.close();
        sql("UPDATE block SET lines = CAST('twa\n' AS BLOB) WHERE id = 2");
        storage = open();

        assertThat(blocks("a").get(0).damage()).isNull();
        assertThat(blocks("a").get(1).damage()).contains("checksum");
    }

    @Test
    void anotherDatabase_isLeftAlone() throws IOException, SQLException {
        storage.close();
        Files.delete(directory().resolve(SqliteStorage.FILE));
        sql("CREATE TABLE mine (x)");
        byte[] before = Files.readAllBytes(directory().resolve(SqliteStorage.FILE));

        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("something else");
        assertThat(directory().resolve("lock")).as("the lock is free again").exists();
        Files.delete(directory().resolve(SqliteStorage.FILE));
        storage = open();
        assertThat(before).isNotEmpty();
    }

    @Test
    void newerTables_areLeftAlone() throws IOException, SQLException {
        storage.close();
        sql("PRAGMA user_version = 99");
        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("version 99");
        sql("PRAGMA user_version = 1");
        storage = open();
    }

    @Test
    void readers_seeOneMoment_whileBlocksAreReplaced() throws IOException {
        storage.commit(List.of(lines("a", "1\n")), false);
        storage.commit(List.of(lines("a", "2\n")), false);
        List<String> seen = new ArrayList<>();
        storage.read("a", block -> {
            if (seen.isEmpty()) {
                storage.commit(List.of(write("a", true, Clock.EMPTY, "3\n")), true);
            }
            seen.add(new String(block.lines(), StandardCharsets.UTF_8));
        });
        assertThat(seen).containsExactly("1\n", "2\n");
        assertThat(blocks("a")).hasSize(1);
    }

    @Test
    void readOnly_looksWhileAStoreWrites_andChangesNothing() throws IOException {
        storage.commit(List.of(lines("a", "1\n")), false);
        try (Storage look = SqliteStorage.openReadOnly(directory())) {
            assertThat(look.find("a")).isNotNull();
            storage.commit(List.of(lines("b", "1\n")), false);
            assertThat(look.list(NameRange.all())).hasSize(2);
            assertThatThrownBy(() -> look.commit(List.of(lines("c", "1\n")), false))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("reading only");
        }
        assertThatThrownBy(() -> SqliteStorage.openReadOnly(folder)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void notADatabase_saysSo() throws IOException {
        storage.close();
        Files.writeString(
                directory().resolve(SqliteStorage.FILE), "not a database at all, but long enough ".repeat(200));
        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining(SqliteStorage.FILE);
        Files.delete(directory().resolve(SqliteStorage.FILE));
        storage = open();
    }
}
