package dev.scuttlebutt.cli;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.store.Handle;
import dev.scuttlebutt.store.Store;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.types.RArray;
import dev.scuttlebutt.types.REdit;
import dev.scuttlebutt.types.RString;
import dev.scuttlebutt.types.crdt.Doc;
import dev.scuttlebutt.types.crdt.RowSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What there is to see in the demo. */
final class DemoDocuments implements AutoCloseable {
    private final List<Handle<?>> handles = new ArrayList<>();

    private DemoDocuments() {}

    static DemoDocuments fill(Store store) {
        DemoDocuments documents = new DemoDocuments();
        documents.invitation(
                documents.keep(store.open("string/invitation", RString.class).join()));
        documents.recipe(documents.keep(store.open("edit/recipe", REdit.class).join()));
        documents.songs(documents.keep(store.open("array/songs", RArray.class).join()));
        documents.tasks(documents.keep(store.open("doc/tasks", Doc.class).join()));
        documents.picnic(documents.keep(store.open("model/picnic", Model.class).join()));
        documents.feed(documents.keep(store.open("events/talk", Events.class).join()));
        return documents;
    }

    private <R extends Replica> R keep(Handle<R> handle) {
        handles.add(handle);
        return handle.replica();
    }

    private void invitation(RString text) {
        text.text("""
                Dear all,

                we meet on Sunday at ten, by the boathouse, and row over to the island.

                There is room for seven in the boat and for everybody on the grass. Write down here what \
                you bring; who is at it at the same time is no trouble.

                """);
    }

    private void recipe(REdit lines) {
        lines.text("""
                Plum cake
                300 g flour, 150 g butter, 100 g sugar, two eggs
                a kilogramme of plums, halved
                three quarters of an hour at 180 °C
                """);
    }

    private void songs(RArray songs) {
        songs.push("The water is wide");
        songs.push("Row, row, row your boat");
        songs.push("Shenandoah");
    }

    private void tasks(Doc doc) {
        RowSequence tasks = doc.createSequence("list", "tasks");
        tasks.push(Map.of("text", "Find the big blanket", "done", true));
        tasks.push(Map.of("text", "Bake the bread", "done", false));
        tasks.push(Map.of("text", "Ask Cleo about the boat", "done", false));
        tasks.push(Map.of("text", "Look at the sky", "done", false));
    }

    private void picnic(Model picnic) {
        picnic.set("day", "Sunday");
        picnic.set("place", "by the lake");
        picnic.set("guests", 7);
        picnic.set("food", List.of("bread", "cheese", "plums"));
    }

    private void feed(Events feed) {
        feed.emit("say", Map.of("name", "Ada", "text", "Who brings plates?"));
        feed.emit("say", Map.of("name", "Bela", "text", "I do. And the good knife."));
    }

    Stream<String> names() {
        return handles.stream().map(Handle::name);
    }

    /** Lets go of them. */
    @Override
    public void close() {
        handles.forEach(Handle::close);
    }
}
