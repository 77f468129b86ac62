package dev.scuttlebutt.store;

import dev.scuttlebutt.journal.Durability;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that writes to a store until it is killed. It says "ready", then for each acknowledged position
 * "DOCUMENT NUMBER": everything up to that number is safe.
 */
final class Emitter {
    static final Schema SCHEMA = Schema.builder()
            .prefix("events/", "events", Events::new)
            .prefix("model/", "model", Model::new)
            .build();
    static final int DOCUMENTS = 3;
    private static final int AHEAD = 200;

    private Emitter() {}

    /** Arguments: directory, level of durability. */
    public static void main(String[] arguments) throws IOException {
        StoreOptions options = StoreOptions.defaults()
                .durability(level(arguments[1]))
                .window(Duration.ofMillis(1))
                .compact(1, 4096);
        Store store = Store.open(SqliteStorage.open(Path.of(arguments[0])), SCHEMA, options);
        Writer out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < DOCUMENTS; i++) {
            Handle<Events> events = store.open("events/é" + i, Events.class).join();
            Handle<Model> model = store.open("model/" + i, Model.class).join();
            String name = Integer.toString(i);
            threads.add(new Thread(() -> emit(name, events, model, out)));
        }
        say(out, "ready");
        threads.forEach(Thread::start);
    }

    static Durability level(String name) {
        return switch (name) {
            case "none" -> Durability.none();
            case "interval" -> Durability.interval(Duration.ofMillis(20));
            default -> Durability.everyUpdate();
        };
    }

    private static void emit(String name, Handle<Events> events, Handle<Model> model, Writer out) {
        int number = events.replica().history().size();
        while (true) {
            events.replica().emit("n", number);
            model.replica().set("k" + number % 7, number);
            int done = number;
            var saved = events.saved().thenCombine(model.saved(), (a, b) -> done);
            saved.thenAccept(acknowledged -> say(out, name + " " + acknowledged));
            if (number % AHEAD == AHEAD - 1) {
                saved.join();
            }
            number++;
        }
    }

    private static void say(Writer out, String line) {
        try {
            synchronized (out) {
                out.write(line + "\n");
                out.flush();
            }
        } catch (IOException nobodyListens) {
            Runtime.getRuntime().halt(1);
        }
    }
}
