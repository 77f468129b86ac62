package dev.scuttlebutt.testkit;

import dev.scuttlebutt.types.Scuttlebucket;

class ScuttlebucketContractTest extends ReplicaContract<Scuttlebucket> {
    @Override
    protected Workload<Scuttlebucket> workload() {
        return Workloads.scuttlebucket();
    }
}
