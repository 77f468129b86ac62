package dev.scuttlebutt.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.journal.Durability;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.store.Storage.Write;
import dev.scuttlebutt.testkit.Gen;
import dev.scuttlebutt.testkit.HostileLines;
import dev.scuttlebutt.testkit.Workload;
import dev.scuttlebutt.testkit.Workloads;
import dev.scuttlebutt.wire.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever stands in a store, opening it fails with what the matter is, or gives documents that stay as they are. */
class HostileStoreTest {
    private static final int SEEDS = 60;
    private static final int FILE_SEEDS = 25;
    private static final int SEEDS_OF_A_LONG_RUN = 5000;
    private static final int FILE_SEEDS_OF_A_LONG_RUN = 1500;
    private static final Limits LIMITS = Limits.defaults().maxLineBytes(3000).maxDepth(40);

    private static final Map<String, Workload<?>> TYPES = Map.of(
            "model", Workloads.model(),
            "object", Workloads.gossipObject(),
            "bucket", Workloads.scuttlebucket(),
            "doc", Workloads.doc(),
            "text", Workloads.string());

    private static final Schema SCHEMA = schema();

    private static final StoreOptions OPTIONS = StoreOptions.defaults()
            .durability(Durability.none())
            .limits(LIMITS)
            .maxBadRows(20)
            .executor(Runnable::run);

    @TempDir
    Path folder;

    private static Schema schema() {
        Schema.Builder schema = Schema.builder();
        TYPES.forEach((type, workload) -> schema.prefix(type + "/", type, workload::create));
        return schema.build();
    }

    @Test
    void hostileRows_areSetAsideOrLoaded_andTheDocumentStaysAsItIs() throws IOException {
        for (int seed = 1; seed <= SEEDS; seed++) {
            checkRows(seed);
        }
    }

    @Tag("fuzz")
    @Test
    void hostileRows_forLonger() throws IOException {
        for (int seed = 1; seed <= Integer.getInteger("scuttlebutt.seeds", SEEDS_OF_A_LONG_RUN); seed++) {
            checkRows(seed);
        }
    }

    @Test
    void damagedFile_isRefusedOrRead() throws IOException {
        checkFiles(FILE_SEEDS);
    }

    @Tag("fuzz")
    @Test
    void damagedFile_forLonger() throws IOException {
        checkFiles(Integer.getInteger("scuttlebutt.seeds", FILE_SEEDS_OF_A_LONG_RUN));
    }

    private static void checkRows(long seed) throws IOException {
        Gen gen = Gen.seeded(seed);
        String type = gen.pick(List.copyOf(new TreeSet<>(TYPES.keySet())));
        String name = type + "/a";
        String what = "seed " + seed + ", " + type;
        MemoryStorage storage = new MemoryStorage();
        HostileLines lines =
                new HostileLines(gen, recorded(TYPES.get(type), gen), LIMITS.maxLineBytes(), LIMITS.maxDepth());
        for (int rows = gen.between(1, 3); rows > 0; rows--) {
            List<byte[]> blocks = List.of(lines.lines(25));
            storage.commit(List.of(new Write(name, type, false, Clock.EMPTY, blocks, List.of())), false);
        }
        long before = storage.find(name).bytes();

        Left first = open(storage, name, gen, true);
        if (first == null) {
            assertThat(storage.find(name).bytes()).as(what).isEqualTo(before);
        } else if (first.readable().size() == first.history().size()) {
            assertThat(open(storage, name, gen, false)).as(what).isEqualTo(first);
        } else {
            // What was written here is longer than what this store reads: it is set aside, and nothing else.
            assertThat(Objects.requireNonNull(open(storage, name, gen, false)).history())
                    .as(what)
                    .containsAll(first.readable())
                    .allMatch(Left::isReadable);
        }
    }

    private record Left(Json state, List<Update> history) {
        List<Update> readable() {
            return history.stream().filter(Left::isReadable).toList();
        }

        static boolean isReadable(Update update) {
            return update.toString().getBytes(StandardCharsets.UTF_8).length <= LIMITS.maxLineBytes();
        }
    }

    /** Returns what is in it, or null when it cannot be opened. */
    private static @Nullable Left open(Storage storage, String name, Gen gen, boolean change) throws IOException {
        try (Store store = Store.open(storage, SCHEMA, OPTIONS)) {
            Handle<Replica> handle;
            try {
                handle = store.open(name).join();
            } catch (CompletionException refused) {
                assertThat(refused).hasCauseInstanceOf(IOException.class);
                return null;
            }
            try (handle) {
                Replica replica = handle.replica();
                if (change) {
                    step(TYPES.get(name.substring(0, name.indexOf('/'))), gen, replica);
                }
                handle.saved().join();
                return new Left(replica.toJson(), replica.history());
            }
        }
    }

    @SuppressWarnings("unchecked") // The replica was made by this workload.
    private static <R extends Replica> void step(Workload<R> workload, Gen gen, Replica replica) {
        workload.step(gen, (R) replica);
    }

    private static <R extends Replica> List<byte[]> recorded(Workload<R> workload, Gen gen) {
        R replica = workload.create(ReplicaOptions.defaults().id("R"));
        for (int i = 0; i < 25; i++) {
            workload.step(gen, replica);
        }
        List<byte[]> lines = new ArrayList<>();
        lines.add(new byte[] {'{', '}'});
        replica.history().forEach(update -> {
            byte[] line = new byte[update.length()];
            update.bytes().get(line);
            lines.add(line);
        });
        return lines;
    }

    // The file

    private void checkFiles(int seeds) throws IOException {
        byte[] whole = file();
        for (int seed = 1; seed <= seeds; seed++) {
            Gen gen = Gen.seeded(seed);
            Path directory = Files.createDirectory(folder.resolve("damaged" + seed));
            Path file = directory.resolve(SqliteStorage.FILE);
            Files.write(file, damaged(whole, gen));
            try (SqliteStorage storage = SqliteStorage.open(directory);
                    Store store = Store.open(storage, SCHEMA, OPTIONS)) {
                for (Storage.StoredDocument document : store.list(NameRange.prefix(""))) {
                    readAnyway(store, document.name());
                }
            } catch (IOException refused) {
                assertThat(refused.getMessage()).as("seed " + seed).isNotBlank();
            } catch (RuntimeException | Error failure) {
                throw new AssertionError("seed " + seed + ": " + failure, failure);
            }
            try (var files = Files.list(directory)) {
                for (Path left : files.toList()) {
                    Files.delete(left);
                }
            }
        }
    }

    private static void readAnyway(Store store, String name) {
        try (Handle<Replica> handle = store.open(name).join()) {
            assertThat(handle.replica().toJson()).isNotNull();
        } catch (CompletionException refused) {
            assertThat(refused.getCause())
                    .as(name)
                    .isInstanceOfAny(IOException.class, IllegalArgumentException.class, IllegalStateException.class);
        }
    }

    private byte[] file() throws IOException {
        Gen gen = Gen.seeded(1);
        Path directory = folder.resolve("whole");
        try (SqliteStorage storage = SqliteStorage.open(directory);
                Store store = Store.open(storage, SCHEMA, OPTIONS)) {
            for (String type : new TreeSet<>(TYPES.keySet())) {
                try (Handle<Replica> handle = store.open(type + "/a").join()) {
                    for (int i = 0; i < 30; i++) {
                        step(TYPES.get(type), gen, handle.replica());
                    }
                    handle.saved().join();
                }
            }
        }
        return Files.readAllBytes(directory.resolve(SqliteStorage.FILE));
    }

    /** Some bytes anywhere, a page that is something else, or an end that is missing. */
    private static byte[] damaged(byte[] whole, Gen gen) {
        byte[] damaged = whole.clone();
        int page = 4096;
        switch (gen.below(4)) {
            case 0 -> {
                return Arrays.copyOf(damaged, gen.below(damaged.length));
            }
            case 1 -> {
                int from = gen.below(damaged.length / page) * page;
                int other = gen.below(damaged.length / page) * page;
                System.arraycopy(whole, other, damaged, from, page);
            }
            case 2 -> {
                int from = gen.below(damaged.length / page) * page;
                for (int i = from; i < from + page; i++) {
                    damaged[i] = gen.percent(50) ? 0 : (byte) gen.below(256);
                }
            }
            default -> {
                for (int hits = gen.between(1, 30); hits > 0; hits--) {
                    damaged[gen.below(damaged.length)] = (byte) gen.below(256);
                }
            }
        }
        return damaged;
    }
}
