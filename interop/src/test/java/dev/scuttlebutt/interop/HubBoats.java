package dev.scuttlebutt.interop;

import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.testkit.Gen;
import dev.scuttlebutt.testkit.Workload;
import dev.scuttlebutt.testkit.Workloads;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.types.Scuttleboat;
import dev.scuttlebutt.types.Value;

/** Boats with types that a hub knows, as it has them, and one that it must pass on unseen. */
final class HubBoats implements Workload<Scuttleboat> {
    private final Workload<Scuttleboat> steps = Workloads.scuttleboat();

    @Override
    public Scuttleboat create(ReplicaOptions options) {
        return new Scuttleboat(options)
                .register("Model", (inner, settings) -> new Model(inner))
                .register("Value", (inner, settings) -> new Value(inner))
                .register("List", (inner, settings) -> Workloads.appendOnly().create(inner));
    }

    @Override
    public String step(Gen random, Scuttleboat boat) {
        return steps.step(random, boat);
    }
}
