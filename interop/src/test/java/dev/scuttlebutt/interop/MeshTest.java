package dev.scuttlebutt.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.testkit.Workloads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents of all types on a hub, with all that can happen to them, and at the end everybody has everything. */
final class MeshTest {
    private static final Duration SHORT = Duration.ofSeconds(5);

    @Test
    void everyType_throughCutsKillsAndGarbage_converges(@TempDir Path folder) throws Exception {
        run(folder, 1, SHORT, 1);
    }

    /** For half an hour, or as many minutes as {@code scuttlebutt.minutes} says. */
    @Tag("soak")
    @Test
    void twentyDocuments_forHalfAnHour_converge(@TempDir Path folder) throws Exception {
        run(folder, 2, Duration.ofMinutes(Long.getLong("scuttlebutt.minutes", 30)), 2);
    }

    private static void run(Path folder, long seed, Duration time, int ofEachType) throws Exception {
        Path data = Files.createDirectory(folder.resolve("data"));
        try (Mesh mesh = new Mesh(data, seed)) {
            for (int i = 0; i < ofEachType; i++) {
                mesh.document("model/" + i, Workloads.model());
                mesh.document("events/" + i, Workloads.events());
                mesh.document("value/" + i, Workloads.value(1));
                mesh.document("append-only/" + i, Workloads.appendOnly());
                mesh.document("expiry-model/" + i, Workloads.expiryModel());
                mesh.document("object/" + i, Workloads.gossipObject());
                mesh.document("doc/" + i, Workloads.doc());
                mesh.document("bucket/" + i, Workloads.scuttlebucket());
                mesh.document("boat/" + i, new HubBoats());
                mesh.document("model/mixed" + i, new JavaKeys());
                mesh.originals("model/mixed" + i, 2);
            }
            mesh.run(time);
            System.out.println(mesh);
            mesh.heal();
            assertThat(mesh.toString()).doesNotContain(": 0 changes");
        }
    }
}
