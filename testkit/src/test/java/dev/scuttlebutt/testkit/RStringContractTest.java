package dev.scuttlebutt.testkit;

import dev.scuttlebutt.types.RString;

class RStringContractTest extends ReplicaContract<RString> {
    @Override
    protected Workload<RString> workload() {
        return Workloads.string();
    }
}
