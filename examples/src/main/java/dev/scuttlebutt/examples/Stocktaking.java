package dev.scuttlebutt.examples;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.store.Handle;
import dev.scuttlebutt.store.MemoryStorage;
import dev.scuttlebutt.store.Schema;
import dev.scuttlebutt.store.Store;
import dev.scuttlebutt.store.View;
import dev.scuttlebutt.store.ViewDefinition;
import dev.scuttlebutt.types.Model;
import java.io.IOException;

/** A sum over all documents, by group, that follows them: map and reduce. */
public final class Stocktaking {
    private static final Schema SCHEMA =
            Schema.builder().prefix("cellar/", "model", Model::new).build();

    private static final ViewDefinition STOCK = ViewDefinition.of(
            "stock",
            1,
            (cellar, wines, emit) -> wines.asObject().forEach((wine, bottles) -> emit.emit(bottles, wine, cellar)),
            Json.of(0),
            (sum, bottles) -> Json.of(sum.asDouble() + bottles.asDouble()));

    private Stocktaking() {}

    /** Runs the example. */
    public static void main(String[] arguments) throws IOException {
        try (Store store = Store.open(new MemoryStorage(), SCHEMA)) {
            put(store, "cellar/home", "Merlot", 6);
            put(store, "cellar/home", "Rioja", 2);
            put(store, "cellar/office", "Merlot", 3);
            try (View stock = View.open(store, STOCK)) {
                stock.current().join();
                System.out.println("bottles in all: " + stock.get());
                stock.within().forEach((wine, bottles) -> System.out.println(wine + ": " + bottles));

                put(store, "cellar/office", "Merlot", 1);
                stock.current().join();
                System.out.println("Merlot by cellar: " + stock.within("Merlot"));
            }
        }
    }

    private static void put(Store store, String name, String wine, int bottles) {
        try (Handle<Model> cellar = store.open(name, Model.class).join()) {
            cellar.replica().set(wine, bottles);
        }
    }
}
