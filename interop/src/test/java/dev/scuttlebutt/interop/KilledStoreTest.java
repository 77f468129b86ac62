package dev.scuttlebutt.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.journal.Durability;
import dev.scuttlebutt.store.Handle;
import dev.scuttlebutt.store.Schema;
import dev.scuttlebutt.store.SqliteStorage;
import dev.scuttlebutt.store.Store;
import dev.scuttlebutt.store.StoreOptions;
import dev.scuttlebutt.types.Model;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process with a store is killed, starts again and is in step with the original. */
@Timeout(120)
final class KilledStoreTest {
    private static final Schema SCHEMA =
            Schema.builder().prefix("", "model", Model::new).build();

    @TempDir
    Path folder;

    /** A process that writes until it is killed, and says which number is on the disk. */
    static final class Writer {
        private Writer() {}

        /** Argument: the directory. */
        public static void main(String[] arguments) throws Exception {
            StoreOptions options = StoreOptions.defaults().durability(Durability.everyUpdate());
            Store store = Store.open(SqliteStorage.open(Path.of(arguments[0])), SCHEMA, options);
            Handle<Model> handle = store.open("m", Model.class).join();
            for (int i = 0; ; i++) {
                handle.replica().set("n", i);
                handle.saved().join();
                System.out.println(i);
            }
        }
    }

    @Test
    void killedStore_startsAgainAndSyncsWithTheOriginal() throws Exception {
        Path data = folder.resolve("data");
        try (NodePeer node = NodePeer.start("scuttlebutt", "model", "node")) {
            node.set("fromNode", 1);
            int last = writeUntilKilled(data);
            try (Store store = Store.open(SqliteStorage.open(data), SCHEMA);
                    Handle<Model> handle = store.open("m", Model.class).join()) {
                Model java = handle.replica();
                assertThat(java.get("n", Integer.class)).isGreaterThanOrEqualTo(last);
                try (AutoCloseable link = Meeting.NODE_LISTENS.link(java, node)) {
                    Meeting.awaitEqual(java, node);
                    java.set("again", true);
                    Meeting.awaitEqual(java, node);

                    assertThat(node.json()).isEqualTo(java.toJson());
                    assertThat(java.get("fromNode")).hasToString("1");
                }
                assertThat(store.badRows()).isEmpty();
            }
        }
    }

    /** Returns the last number that was acknowledged. */
    private int writeUntilKilled(Path data) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        data.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int killAfter = 20 + new Random().nextInt(100);
        int last = -1;
        try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
            String line;
            while ((line = said.readLine()) != null) {
                // The last line may be cut off, and is a smaller number then.
                last = Math.max(last, Integer.parseInt(line));
                if (last >= killAfter) {
                    process.toHandle().destroyForcibly();
                }
            }
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(last).isGreaterThanOrEqualTo(killAfter);
        return last;
    }
}
