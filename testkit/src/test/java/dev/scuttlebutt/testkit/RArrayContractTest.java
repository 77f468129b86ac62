package dev.scuttlebutt.testkit;

import dev.scuttlebutt.types.RArray;

class RArrayContractTest extends ReplicaContract<RArray> {
    @Override
    protected Workload<RArray> workload() {
        return Workloads.array();
    }
}
