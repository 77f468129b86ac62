package dev.scuttlebutt.interop;

import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.testkit.Gen;
import dev.scuttlebutt.testkit.Workload;
import dev.scuttlebutt.types.Model;

/** Writes keys of a model that no original writes, with values on which both agree. */
final class JavaKeys implements Workload<Model> {
    @Override
    public Model create(ReplicaOptions options) {
        return new Model(options);
    }

    @Override
    public String step(Gen random, Model model) {
        String key = "java" + random.below(100);
        model.set(key, RandomOperationsTest.VALUES[random.below(RandomOperationsTest.VALUES.length)]);
        return "set " + key;
    }
}
