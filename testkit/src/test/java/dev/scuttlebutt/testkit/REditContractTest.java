package dev.scuttlebutt.testkit;

import dev.scuttlebutt.types.REdit;

class REditContractTest extends ReplicaContract<REdit> {
    @Override
    protected Workload<REdit> workload() {
        return Workloads.edit();
    }
}
