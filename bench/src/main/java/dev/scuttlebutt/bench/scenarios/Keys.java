package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.types.Model;
import java.util.stream.IntStream;

/** Keys of models. */
final class Keys {
    private Keys() {}

    static String[] of(int count) {
        return IntStream.range(0, count).mapToObj(i -> "key" + i).toArray(String[]::new);
    }

    static Model filled(String id, int count) {
        Model model = new Model(id);
        for (int i = 0; i < count; i++) {
            model.set("key" + i, i);
        }
        return model;
    }
}
