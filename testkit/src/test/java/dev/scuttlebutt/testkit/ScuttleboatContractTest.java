package dev.scuttlebutt.testkit;

import dev.scuttlebutt.types.Scuttleboat;

class ScuttleboatContractTest extends ReplicaContract<Scuttleboat> {
    @Override
    protected Workload<Scuttleboat> workload() {
        return Workloads.scuttleboat();
    }
}
