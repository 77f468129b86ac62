package dev.scuttlebutt.examples;

import dev.scuttlebutt.store.Handle;
import dev.scuttlebutt.store.NameRange;
import dev.scuttlebutt.store.Schema;
import dev.scuttlebutt.store.SqliteStorage;
import dev.scuttlebutt.store.Store;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Many documents by name, in one file. Only those in use are in memory. */
public final class ManyDocuments {
    private ManyDocuments() {}

    /** Runs the example. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory("documents");
        Schema schema = Schema.builder()
                .prefix("note/", "model", Model::new)
                .prefix("log/", "events", Events::new)
                .build();
        try (Store store = Store.open(SqliteStorage.open(folder), schema)) {
            try (Handle<Model> note = store.open("note/garden", Model.class).join()) {
                note.replica().set("peas", "sown");
                note.saved().join(); // survives kill -9 from here on
            }
            try (Handle<Events> log = store.open("log/visits", Events.class).join()) {
                log.replica().emit("visit", "Ada");
            }
        }

        try (Store again = Store.open(SqliteStorage.open(folder), schema);
                Handle<Model> note = again.open("note/garden", Model.class).join()) {
            System.out.println("peas are " + note.replica().get("peas"));
            again.list(NameRange.all()).forEach(document -> System.out.println(document.name()));
        }
    }
}
