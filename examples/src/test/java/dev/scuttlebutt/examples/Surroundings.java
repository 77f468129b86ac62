package dev.scuttlebutt.examples;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.store.Store;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.types.RString;
import dev.scuttlebutt.types.Selection;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What the fragments of Java in the documents take for granted: replicas and a store that are there, and what a reader's own
 * program would do. Nothing of it is run.
 */
abstract class Surroundings {
    Model office;
    Model home;
    Store store;
    RString text;
    Selection selection;
    ScheduledExecutorService scheduler;
    String host;
    int port;
    int caret;

    record Note(String text) {}

    record Item(String name) {}

    void redraw(Json value) {}

    void show(int at, String removed, String inserted) {}

    void fade(String id) {}

    void open(String name, Replica document) {}

    boolean isLate(JsonObject row) {
        return false;
    }
}
