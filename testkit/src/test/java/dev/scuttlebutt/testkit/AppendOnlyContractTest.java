package dev.scuttlebutt.testkit;

import dev.scuttlebutt.types.AppendOnly;

class AppendOnlyContractTest extends ReplicaContract<AppendOnly> {
    @Override
    protected Workload<AppendOnly> workload() {
        return Workloads.appendOnly();
    }
}
