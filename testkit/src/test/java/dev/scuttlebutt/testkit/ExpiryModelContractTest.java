package dev.scuttlebutt.testkit;

import dev.scuttlebutt.types.ExpiryModel;

class ExpiryModelContractTest extends ReplicaContract<ExpiryModel> {
    @Override
    protected Workload<ExpiryModel> workload() {
        return Workloads.expiryModel();
    }
}
